"""``python -m megadesk``."""

from __future__ import annotations

import sys

from megadesk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
