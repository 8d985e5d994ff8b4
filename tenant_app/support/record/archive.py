"""A copy of a record in one file: `record.json` for machines, `record.html` to read, and the pictures and papers."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from tenant_app import clock
from tenant_app.settings import Settings
from tenant_app.support.record.copying import Copy
from tenant_app.support.record.declared import NOT_THEIRS
from tenant_app.support.record.documented import meaning_of
from tenant_app.support.record.ways import Way, folders_of, is_withheld

FORMAT = "homeward-record/1"
PICTURES = "pictures"


def write_archive(copy: Copy, settings: Settings, page: Iterable[str], file: IO[bytes]) -> None:
    """Write the copy into `file`. `page` is the readable form, piece by piece; nothing is held whole."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        with archive.open("record.json", "w") as entry, io.TextIOWrapper(entry, "utf-8") as text:
            for piece in _json(copy, settings):
                text.write(piece)
        with archive.open("record.html", "w") as entry, io.TextIOWrapper(entry, "utf-8") as text:
            for piece in page:
                text.write(piece)
        for name in copy.files():
            for path in (folder / name for folder in folders_of(settings)):
                if path.is_file():
                    archive.write(path, f"{PICTURES}/{name}", ZIP_STORED)


def _json(copy: Copy, settings: Settings) -> Iterator[str]:
    head: dict[str, Any] = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "association": settings.association,
        "how_to_read": (
            "`tables` holds every row about this person, by table. `means` says what a row and its keys are; keys that "
            "are not named there say it themselves. Moments are UTC in ISO 8601, money is in pence. A key `worker` "
            "beside `worker_id` names who it was. Pictures and papers lie in the folder `pictures`, under the name in "
            "`file`."
        ),
        "not_in_this_copy": {
            "other_tables": NOT_THEIRS,
            "held_back": "What another person wrote and what is held back for somebody's safety for a time.",
        },
    }
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "tables": {'
    for number, way in enumerate(copy.tables()):
        yield ("," if number else "") + "\n  " + json.dumps(way.table.name) + ": "
        yield from _table(copy, way)
    yield "\n }\n}\n"


def _table(copy: Copy, way: Way) -> Iterator[str]:
    about, columns = meaning_of(way.table.name)
    withheld = [column.name for column in way.table.columns if is_withheld(column)]
    means = {"row": about, "keys": {key: said for key, said in columns.items() if key in way.table.c}}
    yield f'{{"means": {json.dumps(means, ensure_ascii=False)}, "withheld": {json.dumps(withheld)}, "rows": ['
    for number, row in enumerate(copy.rows(way)):
        yield ("," if number else "") + "\n   " + json.dumps(row, ensure_ascii=False)
    yield "]}"
