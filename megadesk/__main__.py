"""``python -m megadesk``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if sys.argv[1:] == ["--draw-pdf"]:  # the built program as the process that parses PDFs: megadesk.pictures.pdf
        from megadesk.pictures.child import main
    else:
        from megadesk.cli.main import main
    sys.exit(main())
