"""``python3 dev.py bench``: see compare.py; ``python3 dev.py bench sync``: see sync.py."""

import sys

if sys.argv[1:2] == ["sync"]:
    from tests.bench.sync import main as sync_main

    sync_main(sys.argv[2:])
else:
    from tests.bench.compare import main

    main()
