"""What a MegaDesk server answers, as values and as this program's errors."""

from __future__ import annotations

from typing import Final, NoReturn, TypeVar

import msgspec

from megadesk.errors import (
    ObjectExistsError,
    ObjectNotFoundError,
    StoreAccessError,
    StoreBusyError,
    StoreError,
    StoreFault,
    StoreFullError,
    StoreProtocolError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from megadesk.stores.http import Answer
from megadesk.stores.http_errors import error_for, retry_after_s

_T = TypeVar("_T")

ERROR_HEADER: Final = "megadesk-error"
_MAX_JSON_BYTES: Final = 4 << 20


def decoded(answer: Answer, kind: type[_T]) -> _T:
    """The body as a value. Raises StoreProtocolError for anything else."""
    content = bytearray()
    for chunk in answer.chunks():
        content += chunk
        if len(content) > _MAX_JSON_BYTES:
            raise StoreProtocolError("The storage gave an answer that is too long.")
    try:
        return msgspec.json.decode(bytes(content), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise no_server() from None


def no_server() -> StoreProtocolError:
    """For what answers, but not as a MegaDesk server does."""
    return StoreProtocolError(
        "What answers at the storage's address is not a MegaDesk server.",
        remedy="Check the address and its port.",
        fault=StoreFault.SPEAKS_OTHERWISE,
    )


def fail(answer: Answer, name: str, *, writing: bool = False) -> NoReturn:
    """Raise the error that an answer stands for."""
    raise _error(answer, name, writing)


def _error(answer: Answer, name: str, writing: bool) -> StoreError:
    code = answer.headers.get(ERROR_HEADER, "")
    match code:
        case "not-found":
            return ObjectNotFoundError(f"The object {name} is not in the storage.", object_name=name)
        case "exists":
            return ObjectExistsError(f"The object {name} is in the storage already.", object_name=name)
        case "token":
            return StoreAccessError(
                "The MegaDesk server does not know this token.",
                remedy="Enter it anew; “megadesk serve token add” makes one there.",
                fault=StoreFault.CREDENTIALS,
            )
        case "scope" | "prefix" | "reserved":
            kind = StoreReadOnlyError if writing else StoreAccessError
            return kind(
                "The token for the storage does not allow that.",
                object_name=name,
                remedy="A locker needs a token with the scopes read and write, for this folder of the server.",
            )
        case "read-only":
            return StoreReadOnlyError("The storage behind the server cannot be written.", object_name=name)
        case "full":
            return StoreFullError(
                "The storage has no room left.", object_name=name, remedy="Free room or raise the quota."
            )
        case "busy":
            return StoreBusyError("The server is busy.", object_name=name, retry_after_s=retry_after_s(answer.headers))
        case "unavailable":
            return StoreUnavailableError("The storage behind the server cannot be reached.", object_name=name)
        case "too-large":
            return StoreError(f"The server refuses something as large as the object {name}.", object_name=name)
        case "":
            if answer.status in (404, 405, 410, 412):
                return StoreUnavailableError("What answers for the storage is not its server.", object_name=name)
            return error_for(answer.status, answer.headers, name=name, writing=writing)
    return StoreProtocolError(f"The server answered “{code[:32]!a}” (status {answer.status}).", object_name=name)
