"""``dev.py bench``: see compare.py; ``bench sync``, ``stores``, ``window``, ``serve``, ``page``: see those files."""

import sys

if sys.argv[1:2] == ["sync"]:
    from tests.bench.sync import main as sync_main

    sync_main(sys.argv[2:])
elif sys.argv[1:2] == ["stores"]:
    from tests.bench.stores import main as stores_main

    stores_main(sys.argv[2:])
elif sys.argv[1:2] == ["window"]:
    from tests.bench.window import main as window_main

    window_main(sys.argv[2:])
elif sys.argv[1:2] == ["serve"]:
    from tests.bench.serve import main as serve_main

    serve_main(sys.argv[2:])
elif sys.argv[1:2] == ["page"]:
    from tests.bench.page import main as page_main

    page_main(sys.argv[2:])
else:
    from tests.bench.compare import main

    main()
