"""What lives as long as the window and is shared by its pages."""

from __future__ import annotations

from dataclasses import dataclass

from megadesk.state.paths import Paths
from megadesk.ui.preferences import Preferences
from megadesk.ui.private_files import PrivateFiles


@dataclass(frozen=True)
class Services:
    paths: Paths
    preferences: Preferences
    private_files: PrivateFiles
    """Copies in clear for other programs; wiped at lock and exit."""
