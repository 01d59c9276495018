"""MegaDesk: a desktop file locker whose keys stay on the machine and whose storage is the user's choice."""

__version__ = "0.1.0"
