"""The browser for the journeys: a Chromium that starts, installed if need be, and how to launch it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.machine.packages import MissingPart, apt_at_hand, apt_command, apt_install, is_root

CHOSEN = "HOMEWARD_CHROMIUM"
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
# Asked in a process of its own: Playwright refuses to start twice in one thread, as it would in a test.
PLAYWRIGHTS_OWN = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)
ARGUMENTS = (
    # Without these, every start tries to reach addresses that a closed network refuses, many at a time.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
)


def find() -> Path:
    """A Chromium or Chrome that starts here.

    `HOMEWARD_CHROMIUM`, then the commands on PATH, then Playwright's own download.
    Raises `MissingPart` when there is none, or when the one that was asked for does not start.
    """
    chosen = os.environ.get(CHOSEN)
    if chosen:
        if starts(Path(chosen)):
            return Path(chosen)
        raise MissingPart(f"{CHOSEN} names {chosen}, which does not start.", f"unset {CHOSEN}")
    for candidate in _candidates():
        if starts(candidate):
            return candidate
    raise MissingPart("There is no Chromium or Chrome that starts on this machine.", _mending_command())


def ensure() -> Path:
    """`find()`, installing Chromium first where there is none.

    On Debian as root its packages are tried before Playwright's download, which brings no system libraries
    and is not reachable from every network; elsewhere Playwright's comes first.
    Raises `MissingPart` when nothing worked.
    """
    try:
        return find()
    except MissingPart:
        if os.environ.get(CHOSEN):
            raise
    ways = [_install_from_playwright]
    if apt_at_hand():
        ways.insert(0 if _on_debian() else 1, _install_from_apt)
    for install in ways:
        if install():
            try:
                return find()
            except MissingPart:  # Ubuntu's chromium package installs, and starts nothing without snap
                continue
    return find()


def launch_options() -> dict[str, Any]:
    """What `browser_type.launch()` needs here, for pytest-playwright's `browser_type_launch_args` fixture.

    Raises `MissingPart` as `find()` does.
    """
    sandbox = ["--no-sandbox"] if is_root() else []  # Chromium refuses to start as root with its sandbox
    return {"executable_path": str(find()), "args": [*sandbox, *ARGUMENTS]}


def starts(program: Path) -> bool:
    """Whether this program runs and says that it is Chromium or Chrome; a stub does not."""
    ask = [str(program), "--version"]
    try:
        answer = subprocess.run(ask, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "chrom" in answer.stdout.lower()


def _candidates() -> Iterator[Path]:
    for command in COMMANDS:
        found = shutil.which(command)
        if found:
            yield Path(found)
    yield from (application for application in MAC_APPLICATIONS if application.exists())
    ask = [sys.executable, "-c", PLAYWRIGHTS_OWN]
    asked = subprocess.run(ask, capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        yield Path(asked.stdout.strip())


def _on_debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=debian" in release.read_text().splitlines()


def _install_from_apt() -> bool:
    return apt_install("chromium", "fonts-noto-core")


def _install_from_playwright() -> bool:
    playwright = [sys.executable, "-m", "playwright"]
    if apt_at_hand():
        # Its outcome is not the question: the libraries may be here already, and `find()` tries the browser.
        subprocess.run([*playwright, "install-deps", "chromium"], check=False)
    return subprocess.run([*playwright, "install", "chromium"], check=False).returncode == 0


def _mending_command() -> str:
    if _on_debian():
        return apt_command("chromium", "fonts-noto-core")
    return f"{sys.executable} -m playwright install chromium   (or install Chrome, and set {CHOSEN} to it)"
