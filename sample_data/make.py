"""Writes the sample exports, stories.json and STORIES.md, the same bytes always (make samples)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from sample_data.world import simulate  # noqa: E402

from sample_data import (  # noqa: E402
    amocrm_sample,
    bitrix24_sample,
    calls_facts,
    calls_sample,
    calls_tale,
    calls_world,
    facts,
    history_sample,
    tale,
)


def make(folder: Path) -> list[Path]:
    """Everything that is generated, into ``folder``; the paths written."""
    world = simulate()
    for name in ("amocrm", "bitrix24", history_sample.FOLDER, calls_sample.FOLDER):
        (folder / name).mkdir(parents=True, exist_ok=True)
    amocrm_sample.write(world, folder / "amocrm")
    bitrix24_sample.write(world, folder / "bitrix24")
    history_sample.write(world, folder / history_sample.FOLDER)
    spoken = calls_world.simulate()
    calls_sample.write(spoken, folder / calls_sample.FOLDER)
    found = facts.facts(world) | {"calls": calls_facts.facts(spoken)}
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    (folder / "stories.json").write_bytes(text.encode("utf-8"))
    page = tale.tell(found) + calls_tale.tell(found["calls"])
    (folder / "STORIES.md").write_bytes(page.encode("utf-8"))
    names = (
        f"amocrm/{amocrm_sample.FILE}", f"bitrix24/{bitrix24_sample.DEALS_FILE}",
        f"bitrix24/{bitrix24_sample.LEADS_FILE}", f"bitrix24/{bitrix24_sample.CALLS_FILE}",
        *(f"{history_sample.FOLDER}/{name}" for name in history_sample.FILES),
        *(f"{calls_sample.FOLDER}/{name}" for name in calls_sample.FILES),
        "stories.json", "STORIES.md",
    )  # fmt: skip
    return [folder / name for name in names]


if __name__ == "__main__":
    for path in make(HERE):
        print(f"{path.relative_to(HERE)}: {path.stat().st_size:,} bytes")
