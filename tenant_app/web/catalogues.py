"""Message catalogues: from the `.po` files people edit to the `.mo` files gettext reads."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DOMAIN = "messages"


def compile_catalogues(source: Path, target: Path) -> Path:
    """Compile each `source/<language>/LC_MESSAGES/messages.po` that is newer than its twin below `target`.

    Returns `target`. Done at start, so that a clone works without a build step and an edited word needs only a restart.
    """
    for po in sorted(source.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        mo = target / po.relative_to(source).with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime_ns >= po.stat().st_mtime_ns:
            continue
        mo.parent.mkdir(parents=True, exist_ok=True)
        with po.open("rb") as file:
            catalogue = read_po(file, locale=po.parent.parent.name.replace("-", "_"), ignore_obsolete=True)
        draft = mo.with_name(f".{mo.name}.{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, catalogue)
        draft.replace(mo)  # another process starting now reads the old file or the new one, never half of one
    return target
