#!/usr/bin/env python3
"""Everything a checkout of MegaDesk needs, with nothing but Python.

    python3 dev.py run [ARGUMENTS]    start MegaDesk: the window, or with arguments the command line
    python3 dev.py test [ARGUMENTS]   the tests; --tier long for the long ones; other arguments go to pytest
    python3 dev.py check              ruff, mypy and import-linter
    python3 dev.py bench [ARGUMENTS]  the measurements behind docs/performance.md
    python3 dev.py translations       brings resources/translations up to date with the source
    python3 dev.py shots [ARGUMENTS]  pictures of every screen, into build/shots and docs/screenshots
    python3 dev.py build              dist/megadesk: programs that need no Python; runs their --self-test

The first call makes the folder .venv and installs the libraries there. System packages that are missing are
installed where that needs no password (root, or sudo without one); elsewhere the command to type is named.
"""

# Python 3.6 must be able to read this file, to say that it is too old; every start pays for imports up here.
import os
import sys

if sys.version_info < (3, 11):
    for _name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        for _folder in os.environ.get("PATH", "").split(os.pathsep):
            if os.access(os.path.join(_folder, _name), os.X_OK):
                os.execv(os.path.join(_folder, _name), [_name, *sys.argv])
    sys.exit("dev.py: MegaDesk needs Python 3.11 or newer; this is Python %d.%d" % sys.version_info[:2])

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
PYTHON_VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
LINUX = sys.platform.startswith("linux")

# What Qt's wheels expect of the system, and the Debian package that has it.
QT_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X11_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb-randr.so.0": "libxcb-randr0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
# The tests of the window run in an X server of their own, beside a window manager and a file manager.
TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "dbus-launch": "dbus-x11",
    "gnome-keyring-daemon": "gnome-keyring",
    "pcmanfm": "pcmanfm",
    "thunar": "thunar",
    "import": "imagemagick",
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
    # The page of links is built by node and opened by a real browser.
    "chromium": "chromium",
    "firefox-esr": "firefox-esr",
    "node": "nodejs",
    "npm": "npm",
    "git": "git",
    # Tests in a network of their own, in which packets get lost.
    "/usr/sbin/nft": "nftables",
    "ip": "iproute2",
}
# playwright's own node needs it.
TEST_LIBRARIES = {"libatomic.so.1": "libatomic1"}
BENCH_PROGRAMS = {"restic": "restic", "rsync": "rsync", "chromium": "chromium"}
BUILD_PROGRAMS = {"objdump": "binutils"}


def say(text: str) -> None:
    """To standard error: standard output belongs to the program that is started."""
    sys.stderr.write(f"dev.py: {text}\n")
    sys.stderr.flush()


def stop(text: str, status: int = 1) -> None:
    say(text)
    sys.exit(status)


def start(*command: str) -> None:
    """Become ``command``: its exit status is ours."""
    sys.stdout.flush()
    keep_bytecode()
    if os.name == "nt":  # execv there would return to the shell at once
        import subprocess

        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def keep_bytecode() -> None:
    """Where Python is told to leave no bytecode beside sources, keep it in .venv: starting without takes twice as long.

    Programs that are installed or built have theirs made beforehand.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", os.path.join(VENV, "pycache"))


# --- the environment -------------------------------------------------------------------------------------------


def environment(group: str = "run") -> None:
    """Make .venv hold the dependencies of the project and of ``group``; costs one hash when it does already."""
    import hashlib

    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as project_file:
        project = project_file.read()
        parts = [project, os.fsencode(ROOT), PYTHON_VERSION.encode()]
        stamp = hashlib.sha256(b"\n".join(parts)).hexdigest()
        if not is_ready(group, stamp):
            lock(project_file.fileno())  # two terminals, one .venv
            if not is_ready(group, stamp):
                update_environment(group, stamp, project.decode())


def is_ready(group: str, stamp: str) -> bool:
    return read_marker(group)[:1] == [stamp] and os.path.exists(PYTHON)


def read_marker(group: str) -> list[str]:
    """The stamp that was current when ``group`` was installed, then its requirements."""
    try:
        with open(os.path.join(VENV, "ready-" + group), encoding="utf-8") as marker:
            return marker.read().splitlines()
    except OSError:
        return []


def write_marker(group: str, lines: list[str]) -> None:
    with open(os.path.join(VENV, "ready-" + group), "w", encoding="utf-8") as marker:
        marker.write("\n".join(lines) + "\n")


def lock(descriptor: int) -> None:
    """Until the file is closed. Without effect on Windows and on file systems that have no locks."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            pass


def update_environment(group: str, stamp: str, project_text: str) -> None:
    import sysconfig
    import tomllib

    project = tomllib.loads(project_text)["project"]
    needed = {"run": project["dependencies"]}
    if group != "run":
        needed[group] = project["dependencies"] + project["optional-dependencies"][group]
    try:
        fresh = not os.path.exists(PYTHON) or read_marker("python") != [PYTHON_VERSION]
        if fresh:
            make_venv()
        if fresh or read_marker(group)[1:] != needed[group]:
            install(needed[group])
        places = {"base": VENV, "platbase": VENV}
        site = sysconfig.get_path("purelib", scheme="venv", vars=places)
        with open(os.path.join(site, "megadesk-checkout.pth"), "w", encoding="utf-8") as path_file:
            path_file.write(ROOT + "\n")  # `import megadesk` from any folder
        for name, requirements in needed.items():
            write_marker(name, [stamp, *requirements])
    except OSError as error:
        stop(f"cannot make the environment in .venv: {error}")


def make_venv() -> None:
    import importlib.util
    import subprocess

    if importlib.util.find_spec("ensurepip") is None:  # Debian and Ubuntu have it in a package of its own
        problem = install_debian([f"python{PYTHON_VERSION}-venv"])
        if problem:
            stop(f"this Python has no complete venv module: {problem}")
    say("making the environment in .venv; this first time takes a minute or two")
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False, capture_output=True, text=True)
    if made.returncode:
        stop(f"cannot make the environment in .venv: {last_line(made.stdout + made.stderr)}")
    write_marker("python", [PYTHON_VERSION])


def install(requirements: list[str]) -> None:
    """pip's own words go to .venv/pip.log; when it fails, one line of them is shown."""
    import subprocess

    say("downloading and installing the libraries into .venv")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar=off", "--prefer-binary"]
    with open(os.path.join(VENV, "pip.log"), "w+", encoding="utf-8", errors="replace") as log:
        status = subprocess.call([*pip, *requirements], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        if status:
            log.seek(0)
            reason = pip_reason(log.read())
            stop(f"pip could not install the libraries: {reason} (all it said: .venv/pip.log)")


def pip_reason(output: str) -> str:
    """The one line of pip's output that says why."""
    network = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ReadTimeout", "ProxyError")
    if any(word in output for word in network):
        return "the package index cannot be reached; is there a network?"
    errors = [line for line in output.splitlines() if line.startswith("ERROR: ")]
    return errors[0].removeprefix("ERROR: ") if errors else last_line(output)


def last_line(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1] if lines else "no reason given"


# --- the system ------------------------------------------------------------------------------------------------


def install_debian(packages: list[str]) -> str:
    """Install Debian packages if that needs no password. Returns "" when done, else what to do instead."""
    import shutil
    import subprocess

    names = " ".join(packages)
    if not shutil.which("apt-get"):
        return f"install what Debian calls {names}"
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            return f"as root, type: apt-get install {names}"
        if subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode:
            return f"type: sudo apt-get install {names}"
        prefix = ["sudo", "-n"]
    say(f"installing Debian packages: {names}")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    install_them = [*apt, "install", "-y", "--no-install-recommends", *packages]
    output = ""
    for command in (install_them, [*apt, "update"], install_them):  # the package lists may be missing or old
        done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        output = done.stdout + done.stderr
        if done.returncode == 0 and command is install_them:
            return ""
    errors = [line for line in output.splitlines() if line.startswith("E: ")]
    return f"apt-get could not install {names}: {errors[0] if errors else last_line(output)}"


def missing_libraries(libraries: dict[str, str]) -> list[str]:
    """The packages of those shared libraries that this system cannot load."""
    import ctypes

    packages = []
    for name, package in libraries.items():
        try:
            ctypes.CDLL(name)
        except OSError:
            packages.append(package)
    return packages


def missing_programs(programs: dict[str, str]) -> list[str]:
    import shutil

    return [package for name, package in programs.items() if not shutil.which(name)]


def have_packages(packages: list[str], purpose: str) -> bool:
    """Install ``packages`` or say what to type. False when they are still missing."""
    problem = install_debian(packages) if packages else ""
    if problem:
        say(f"{purpose}: {problem}")
    return not problem


# --- the commands ----------------------------------------------------------------------------------------------


def run(arguments: list[str]) -> None:
    display = os.environ.get("DISPLAY")
    if LINUX and not arguments:
        if not display and not os.environ.get("WAYLAND_DISPLAY"):
            stop(
                "there is no display for the window; commands that need none: python3 dev.py run"
                " init | put | get | ls | find | check ... (all of them: python3 dev.py run --help)"
            )
        libraries = {**QT_LIBRARIES, **(X11_LIBRARIES if display else WAYLAND_LIBRARIES)}
        if not have_packages(missing_libraries(libraries), "the window needs system libraries"):
            sys.exit(1)
    environment()
    release_translations()
    # -P: a json.py that lies in the user's current folder is none of ours
    start(PYTHON, "-P", "-m", "megadesk", *arguments)


def test(arguments: list[str]) -> None:
    if LINUX:
        packages = missing_programs(TEST_PROGRAMS)
        packages += missing_libraries({**QT_LIBRARIES, **X11_LIBRARIES, **TEST_LIBRARIES})
        have_packages(packages, "tests of the window need system packages")  # the others run without
    environment("dev")
    release_translations()
    os.chdir(ROOT)
    start(PYTHON, "-P", "-m", "pytest", *arguments)


def release_translations() -> None:
    """Make the .qm files that the window reads, where the .ts files are newer: milliseconds."""
    folder = os.path.join(ROOT, "resources", "translations")
    for entry in os.scandir(folder):
        if entry.name.endswith(".ts"):
            made = entry.path[:-3] + ".qm"
            if not os.path.exists(made) or os.stat(made).st_mtime <= entry.stat().st_mtime:
                import subprocess

                if subprocess.call([PYTHON, "-P", os.path.join(folder, "update.py"), "--release"]):
                    say("the translations could not be made; the window will speak English")
                return


def translations(arguments: list[str]) -> None:
    environment("dev")
    start(PYTHON, "-P", os.path.join(ROOT, "resources", "translations", "update.py"), *arguments)


def shots(arguments: list[str]) -> None:
    if LINUX:
        packages = missing_programs({"Xvfb": "xvfb"}) + missing_libraries({**QT_LIBRARIES, **X11_LIBRARIES})
        if not have_packages(packages, "pictures of the window need system packages"):
            sys.exit(1)
    environment("dev")
    release_translations()
    os.chdir(ROOT)
    start(PYTHON, "-P", "-m", "tests.ui.shots", *arguments)


def check(arguments: list[str]) -> None:
    import subprocess

    environment("dev")
    lint_imports = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    tools = {
        "ruff check": ["-m", "ruff", "check", *arguments],
        "ruff format": ["-m", "ruff", "format", "--check"],
        "mypy": ["-m", "mypy"],
        "import-linter": ["-c", lint_imports, "--no-logo"],
    }
    failed = [name for name in tools if subprocess.call([PYTHON, "-P", *tools[name]], cwd=ROOT)]
    if failed:
        stop("failed: " + ", ".join(failed))
    say("all checks passed")


def bench(arguments: list[str]) -> None:
    have_packages(missing_programs(BENCH_PROGRAMS) if LINUX else [], "the comparison needs system packages")
    environment("bench")
    start(PYTHON, "-P", "-m", "tests.bench", *arguments)


def build(arguments: list[str]) -> None:
    import subprocess
    import tempfile

    if LINUX:
        packages = missing_programs(BUILD_PROGRAMS) + missing_libraries({**QT_LIBRARIES, **X11_LIBRARIES})
        if not have_packages(packages, "PyInstaller needs system packages"):
            sys.exit(1)
    environment("build")
    release_translations()
    pyinstaller = [PYTHON, "-P", "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", *arguments]
    if subprocess.call([*pyinstaller, "build.spec"], cwd=ROOT):
        stop("PyInstaller failed")
    folder = os.path.join(ROOT, "dist", "megadesk")
    programs = [entry.path for entry in os.scandir(folder) if entry.is_file()]
    for program in sorted(programs):
        with tempfile.TemporaryDirectory() as home:  # it may lean on nothing of this checkout or this user
            environ = {"HOME": home, "MEGADESK_HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
            if os.name == "nt":
                environ = {**os.environ, "MEGADESK_HOME": home}
            environ["QT_QPA_PLATFORM"] = "offscreen"
            if subprocess.call([program, "--self-test"], cwd=home, env=environ):
                stop(f"{os.path.relpath(program, ROOT)} failed its self-test")
        say(f"built and tested: {os.path.relpath(program, ROOT)}")


COMMANDS = {
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
    "translations": translations,
    "shots": shots,
    "build": build,
}


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print((__doc__ or "").strip())
    elif arguments[0] not in COMMANDS:
        stop(f"there is no command {arguments[0]!r}; there are: {', '.join(COMMANDS)}", 2)
    else:
        try:
            COMMANDS[arguments[0]](arguments[1:])
        except KeyboardInterrupt:
            sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
