from __future__ import annotations

from funnelkpi.config.bundled import root
from funnelkpi.config.docs import config_page, expanded


def test_the_page_is_the_one_generated():
    """Mend with: python -m funnelkpi.config.docs docs/config.md"""
    assert (root() / "docs" / "config.md").read_text(encoding="utf-8") == config_page()


def test_a_row_of_the_page():
    row = next(line for line in config_page().splitlines() if line.startswith("| `max_gap`"))
    assert "number ≥ 0, ≤ 1 | `0.1` |" in row
    assert "largest distance of bounds" in row


def test_examples_take_the_place_of_the_empty_list():
    assert expanded("norms: []\n#|   - metric: won\n\nb: []") == "norms:\n  - metric: won\n\nb: []"
