"""``python -m funnelkpi``."""

from funnelkpi.cli.app import main

if __name__ == "__main__":
    main()
