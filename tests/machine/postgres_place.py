"""Where the tests' PostgreSQL lives and which account runs it: never root, which PostgreSQL refuses."""

import fcntl
import os
import pwd
import shutil
import tempfile
from pathlib import Path
from typing import TextIO

from tests.machine import postgres_programs
from tests.machine.packages import MissingPart, is_root
from tests.machine.postgres_programs import Programs

ACCOUNTS = ("postgres", "nobody")
PREFIX = "homeward-postgres-"
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 4 * 1024**3  # bytes; a whole run of the tests and one benchmark stay below half of it
LONGEST_FOLDER = 60  # characters; the path of a Unix socket inside it may have about 100


def account() -> pwd.struct_passwd | None:
    """Who runs the server, or None for ourselves. Raises `MissingPart` for root with no other account."""
    if not is_root():
        return None
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise MissingPart("PostgreSQL refuses to run as root, and there is no other account.", "useradd nobody")


def new_folder(*, runs_programs: bool = False) -> tuple[Path, TextIO]:
    """A folder for one server, and the open file that marks it as in use until it is closed.

    In memory where there is plenty: copying a template there takes a tenth of the time. `runs_programs` keeps
    it out of memory, where programs often may not run. Folders that no living process marks go first.
    """
    base = _memory() if not runs_programs else None
    base = base or _temporary()
    _sweep(base)
    # Renamed once it is marked: under the name that a sweep looks for, it could be taken unmarked.
    folder = Path(tempfile.mkdtemp(prefix=f"new-{PREFIX}", dir=base))
    mark = (folder / "in-use").open("w")
    fcntl.flock(mark, fcntl.LOCK_EX)
    return folder.rename(folder.with_name(folder.name.removeprefix("new-"))), mark


def must_copy(programs: Programs) -> bool:
    """Whether the account that runs the server cannot reach these programs, as under /root."""
    return account() is not None and not programs.open_to_everyone


def copied(programs: Programs, folder: Path) -> Programs:
    """The pip package's programs laid in `folder`, with the libraries that lie beside the package.

    Raises `MissingPart` for any other programs: what belongs to them is not known.
    """
    if programs.folder != postgres_programs.in_pip_package():
        what = f"PostgreSQL does not run as root, and other accounts cannot reach {programs.folder}."
        raise MissingPart(what, postgres_programs.MEND)
    package = programs.folder.parents[1]
    place = folder / "programs"
    shutil.copytree(package / "pginstall", place / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, place / libraries.name, symlinks=True)
    for path in (place, place / package.name):
        path.chmod(0o755)  # whatever the umask made of them
    return Programs(place / package.name / "pginstall" / "bin", programs.version)


def _memory() -> Path | None:
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK)
    return MEMORY if usable and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY else None


def _temporary() -> Path:
    usual = Path(tempfile.gettempdir())
    closed = is_root() and not all(path.stat().st_mode & 0o001 for path in (usual, *usual.parents))
    return Path("/tmp") if closed or len(str(usual)) > LONGEST_FOLDER else usual


def _sweep(base: Path) -> None:
    """Remove what a killed session left behind."""
    for folder in base.glob(f"{PREFIX}*"):
        try:
            with (folder / "in-use").open() as mark:
                fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # in use, another person's, or gone meanwhile
            continue
        shutil.rmtree(folder, ignore_errors=True)
