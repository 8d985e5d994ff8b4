"""Room in memory for what tests write, where the machine has it: a disk takes longer to forget a folder than to keep it.
Most tests have a database of two megabytes in seven folders of their own, and both go when they have passed."""

import os
import shutil
from pathlib import Path

CHOSEN = "PYTEST_DEBUG_TEMPROOT"
"""Where pytest makes the folder of a session, unless it is told `--basetemp`."""
SHARED_MEMORY = Path("/dev/shm")
ENOUGH = 4 * 1024**3
"""Bytes that have to be free. A run holds a tenth of that at any time; a container's own default is 64 MB."""


def ensure(place: Path = SHARED_MEMORY) -> str:
    """Let pytest's processes write to memory if there is enough of it. Returns where they write."""
    if CHOSEN not in os.environ and os.access(place, os.W_OK) and shutil.disk_usage(place).free >= ENOUGH:
        os.environ[CHOSEN] = str(place)
    return os.environ.get(CHOSEN, "the usual temporary folder")
