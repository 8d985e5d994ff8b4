"""A font with Arabic letters: without one, Chromium draws empty boxes and such pages prove nothing."""

import shutil
import subprocess
import sys

from tests.machine.packages import MissingPart, apt_at_hand, apt_command, apt_install

PACKAGES = ("fontconfig", "fonts-noto-core")


def arabic() -> list[str]:
    """The font files on this machine that cover Arabic, by fontconfig; none without fontconfig."""
    if shutil.which("fc-list") is None:
        return []
    listing = subprocess.run(["fc-list", ":lang=ar", "file"], capture_output=True, text=True, check=False)
    return listing.stdout.splitlines()


def ensure() -> None:
    """See that Arabic can be drawn, installing a font where that is allowed.

    Raises `MissingPart` where it is not.
    """
    if sys.platform == "darwin" or arabic():  # macOS ships Arabic fonts and has no fontconfig
        return
    if apt_at_hand() and apt_install(*PACKAGES) and arabic():
        return
    raise MissingPart("No font here has Arabic letters.", apt_command(*PACKAGES))
