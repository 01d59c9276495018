"""``megadesk serve`` and the pages of links: ASGI applications over any store. Knows no keys and no formats.

The only importer of starlette, uvicorn and httptools. Request handlers run in one event loop; everything that may wait
for a disk or a network runs in the threads of `work.Workers`.
"""
