"""What windows in tests are made with."""

from __future__ import annotations

import os
from pathlib import Path

from megadesk.state.paths import Paths
from megadesk.state.settings import SettingsFile
from megadesk.ui.bridge import Bridge
from megadesk.ui.preferences import Preferences
from megadesk.ui.private_files import PrivateFiles
from megadesk.ui.services import Services


def services(bridge: Bridge, home: str | None = None) -> Services:
    """As `run_app` makes them, in ``home`` or MEGADESK_HOME; never in the home of who runs the tests."""
    paths = Paths(home or os.environ.get("MEGADESK_HOME") or "/nonexistent")
    file = SettingsFile(paths.settings_file)
    preferences = Preferences(file, file.load(), bridge.runner.scope())
    memory = Path(paths.cache_dir) / "memory"
    return Services(paths, preferences, PrivateFiles(Path(paths.cache_dir), memory=memory))
