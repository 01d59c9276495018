"""The commands and the overall help. Imports next to nothing: ``--help`` needs no more than this."""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """One command: its line in the overall help, and where its code is."""

    usage: str
    help: str
    function: str
    """``module:function`` in megadesk.cli."""


COMMANDS: dict[str, Command] = {
    "init": Command("[STORE] [--name N]", "make a locker; prints its recovery key", "lockers:init"),
    "join": Command(
        "STORE [--code CODE] [--name N]", "open an existing locker here with its recovery key", "lockers:join"
    ),
    "put": Command("PATH... [--to /DIR]", "upload files and folders", "transfers:put"),
    "get": Command("/PATH... [--to DIR]", "download", "transfers:get"),
    "ls": Command("[-l] [-R] [/PATH...]", "list a folder", "files:ls"),
    "find": Command("TEXT", "search the names", "files:find"),
    "mkdir": Command("[-p] /PATH...", "make folders", "files:mkdir"),
    "mv": Command("/SOURCE... /DEST", "move or rename", "files:mv"),
    "cp": Command("/SOURCE... /DEST", "copy, without moving any bytes", "files:cp"),
    "rm": Command("/PATH...", "put into the trash", "files:rm"),
    "trash": Command("[ls | empty | purge ID...]", "show or empty the trash", "history:trash"),
    "restore": Command("NAME|ID|/PATH... [--to /DIR]", "take out of the trash", "history:restore"),
    "versions": Command("/PATH [--restore ID | --get ID [--to DIR]]", "earlier contents of a file", "history:versions"),
    "sync": Command("add|ls|rm|run|status|problems|...", "folders kept equal on every computer", "sync:sync"),
    "status": Command("", "lockers, storage, unfinished transfers", "lockers:status"),
    "check": Command(
        "[--read-data] [--repair]", "verify the locker; exit 1 and a list if anything is damaged", "upkeep:check"
    ),
    "gc": Command("", "delete from the storage what nothing refers to", "upkeep:gc"),
    "link": Command(
        "make /PATH | ls | revoke ID", "links that any browser opens; see: megadesk link --help", "links:link"
    ),
    "fetch": Command("URL [--to DIR]", "open a link that somebody sent; needs no locker", "fetch:fetch"),
    "devices": Command("[ls | pair | revoke ID]", "the locker's devices", "lockers:devices"),
    "reencrypt": Command(
        "[run | status | later | pause | stop]", "new keys for what removed devices can read", "reencrypt:reencrypt"
    ),
    "passphrase": Command(
        "change | reset", "another passphrase, by the old one or the recovery key", "passphrases:passphrase"
    ),
    "locker": Command(
        "ls | copy [FROM] TO | switch STORE | forget NAME",
        "the lockers of this computer, and moving them",
        "move:locker",
    ),
    "serve": Command("[STORE] | token add|ls|rm", "a server for lockers and links", "serve:serve"),
}

UNLOCKING = frozenset(
    {
        "put", "get", "ls", "find", "mkdir", "mv", "cp", "rm", "trash", "restore", "versions", "check", "gc", "link",
        "devices", "reencrypt",
    }
)  # fmt: skip
"""Those that open a locker which is there: its key may be derived while the command is still being loaded."""

_GLOBAL_HELP = """\
Options of every command:
  --json                  report as JSON
  --locker NAME           which locker, where there are several
  --passphrase-file FILE  read the passphrase from the file's first line ("-": standard input)

  --version, --help, --self-test

The passphrase comes from --passphrase-file, MEGADESK_PASSPHRASE, or a prompt; `join` takes the recovery key from
MEGADESK_RECOVERY_KEY or a prompt. MEGADESK_HOME keeps everything below one folder.
Exit status: 0 done, 1 failed (standard error says what, and what to do), 2 wrong usage.
"""


def overall_help() -> str:
    """What ``megadesk --help`` prints."""
    lines = [
        "usage: megadesk [COMMAND ...]",
        "",
        "Files on storage of your choice; the keys stay on this computer.",
        "",
    ]
    lines.append(f"  {'megadesk':44}the desktop app")
    for name, command in COMMANDS.items():
        left = f"megadesk {name} {command.usage}".rstrip()
        if len(left) > 43:
            lines.append(f"  {left}")
            left = ""
        lines.append(f"  {left:44}{command.help}")
    return "\n".join([*lines, "", _GLOBAL_HELP])
