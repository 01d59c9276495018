"""The encrypted index of one locker on this machine (SQLite): merged tree, heads, devices, journal.

All of it can be rebuilt from the store but the heads, which are what this machine knows of the locker's history, and
unfinished work. The heads are written in the transaction that applies their entries.
"""

from megadesk.state.index.index import Index, Session
from megadesk.state.index.records import CondemnedRow, DeviceRow, EpochRow, HeadRow, Records

__all__ = ["CondemnedRow", "DeviceRow", "EpochRow", "HeadRow", "Index", "Records", "Session"]
