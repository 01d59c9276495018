"""User, password or key of a storage whose address is known; of each part where it is several."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtWidgets import QLineEdit, QWidget

from megadesk.core.credentials import Given
from megadesk.errors import MegaDeskError
from megadesk.stores.open import AnyCredentials, parts_of
from megadesk.ui import theme as look
from megadesk.ui.presenters.errors import problem_of
from megadesk.ui.presenters.storage import FormError, Kind, credential_fields, credentials_of, kind_of, shown_place
from megadesk.ui.theme import Theme
from megadesk.ui.widgets.basics import Field, PassphraseEdit, column, label


@dataclass(frozen=True)
class Asked:
    """What was typed; ``credentials`` None: nothing, which may be right."""

    credentials: Given = field(default=None, repr=False)


class CredentialsForm(QWidget):
    """Empty for a folder: see ``needed``."""

    def __init__(self, theme: Theme, address: str, *, place: bool = True) -> None:
        """Not ``place``: what is around it says already which storage this is about."""
        super().__init__()
        self._parts: list[tuple[str, Kind, dict[str, QLineEdit], dict[str, Field]]] = []
        layout = column(self, spacing=look.M)
        parts = tuple(parts_of(address)) if address else ()
        for part in parts:
            kind = kind_of(part)
            specs = credential_fields(kind)
            if not specs:
                continue
            if place or len(parts) > 1:
                layout.addWidget(label(shown_place(part), "muted", wrap=True))
            edits: dict[str, QLineEdit] = {}
            fields: dict[str, Field] = {}
            for spec in specs:
                name = spec.name.replace("&", "")
                edit: QLineEdit = PassphraseEdit(theme, name) if spec.secret else QLineEdit()
                edit.setPlaceholderText(spec.example)
                edits[spec.key], fields[spec.key] = edit, Field(spec.name, edit)
                layout.addWidget(fields[spec.key])
            self._parts.append((part, kind, edits, fields))

    @property
    def needed(self) -> bool:
        return bool(self._parts)

    def given(self, *, show: bool = False) -> Asked | None:
        """None: something is missing or cannot be so, told at the field with ``show``."""
        found: dict[str, AnyCredentials] = {}
        for part, kind, edits, fields in self._parts:
            for each in fields.values():
                each.say("")
            try:
                credentials = credentials_of(kind, {key: edit.text() for key, edit in edits.items()})
            except MegaDeskError as error:
                if show:
                    key = error.key if isinstance(error, FormError) else next(iter(fields))
                    fields[key].say(problem_of(error).message, "danger")
                    edits[key].setFocus()
                return None
            if credentials is not None:
                found[part] = credentials
        return Asked(found or None)

    def forget(self) -> None:
        for _, _, edits, _ in self._parts:
            for edit in edits.values():
                if isinstance(edit, PassphraseEdit):
                    edit.forget()
                else:
                    edit.clear()
