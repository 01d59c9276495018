"""``python3 dev.py bench``: see compare.py."""

from tests.bench.compare import main

main()
