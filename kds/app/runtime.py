"""The process of one window: Qt's loop and asyncio's are the same loop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSize, QSocketNotifier
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from kds.app import paths, qtlog
from kds.app.collector import Collector
from kds.app.config import Profile
from kds.app.kiosk import ALONE, Life
from kds.app.network import NetworkWatch, system_source
from kds.app.probe import Probe
from kds.app.senses import Senses
from kds.app.single import SingleWindow, raise_running
from kds.app.stopping import stop_with_parent
from kds.app.whereabouts import Keeper
from kds.app.windows import Place, Window
from kds.app.wiring import open_house, open_session
from kds.base.errors import AlreadyRunning, ConfigError
from kds.session.house import House
from kds.session.session import Session
from kds.ui.shell.window import MainWindow


def run_window(
    name: str,
    profile: Profile,
    *,
    probe: bool,
    full_screen: bool,
    size: str,
    side: str,
    life: Life = ALONE,
) -> int:
    """Open the window of a profile and run until it is closed or the process is told to end."""
    place = Place(full_screen, _size(size), side, kiosk=life.guarded)
    qtlog.install()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("kds")
    app.setOrganizationName("kds")
    app.setDesktopFileName("kds")
    app.setQuitOnLastWindowClosed(False)
    try:
        opened = (open_house if profile.role == "manager" else open_session)(name, profile)
    except AlreadyRunning:
        if raise_running(paths.data_dir(name)):
            return 0
        raise
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        runner.run(_run(app, name, profile, opened, probe, place, life))
    return 0


async def _run(
    app: QApplication,
    name: str,
    profile: Profile,
    opened: House | Session,
    probe: bool,
    place: Place,
    life: Life,
) -> None:
    closed, collector = asyncio.Event(), Collector(app)
    house = opened if isinstance(opened, House) else None
    session = opened.home if isinstance(opened, House) else opened
    window = Window(app, session, profile, paths.data_dir(name), closed.set, house)
    single = SingleWindow(paths.data_dir(name), window.come_to_front, app)
    senses = Senses(session, window, profile, audible=app.platformName() != "offscreen")
    observer = _observe(session, window, closed) if probe else None
    if life.guarded and not probe:
        stop_with_parent(closed)
    with _stop_signals(closed):
        window.open(place)
        await asyncio.sleep(0)  # let the first frame paint before anything else is loaded
        try:
            await opened.start()
            await window.load()
            NetworkWatch(opened.uplink, system_source(), window)
            if life.guarded:
                _keep_place(window, paths.data_dir(name), come_back=life.again)
            await senses.start()
            collector.spare_what_is_there()
            if observer is not None:
                observer.ready()
            await closed.wait()
        finally:
            await senses.stop()
            await opened.stop()
            window.close_for_good()
            single.deleteLater()
            collector.stop()


def _observe(session: Session, window: Window, closed: asyncio.Event) -> Probe:
    observer = Probe(session, window.widget, closed.set)
    if window.kitchen is not None:
        observer.watch(window.kitchen)
    return observer


def _keep_place(window: Window, data: Path, *, come_back: bool) -> None:
    if not isinstance(window.widget, MainWindow):
        return
    keeper = Keeper(window.widget, data / "place.json")
    if come_back:
        keeper.come_back()


@contextlib.contextmanager
def _stop_signals(closed: asyncio.Event) -> Iterator[None]:
    """End on SIGINT and SIGTERM.

    Python runs its signal handlers between byte codes, and Qt's loop may sleep in C for long:
    the wake-up descriptor makes the loop look up at once.
    """
    ours, theirs = socket.socketpair()
    for end in (ours, theirs):
        end.setblocking(False)
    before = signal.set_wakeup_fd(theirs.fileno())
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: ours.recv(64))
    handlers = {
        number: signal.signal(number, lambda *_: closed.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        signal.set_wakeup_fd(before)
        ours.close()
        theirs.close()


def _size(text: str) -> QSize | None:
    if not text:
        return None
    width, separator, height = text.partition("x")
    if not (separator and width.isdigit() and height.isdigit()):
        raise ConfigError(f"--size {text!r}: it must be WIDTHxHEIGHT, for example 1920x1080.")
    return QSize(int(width), int(height))
