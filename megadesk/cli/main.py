"""The program's entry: choose the command, run it, turn errors into a line and an exit status.

Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted (143: terminated), 141 nobody reads the output any more.
Modules of commands are imported when their command runs, so that ``ls`` does not pay for what ``put`` needs.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from megadesk.cli.commands import COMMANDS, UNLOCKING, overall_help
from megadesk.cli.handed import LINK_OPTION, hide_link, is_scheme_link, read_link
from megadesk.cli.output import Output, OutputError, one_line, open_standard_streams

if TYPE_CHECKING:
    from megadesk.cli.arguments import Request
    from megadesk.cli.context import Context

DONE = 0
FAILED = 1
USAGE = 2
INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM
BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (without the program's name; None: the process's own) and return the exit status.

    Never raises; standard output is flushed. For the main thread.
    """
    open_standard_streams()
    if argv is None:
        _insist_on_utf8()
        argv = sys.argv[1:]
    output = Output()
    try:
        status = _run(argv, output)
        output.flush()
    except BrokenPipeError:
        _discard_output()
        return BROKEN_PIPE
    except OutputError as error:
        _discard_output()
        output.note(f"megadesk: The result could not be written: {error}.")
        return FAILED
    except KeyboardInterrupt:
        if output.error_terminal:
            output.note("")  # behind the prompt, or what the terminal shows for the key
        output.note("megadesk: Interrupted.")
        return INTERRUPTED
    return status


def _insist_on_utf8() -> None:
    """Start again in Python's UTF-8 mode where the locale has another encoding: names are bytes, and most are UTF-8."""
    if sys.getfilesystemencoding() == "utf-8" or os.environ.get("PYTHONUTF8") == "1":
        return
    os.environ["PYTHONUTF8"] = "1"
    rest = sys.argv[1:] if getattr(sys, "frozen", False) else sys.orig_argv[1:]
    os.execv(sys.executable, [sys.executable, *rest])  # noqa: S606 - ourselves


def _run(argv: Sequence[str], output: Output) -> int:
    match list(argv):
        case [] | ["--background"]:
            return _desktop(output, background=bool(argv))
        case [link] if is_scheme_link(link):
            return open_link(output, link)
        case [option, number] if option == LINK_OPTION and number.isascii() and number.isdigit():
            return _desktop(output, link=read_link(int(number)))
        case ["--help" | "-h" | "help", *_] if len(argv) == 1 or argv[0] != "help":
            output.line(overall_help())
            return DONE
        case ["--version"]:
            from megadesk import __version__

            output.line(f"megadesk {__version__}")
            return DONE
        case ["--self-test"]:
            from megadesk.cli.selftest import self_test

            return self_test(output)
    from megadesk.cli import arguments

    try:
        return _command(arguments.parse(argv), output)
    except arguments.UsageError as error:
        output.note(f"megadesk: {error} See: {error.help_command}")
        return USAGE
    except SystemExit:  # argparse, after a command's help
        return DONE


def _command(request: Request, output: Output) -> int:
    from megadesk.cli.arguments import UsageError
    from megadesk.cli.context import Context
    from megadesk.errors import CancelledError, InputError, MegaDeskError

    context = Context(request.arguments, output)
    if request.command in UNLOCKING:
        context.unlock_ahead()
    try:
        try:
            return _function(request.command)(context)
        finally:
            context.close()
    except CancelledError as error:
        output.note(f"megadesk: {error.explanation}")
        return FAILED
    except MegaDeskError as error:
        if not isinstance(error, InputError):  # a mistyped path is nobody's business later
            context.log_failure(error)
        output.note(f"megadesk: {error.explanation}")
    except (BrokenPipeError, OutputError, UsageError):
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: people get a sentence, the log gets the stack
        place = context.log_failure(error)
        output.note(
            f"megadesk: Something went wrong inside MegaDesk ({type(error).__name__})."
            + (f" Please report it with the last lines of {place}" if place else "")
        )
    return FAILED


def _function(command: str) -> Callable[[Context], int]:
    import importlib

    module, _, function = COMMANDS[command].function.partition(":")
    return cast("Callable[[Context], int]", getattr(importlib.import_module(f"megadesk.cli.{module}"), function))


def open_link(output: Output, link: str) -> int:
    """A link that another program hands over, in the window: a secret, while arguments are seen by all."""
    hide_link(link)
    return _desktop(output, link=link)


def _desktop(output: Output, *, background: bool = False, link: str = "") -> int:
    """The window, or its icon in the tray alone; where there is no display, a line that says so."""
    if sys.platform not in {"win32", "darwin"} and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    ):
        names = ", ".join(COMMANDS)
        output.note(f"megadesk: There is no display for the window. These commands need none: {names}; megadesk --help")
        return FAILED
    try:
        from megadesk.ui.app import run_app
    except ImportError as error:
        output.note(
            f"megadesk: The window cannot be shown, a library is missing: {one_line(str(error))}."
            " The commands work without it: megadesk --help"
        )
        return FAILED
    return run_app(background=background, link=link)


def _discard_output() -> None:
    """Let the interpreter's last flush go nowhere instead of failing noisily."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError, AttributeError):  # not a real file: nothing to silence
        pass
