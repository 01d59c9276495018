"""The desktop window. The only package that imports PySide6; start it with `megadesk.ui.app.run_app`.

``presenters``, ``runner``, ``ports`` and ``i18n`` know no Qt and are tested without it. The GUI thread never does I/O,
crypto or SQL: every call of the core goes through `runner.Runner` and comes back over `bridge.Bridge`.
"""
