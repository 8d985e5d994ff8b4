"""Parts of the machine that the tests need and pip does not bring: what is missing, and how to mend it."""

import os
import shutil
import subprocess


class MissingPart(RuntimeError):
    """Something outside the virtual environment is missing. The message ends with how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}\nTo mend it: {mend}")
        self.mend = mend


def is_root() -> bool:
    """Whether this process may install packages and may not run PostgreSQL or a sandboxed Chromium."""
    return os.geteuid() == 0


def apt_at_hand() -> bool:
    """Whether Debian's packages can be installed from here without asking anyone."""
    return is_root() and shutil.which("apt-get") is not None


def apt_command(*names: str) -> str:
    """The command, as a person would type it, that installs Debian packages."""
    return f"sudo apt-get update && sudo apt-get install -y {' '.join(names)}"


def apt_install(*names: str) -> bool:
    """Install Debian packages, showing apt's own words. Returns whether it worked."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # An old list of packages names versions that the mirrors have dropped. A failed update is not final:
    # one dead source does not stop the others, so the install decides.
    subprocess.run(["apt-get", "update", "-q"], env=quiet, check=False)
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names]
    return subprocess.run(install, env=quiet, check=False).returncode == 0
