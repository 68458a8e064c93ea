#!/usr/bin/env python3
"""Set the project up from a fresh clone and run it: standard library only.

    python3 packaging/bootstrap.py demo [options]    the whole system on this machine
    python3 packaging/bootstrap.py test [options]    every check and every test
    python3 packaging/bootstrap.py run  [arguments]  any `kds` command

Makes `.venv` beside this checkout, installs what `requirements.lock` pins (hashes checked) and,
on Debian and Ubuntu, the system libraries that Qt's wheels expect to find. All of it is done
once: a stamp of the lock file makes the next start immediate.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "bootstrap.stamp"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")

# What the Qt wheels load from the system (their platform plugins for X11, Wayland and
# offscreen included), and the Debian package that brings it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}

# Every check that a change has to pass, in the order that fails soonest.
CHECKS: tuple[tuple[str, ...], ...] = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports",),
)


def main(argv: Sequence[str]) -> int:
    if sys.version_info < (3, 11):
        return fail(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if not argv or argv[0] not in ("demo", "test", "run"):
        print(__doc__)
        return 2
    command, arguments = argv[0], list(argv[1:])
    problem = set_up()
    if problem:
        return fail(problem)
    if command == "test":
        return test(arguments)
    return run("python", "-m", "kds", *(["demo"] if command == "demo" else []), *arguments)


def fail(message: str) -> int:
    print(f"\n{message}", file=sys.stderr)
    return 1


# -- set-up ---------------------------------------------------------------------------------


def set_up() -> str | None:
    """Make the environment complete; the sentence to stop with when that cannot be done."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return None
    problem = install_system_packages(missing_packages())
    if problem:
        return problem
    make_environment()
    if not install_dependencies():
        return "The dependencies could not be installed; pip's message is above."
    STAMP.write_text(wanted)
    return None


def fingerprint() -> str:
    """What the environment depends on: the lock, the interpreter, the place and this script."""
    digest = hashlib.sha256()
    for part in (LOCK.read_bytes(), Path(__file__).read_bytes(), sys.version.encode()):
        digest.update(part)
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def missing_packages() -> list[str]:
    """Debian packages that this machine lacks; empty where there is no apt."""
    if not sys.platform.startswith("linux"):
        return []
    packages = [package for library, package in LIBRARIES.items() if not can_load(library)]
    if importlib.util.find_spec("ensurepip") is None:
        packages.append("python3-venv")
    return packages


def can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_system_packages(packages: list[str]) -> str | None:
    if not packages:
        return None
    apt = shutil.which("apt-get")
    prefix = [] if is_root() else ["sudo"]
    install = [*prefix, "apt-get", "install", "--yes", "--no-install-recommends", *packages]
    by_hand = f"  {' '.join([*prefix, 'apt-get', 'update'])}\n  {' '.join(install)}"
    if apt is None:
        return "These system libraries are missing (Debian's names):\n  " + " ".join(packages)
    if not is_root() and not may_sudo():
        return f"Some system libraries are missing. Install them, then start again:\n{by_hand}"
    print(f"Installing system libraries: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in ([*prefix, "apt-get", "update", "-qq"], [*install, "-qq"]):
        done = subprocess.run(
            step, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            print(done.stdout)
            return f"apt could not install them. By hand:\n{by_hand}"
    return None


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def may_sudo() -> bool:
    """Whether sudo works without asking for a password."""
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0


def make_environment() -> None:
    """A fresh `.venv` that also finds this checkout, from whatever folder it is started."""
    print("Making the virtual environment .venv", flush=True)
    venv.EnvBuilder(with_pip=True, clear=VENV.exists(), symlinks=not WINDOWS).create(VENV)
    site_packages = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    Path(site_packages, "kds-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")


def install_dependencies() -> bool:
    """Install the lock file's packages with one progress line; False when pip fails."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    total = sum(bool(line) and line[0].isalnum() for line in lines)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--no-input", "-r", str(LOCK)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )
    assert process.stdout is not None
    output: list[str] = []
    seen = 0
    for line in process.stdout:
        output.append(line)
        if line.startswith(("Collecting ", "Requirement already")):
            seen += 1
            progress(f"Downloading {seen} of {total}: {line.split()[1].split('==')[0]}")
        elif line.startswith("Installing collected"):
            progress(f"Installing {total} packages")
    if process.wait():
        print("\n" + "".join(output[-30:]), file=sys.stderr)
        return False
    progress("Dependencies are installed")
    print(flush=True)
    return True


def progress(text: str) -> None:
    """Rewrite the one progress line; a plain line each where nobody watches."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif not text.startswith("Downloading") or " 1 of" in text:
        print(text, flush=True)


# -- commands -------------------------------------------------------------------------------


def run(program: str, *arguments: str, cwd: Path | None = None) -> int:
    """Run a program of the environment, by default in the caller's folder."""
    process = subprocess.Popen([str(PYTHON.parent / program), *arguments], cwd=cwd)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child got it too and is shutting down


def test(arguments: list[str]) -> int:
    """All checks, then all tests; the first that fails ends it."""
    for check in CHECKS:
        print("==", *check, flush=True)
        if code := run(*check, cwd=ROOT):
            return code
    print("== pytest", flush=True)
    return run("pytest", *(arguments or ["-n", "2"]), cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
