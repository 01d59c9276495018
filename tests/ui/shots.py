"""Pictures of every screen, from made-up data: python3 dev.py shots [--scale 2] [--contrast] [FORM...] [NAME...]

In an X server of its own (Xvfb): light and dark, English and French, 1024x640 and 1920x1080, in DejaVu Sans, at a
fixed moment: the same source makes the same pictures. All go into build/shots (not kept in the repository); those in
the forms of KEPT go into docs/screenshots as well, with an index of them. With a scale, as on a dense screen, or with
high contrast they go into a folder of their own in build alone. en, fr, light, dark, small and large limit the forms;
other words name screens.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QDateTime, QEventLoop, QLocale, QPoint, QRect, Qt, QTimer, QTranslator
from PySide6.QtGui import QColor, QCursor, QFont, QFontDatabase, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QDialog

sys.path.insert(0, str(Path(__file__).parent))
from helpers import services
from shot_data import FONT, NOW_S, WORK, KnownLockers
from shot_files import save_frugally, write_index
from shot_scenes import Scene, scenes

from megadesk.ui import formatting
from megadesk.ui import theme as themes
from megadesk.ui.bridge import Bridge
from megadesk.ui.theme import Theme
from megadesk.ui.windows.locker_view import LockerView
from megadesk.ui.windows.main_window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
DOCS = ROOT / "docs" / "screenshots"
SIZES = {"small": (1024, 640), "large": (1920, 1080)}
SCHEMES = ("light", "dark")
LANGUAGES = {"en": QLocale("en_GB"), "fr": QLocale("fr_FR")}
Form = tuple[str, str, str]
"""Language, scheme, size."""
FORMS: list[Form] = [(language, scheme, size) for language in LANGUAGES for size in SIZES for scheme in SCHEMES]
KEPT: dict[Form, str] = {("en", "light", "large"): "light-en-1920", ("fr", "dark", "small"): "dark-fr-1024"}
"""Forms that the repository keeps of every screen, and their folders: each language, scheme and size is among them."""
README = {
    # file in docs/screenshots: screen, form
    "uploading": ("uploading", ("en", "light", "small")),
    "grid": ("grid", ("en", "dark", "small")),
    "setup": ("setup", ("en", "light", "small")),
    "storage": ("storage", ("en", "light", "small")),
    "share": ("share", ("en", "light", "small")),
    "sync": ("sync", ("en", "dark", "small")),
    "pdf": ("pdf", ("en", "light", "small")),
}
PATIENCE_S = 20
SHADOW = 24


class Studio:
    """Takes the pictures; see `take`."""

    def __init__(self, names: Sequence[str], forms: Iterable[Form], out: Path, *, keep: bool) -> None:
        self._names = set(names)
        self._forms = set(forms)
        self._out = out
        self._keep = keep
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        self.theme = Theme(app, "light")
        self.bridge = Bridge()
        self.language = "en"
        self.taken = 0
        self.window: MainWindow

    def settle(self, seconds: float = 0.05) -> None:
        """Let the window do what is due."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def until(self, ready: Callable[[], bool]) -> None:
        """Let it work until that is so, however busy the machine is."""
        begin = time.monotonic()
        while not ready():
            if time.monotonic() - begin > PATIENCE_S:
                raise TimeoutError("a screen did not come to show what its picture is of")
            self.settle(0.01)

    def speak(self, language: str) -> None:
        """From now on in that language."""
        self.language = language
        for old in self.app.findChildren(QTranslator):
            self.app.removeTranslator(old)
            old.deleteLater()
        from megadesk.ui import language as languages

        languages.install(self.app, language)
        locale = LANGUAGES[language]
        QLocale.setDefault(locale)

        def date_text(when_s: float) -> str:
            return locale.toString(QDateTime.fromSecsSinceEpoch(int(when_s)).date(), "d MMM yyyy")

        formatting.use_locale(locale.decimalPoint(), locale.groupSeparator(), date_text)

    def take(self, scene: Scene) -> None:
        """One screen in the language that is spoken: in all forms that are wanted."""
        if self._names and scene.name not in self._names:
            return
        for form in FORMS:
            if form in self._forms and form[0] == self.language:
                self._take(scene, form)

    def _take(self, scene: Scene, form: Form) -> None:
        _, scheme, size = form
        width, height = SIZES[size]
        self.theme.choose(scheme)
        window = self.window = MainWindow(self.theme, self.bridge, services(self.bridge, "/home/anna/.megadesk"))
        window.resize(width, height)
        window._core = KnownLockers()
        page = scene.make(window)
        if isinstance(page, LockerView):
            self.put_in_frame(window, page)
        elif page is not None:
            window._show(page)
        window.show()
        window.resize(width, height)
        window.move(0, 0)
        window.activateWindow()
        self.until(window.isActiveWindow)
        scene.prepare(page)
        self._rest()
        picture = self._picture(window)
        picture.save(str(self._out / f"{scene.name}-{'-'.join(form)}.png"))
        self.taken += 1
        if self._keep:
            if form in KEPT:
                save_frugally(picture.toImage(), DOCS / KEPT[form] / f"{scene.name}.png")
            for name, wanted in README.items():
                if wanted == (scene.name, form):
                    picture.save(str(DOCS / f"{name}.png"), "PNG", 0)  # as it is: the first that anybody sees
        self._clear(window)

    def put_in_frame(self, window: MainWindow, view: LockerView) -> None:
        """An open locker, as after its unlocking."""
        window.frame_.show_lockers([view.locker.record, WORK])  # type: ignore[attr-defined]
        window.frame_.add_view(view)
        window._to_front(window.frame_)
        view.start()
        view.banner.dismiss()

    def _rest(self) -> None:
        """Until no worker has anything to do; what waits a moment before it begins, as previews do, has ended too."""
        for seconds in (0.02, 0.2, 0.02):
            self.settle(seconds)
            self.until(lambda: not self.bridge.runner._waiting)

    def _picture(self, window: MainWindow) -> QPixmap:
        """The window, and what lies in front of it: dialogs in its middle, menus where they are."""
        picture = window.grab()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for above in QApplication.topLevelWidgets():
            if above is window or not above.isVisible():
                continue
            size = above.size()
            if isinstance(above, QDialog):
                left, top = (window.width() - size.width()) // 2, (window.height() - size.height()) // 2
                place = QRect(QPoint(left, max(0, top)), size)
            else:
                place = QRect(window.mapFromGlobal(above.pos()), size)
            self._lay_over(painter, place, above.grab())
        painter.end()
        return picture

    def _lay_over(self, painter: QPainter, place: QRect, picture: QPixmap) -> None:
        """With the shadow and the edge that a desktop gives to windows."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 3))
        for far in range(SHADOW, 0, -2):
            painter.drawRoundedRect(place.adjusted(-far, 4 - far, far, 6 + far), far, far)
        painter.drawPixmap(place.topLeft(), picture)
        painter.setPen(QPen(QColor(self.theme.colors.border_strong), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _clear(self, window: MainWindow) -> None:
        for above in QApplication.topLevelWidgets():
            if above is not window and above.isVisible():
                above.close()
        for view in window.frame_.views:
            view.stop()
        window._scope.close()
        window.hide()
        window.deleteLater()
        self.settle(0.01)


def main(arguments: Sequence[str]) -> None:
    scale, contrast = os.environ["QT_SCALE_FACTOR"], "--contrast" in arguments
    words = [word for word in arguments if word != "--contrast"]
    forms = FORMS
    for choices in (LANGUAGES, SCHEMES, SIZES):
        wanted = [word for word in words if word in choices]
        forms = [form for form in forms if not wanted or any(word in form for word in wanted)]
    names = [word for word in words if word not in (*LANGUAGES, *SCHEMES, *SIZES)]
    out = BUILD / ("shots" + ("" if scale == "1" else f"-{scale}") + ("-contrast" if contrast else ""))
    out.mkdir(parents=True, exist_ok=True)
    time.time = lambda: float(NOW_S)  # type: ignore[assignment]
    time.time_ns = lambda: NOW_S * 10**9  # type: ignore[assignment]
    if contrast:
        themes._high_contrast = lambda: True  # type: ignore[assignment]
    app = QApplication(["shots"])
    app.setStyle("Fusion")
    app.setCursorFlashTime(0)
    QCursor.setPos(1990, 1190)  # it hovers over nothing
    if FONT not in QFontDatabase.families():
        sys.exit(f"shots: the font {FONT} is missing; on Debian: apt-get install fonts-dejavu-core")
    app.setFont(QFont(FONT, 10))
    keep = scale == "1" and not contrast
    studio = Studio(names, forms, out, keep=keep)
    everything = scenes(studio)
    if unknown := set(names) - {scene.name for scene in everything}:
        sys.exit(f"shots: there is no screen {', '.join(sorted(unknown))}")
    for language in LANGUAGES:
        studio.speak(language)
        for scene in scenes(studio):
            studio.take(scene)
    studio.bridge.close()
    if keep and not names:
        write_index(DOCS, KEPT, everything)
    print(f"{studio.taken} pictures in {out.relative_to(ROOT)}")


def in_xvfb(arguments: Sequence[str]) -> int:
    """This program again, in an X server of its own."""
    read, write = os.pipe()
    scale, words = 1.0, list(arguments)
    if words[:1] == ["--scale"]:
        scale, words = float(words[1]), words[2:]
    screen = f"{round(2000 * scale)}x{round(1200 * scale)}x24"
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL) as server:
        try:
            os.close(write)
            with open(read, encoding="ascii") as ready:
                number = ready.readline().strip()
            environ = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND"))}
            # A desktop's own font, scale and theme have no say.
            environ |= {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
            environ |= {"QT_SCALE_FACTOR": f"{scale:g}", "QT_FONT_DPI": "96", "MEGADESK_SHOTS": "inside"}
            return subprocess.call([sys.executable, "-P", "-m", "tests.ui.shots", *words], env=environ, cwd=ROOT)
        finally:
            server.terminate()


if __name__ == "__main__":
    if os.environ.get("MEGADESK_SHOTS") == "inside":
        main(sys.argv[1:])
    else:
        sys.exit(in_xvfb(sys.argv[1:]))
