"""What the command line accepts. Only the parser of the command in use is built; nothing else of ours is imported.

Options and paths may come in any order; after ``--`` everything is a path. ``--json``, ``--locker`` and
``--passphrase-file`` may stand before the command too.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, NoReturn

from megadesk.cli.commands import COMMANDS

CONFLICT_CHOICES = ("replace", "keep-both", "skip", "newer")

_LOCKER_PATH = "a path in the locker, such as /Documents/a.txt"


class UsageError(Exception):
    """The command line cannot be understood. Its text says why; the exit status is 2."""

    def __init__(self, message: str, help_command: str = "megadesk --help") -> None:
        super().__init__(message)
        self.help_command = help_command


class Parser(argparse.ArgumentParser):
    """An argparse parser that raises UsageError and takes options and positionals in any order."""

    def __init__(self, command: str, description: str) -> None:
        super().__init__(prog=f"megadesk {command}", description=description, allow_abbrev=False)
        self._with_value: set[str] = set()

    def add_argument(self, *args: Any, **kwargs: Any) -> argparse.Action:
        action = super().add_argument(*args, **kwargs)
        if action.option_strings and action.nargs is None:
            self._with_value.update(action.option_strings)
        return action

    def takes_value(self, *options: str) -> None:
        """Tell of options with a value that were added to a group of the parser."""
        self._with_value.update(options)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", f"{self.prog} --help")

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """Raises UsageError; SystemExit(0) after printing the help."""
        options: list[str] = []
        positionals: list[str] = []
        rest = iter(argv)
        for word in rest:
            if word == "--":
                positionals.extend(rest)
            elif word.startswith("-") and word != "-":
                options.append(word)
                if word in self._with_value:
                    value = next(rest, None)
                    if value is None:
                        self.error(f"the option {word} needs a value")
                    # In one word, so that a value may begin with a dash.
                    options[-1] = f"{word}={value}"
            else:
                positionals.append(word)
        return self.parse_args([*options, "--", *positionals] if positionals else options)


def _paths(parser: Parser, count: str | None, text: str = _LOCKER_PATH) -> None:
    parser.add_argument("paths", nargs=count, metavar="PATH", help=text)


def _on_conflict(parser: Parser, text: str) -> None:
    parser.add_argument("--on-conflict", choices=CONFLICT_CHOICES, metavar="WHAT", help=text)


def _init(parser: Parser) -> None:
    parser.add_argument("store", nargs="?", metavar="STORE", help="where the locker's objects are kept: a folder")
    parser.add_argument("--name", default="Locker", help="the locker's name on this computer (default: Locker)")
    parser.add_argument("--device-name", metavar="NAME", help="how this computer is called in the locker")


def _join(parser: Parser) -> None:
    parser.add_argument(
        "store", nargs="?", metavar="STORE", help="where the locker's objects are kept (default: where the code says)"
    )
    parser.add_argument("--code", metavar="CODE", help="what `megadesk devices pair` shows on the other computer")
    parser.add_argument("--name", help="the locker's name on this computer")
    parser.add_argument("--device-name", metavar="NAME", help="how this computer is called in the locker")


def _put(parser: Parser) -> None:
    _paths(parser, "+", "files and folders of this computer")
    parser.add_argument(
        "--to", default="/", metavar="/DIR", help="folder in the locker, made when missing (default: /)"
    )
    _on_conflict(
        parser,
        "what to do with a file whose name is taken: replace (the default; the old content stays as a version), "
        "keep-both, skip, newer (replace when the new one is newer)",
    )


def _get(parser: Parser) -> None:
    _paths(parser, "+")
    parser.add_argument("--to", default=".", metavar="DIR", help="folder here, made when missing (default: .)")
    _on_conflict(
        parser,
        "what to do with a different file here of the same name: replace, keep-both, skip, newer (replace when the "
        "locker's is newer). The default is to ask on a terminal, and keep-both elsewhere. A file here that equals an "
        "older version in the locker is simply replaced",
    )


def _ls(parser: Parser) -> None:
    _paths(parser, "*", f"{_LOCKER_PATH} (default: /)")
    parser.add_argument("-l", "--long", action="store_true", help="type and mode, size in bytes, time, name")
    parser.add_argument("-R", "--recursive", action="store_true", help="everything below, one path a line")


def _mkdir(parser: Parser) -> None:
    _paths(parser, "+")
    parser.add_argument("-p", "--parents", action="store_true", help="make parents too; no error if it exists")


def _mv(parser: Parser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help=_LOCKER_PATH)
    parser.add_argument("dest", metavar="DEST", help="an existing folder to move into, or the new path")


def _cp(parser: Parser) -> None:
    parser.add_argument("-r", "-R", "--recursive", action="store_true", help="accepted; folders are copied anyway")
    parser.add_argument("sources", nargs="+", metavar="SOURCE", help=_LOCKER_PATH)
    parser.add_argument("dest", metavar="DEST", help="an existing folder to copy into, or the new path")


def _rm(parser: Parser) -> None:
    _paths(parser, "+")
    parser.add_argument("-r", "-R", "--recursive", action="store_true", help="accepted; folders are removed anyway")
    parser.add_argument("-f", "--force", action="store_true", help="a path that does not exist is no error")
    parser.add_argument("--purge", action="store_true", help="for good, not into the trash")


def _restore(parser: Parser) -> None:
    parser.add_argument("items", nargs="+", metavar="ITEM", help="name, id, or former path, as `megadesk trash` shows")
    parser.add_argument("--to", metavar="/DIR", help="folder to restore into (default: where it was)")


def _trash(parser: Parser) -> None:
    parser.add_argument("action", nargs="?", default="ls", choices=("ls", "empty", "purge"), metavar="ls|empty|purge")
    parser.add_argument("items", nargs="*", metavar="ID", help="what to purge: id, name or former path")
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _versions(parser: Parser) -> None:
    _paths(parser, None)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--restore", metavar="ID", help="make this version the current one")
    what.add_argument("--get", metavar="ID", help="download this version")
    parser.takes_value("--restore", "--get")
    parser.add_argument("--to", default=".", metavar="DIR", help="with --get: folder here (default: .)")


def _find(parser: Parser) -> None:
    parser.add_argument("text", metavar="TEXT", help="part of a name, in any case")
    parser.add_argument("-l", "--long", action="store_true", help="type and mode, size in bytes, time, path")
    parser.add_argument("--limit", type=_positive, default=1000, metavar="N", help="at most N (default: 1000)")


def _check(parser: Parser) -> None:
    parser.add_argument("--read-data", action="store_true", help="read and verify every byte of every file too")
    parser.add_argument(
        "--repair", action="store_true", help="write what one of several stores (spread:) lacks, or has wrong"
    )


def _locker(parser: Parser) -> None:
    actions = ("ls", "copy", "switch", "forget")
    parser.add_argument("action", nargs="?", default="ls", choices=actions, metavar="|".join(actions))
    parser.add_argument(
        "where",
        nargs="*",
        metavar="WHERE",
        help="copy: [FROM] TO, where FROM is a locker's name or a storage address (default: the locker); "
        "switch: the storage to use from now on; forget: the locker's name",
    )
    parser.add_argument("--switch", action="store_true", help="after a copy: use the locker from there")
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _devices(parser: Parser) -> None:
    parser.add_argument("action", nargs="?", default="ls", choices=("ls", "pair", "revoke"), metavar="ls|pair|revoke")
    parser.add_argument("device", nargs="?", metavar="ID", help="id (or its beginning) or name")
    parser.add_argument(
        "--reencrypt", action="store_true", help="revoke: encrypt anew at once what the device could read"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")


_REENCRYPT_ACTIONS = ("run", "status", "later", "pause", "stop")


def _reencrypt(parser: Parser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        default="run",
        choices=_REENCRYPT_ACTIONS,
        metavar="|".join(_REENCRYPT_ACTIONS),
        help="run: now, until it is done; status: how much is left; later: in the background, by the window or `sync"
        " run`; pause: until the next run or later; stop: leave the rest as it is",
    )


def _passphrase(parser: Parser) -> None:
    parser.add_argument(
        "action", choices=("change", "reset"), metavar="change|reset", help="by the old passphrase; by the recovery key"
    )
    parser.add_argument(
        "--new-passphrase-file",
        metavar="FILE",
        help='its first line is the new passphrase ("-": stdin); else MEGADESK_NEW_PASSPHRASE or a prompt',
    )
    parser.takes_value("--new-passphrase-file")


_LINK_ACTIONS = ("make", "ls", "url", "revoke", "refresh", "settings", "serve", "verify-page")


def _link(parser: Parser) -> None:
    parser.add_argument("action", choices=_LINK_ACTIONS, metavar="|".join(_LINK_ACTIONS))
    parser.add_argument(
        "items", nargs="*", metavar="WHAT", help="make: /PATH; url, revoke: ID or /PATH; verify-page: URL"
    )
    make = parser.add_argument_group("make: prints the URL when the link was opened once")
    make.add_argument("--expires", metavar="WHEN", help="30m, 12h, 7d, 2w, 2031-12-31 or never (default: never)")
    make.add_argument(
        "--password",
        action="store_true",
        help="protect it with a password, from --password-file, MEGADESK_LINK_PASSWORD or a prompt",
    )
    make.add_argument("--password-file", metavar="FILE", help='its first line is the password ("-": stdin)')
    make.add_argument("--max-downloads", type=_positive, metavar="N", help="refuse it after so many")
    make.add_argument("--live", action="store_true", help="keep it up to date when the folder or file changes")
    make.add_argument("--note", default="", metavar="TEXT", help="shown to whoever opens it")
    make.add_argument(
        "--html",
        metavar="FILE",
        help="write everything into one HTML file instead; beyond 64 MiB its page asks for the file once more",
    )
    make.add_argument("--no-check", action="store_true", help="do not open it once before it is said to be made")
    listing = parser.add_argument_group("ls")
    listing.add_argument("--all", action="store_true", help="also those that were taken back")
    listing.add_argument("--urls", action="store_true", help="also the URLs, which are secret")
    revoke = parser.add_argument_group("revoke")
    revoke.add_argument(
        "--rekey",
        action="store_true",
        help="also encrypt anew what it showed, so that keys somebody has kept open nothing stored any more",
    )
    serve = parser.add_argument_group("serve, settings")
    serve.add_argument("--listen", metavar="ADDR", help="serve: HOST:PORT; 0.0.0.0:PORT for all of the network")
    serve.add_argument("--base-url", metavar="URL", help="make, settings: own domain, in front of # in links")
    serve.add_argument(
        "--public-url",
        metavar="URL",
        help="serve: how others reach this computer; settings: where anyone can read the locker's storage",
    )
    serve.add_argument("--tls-cert", metavar="FILE", help="serve: certificate (PEM), for https")
    serve.add_argument("--tls-key", metavar="FILE", help="serve: its key")
    parser.takes_value(
        *("--expires", "--password-file", "--max-downloads", "--note", "--html"),
        *("--listen", "--base-url", "--public-url", "--tls-cert", "--tls-key"),
    )


def _fetch(parser: Parser) -> None:
    parser.add_argument(
        "url", metavar="URL", help='the whole link with the part behind #, or an HTML file and #key ("-": stdin)'
    )
    parser.add_argument("--to", default=".", metavar="DIR", help="folder here, made when missing (default: .)")
    parser.add_argument("--password-file", metavar="FILE", help='its first line is the link\'s password ("-": stdin)')
    parser.add_argument("--list", action="store_true", help="show what is there instead of downloading it")
    parser.add_argument("--keep", metavar="/DIR", help="put it into this folder of your locker instead")
    parser.takes_value("--keep")
    _on_conflict(parser, "what to do with a different file here of the same name (default: keep-both)")


def _serve(parser: Parser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="STORE | token add [STORE] | token ls [STORE] | token rm ID [STORE]",
        help="the folder or s3://... to serve (default: a folder in your data directory), or what to do with tokens",
    )
    parser.add_argument(
        "--listen", default="127.0.0.1:8710", metavar="HOST:PORT", help="where (default: 127.0.0.1:8710)"
    )
    parser.add_argument("--public-url", metavar="URL", help="where browsers reach this server: what links begin with")
    parser.add_argument("--tls-cert", metavar="FILE", help="certificate (PEM) to speak https with")
    parser.add_argument("--tls-key", metavar="FILE", help="its key")
    parser.add_argument(
        "--proxies",
        default="127.0.0.1,::1",
        metavar="ADDRESSES",
        help="proxies whose word about a client's address counts, for the log (default: this computer)",
    )
    parser.add_argument(
        "--quota",
        type=_bytes,
        metavar="SIZE",
        help="most that may lie there, such as 500M or 2T; with token add: of it",
    )
    parser.add_argument(
        "--poll",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="how often to look for what other servers put, while anybody listens (default: 5; 0: never)",
    )
    token = parser.add_argument_group("token add")
    token.add_argument("--name", default="token", metavar="NAME", help="what the token is for, for people")
    token.add_argument(
        "--scopes",
        default="read,write",
        metavar="LIST",
        help="of read, write, create-only (nothing can be replaced or deleted with it); default: read,write",
    )
    token.add_argument("--prefix", default="", metavar="FOLDER", help="reach only what lies below this folder")
    parser.takes_value("--name", "--scopes", "--prefix")


def _bytes(text: str) -> int:
    units = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40, "P": 50}
    unit = text[-1:].upper() if text[-1:].isalpha() else ""
    number = text[: len(text) - len(unit)]
    if unit not in units or not (number.isascii() and number.isdigit()) or len(number) > 12:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 500M or 2T")
    return int(number) << units[unit]


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds


SYNC_ACTIONS = (
    "add", "ls", "rm", "run", "status", "problems", "resolve", "approve", "pause", "resume", "rules",
)  # fmt: skip


def _sync(parser: Parser) -> None:
    parser.add_argument("action", choices=SYNC_ACTIONS, metavar="ACTION", help=", ".join(SYNC_ACTIONS))
    parser.add_argument(
        "items",
        nargs="*",
        metavar="ITEM",
        help="add LOCAL /PATH; rm, approve, rules PAIR; run, problems, pause, resume [PAIR]; resolve ID CHOICE."
        " A pair is meant by its number or its local folder",
    )
    parser.add_argument(
        "--mode",
        choices=("two-way", "up", "down", "backup"),
        default="two-way",
        metavar="MODE",
        help="add: two-way (default); up and down: one side follows the other; backup: up, never deleting there",
    )
    parser.add_argument(
        "--ignore", action="append", metavar="RULE", help="add, rules: leave out, in gitignore syntax; may be repeated"
    )
    parser.add_argument(
        "--leave-out",
        action="append",
        metavar="FOLDER",
        help="add, rules: a folder below that is not synchronised here",
    )
    parser.add_argument("--once", action="store_true", help="run: once, instead of until it is stopped")
    parser.add_argument("--dry-run", action="store_true", help="run, rules: only show what would be done or caught")


def _nothing(parser: Parser) -> None:
    """For commands with the common options only."""


def _positive(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return number


_ADD_ARGUMENTS: dict[str, Callable[[Parser], object]] = {
    "init": _init,
    "join": _join,
    "put": _put,
    "get": _get,
    "ls": _ls,
    "find": _find,
    "mkdir": _mkdir,
    "mv": _mv,
    "cp": _cp,
    "rm": _rm,
    "trash": _trash,
    "restore": _restore,
    "versions": _versions,
    "sync": _sync,
    "status": _nothing,
    "check": _check,
    "gc": _nothing,
    "devices": _devices,
    "reencrypt": _reencrypt,
    "passphrase": _passphrase,
    "locker": _locker,
    "link": _link,
    "fetch": _fetch,
    "serve": _serve,
}


class Request(NamedTuple):
    """A parsed command line."""

    command: str
    arguments: argparse.Namespace


def parse(argv: Sequence[str]) -> Request:
    """``argv`` is without the program's name and not empty. Raises UsageError; SystemExit(0) after a command's help."""
    common: list[str] = []
    rest = list(argv)
    while rest and rest[0].startswith("-"):
        word = rest.pop(0)
        if word in {"--locker", "--passphrase-file"} and rest:
            common.append(f"{word}={rest.pop(0)}")
        elif word == "--json" or word.startswith(("--locker=", "--passphrase-file=")):
            common.append(word)
        else:
            raise UsageError(f"There is no option {word!r} before the command.")
    if not rest:
        raise UsageError("There is no command after the options.")
    name = rest.pop(0)
    if name == "help" and rest:
        name, rest = rest[0], ["--help"]
    if name not in COMMANDS:
        raise UsageError(f"There is no command {name!r}.{_did_you_mean(name)}")
    return Request(name, parser_for(name).parse([*common, *rest]))


def parser_for(name: str) -> Parser:
    """The parser of one command."""
    command = COMMANDS[name]
    parser = Parser(name, f"{command.help[:1].upper()}{command.help[1:]}.")
    _ADD_ARGUMENTS[name](parser)
    group = parser.add_argument_group("options of every command")
    group.add_argument("--json", action="store_true", help="report as JSON")
    group.add_argument("--locker", metavar="NAME", help="which locker, where there are several")
    group.add_argument("--passphrase-file", metavar="FILE", help='its first line is the passphrase ("-": stdin)')
    parser.takes_value("--locker", "--passphrase-file")
    return parser


def _did_you_mean(name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, COMMANDS, 1)
    return f" Did you mean {close[0]!r}?" if close else ""
