"""`homeward import rent`: what it prints, and how it ends."""

from __future__ import annotations

import sys
from pathlib import Path

from tenant_app.database import Database
from tenant_app.rent.importing.columns import describe
from tenant_app.rent.importing.files import ENCODINGS, open_file
from tenant_app.rent.importing.problems import FileRefused, Problem, say_problem
from tenant_app.rent.importing.running import check_file, import_file
from tenant_app.settings import Settings

columns = describe


def import_rent(settings: Settings, file_name: str, *, check: bool = False) -> int:
    """Import a file, or with `check` only look at it. Returns the exit status: 0, or 1 where anything was refused."""
    write = sys.stdout.write
    database = Database(settings.database)
    try:
        with Path(file_name).open("rb") as file:
            opened = open_file(file)
            parted = {",": "commas", ";": "semicolons", "\t": "tabs"}[opened.delimiter]
            write(f"A file of {opened.kind}, in {ENCODINGS[opened.encoding]}, parted by {parted}.\n")
            if opened.ignored:
                write(f"Columns that say nothing to Homeward: {', '.join(opened.ignored)}\n")

            def tell(problem: Problem) -> None:
                write(say_problem(problem) + "\n")

            if check:
                totals = check_file(database, opened, settings.zone, tell)
            else:
                totals = import_file(database, opened, Path(file_name).name, settings.zone, tell)
    except (FileRefused, OSError) as error:
        write(f"{error}\nNothing was imported.\n")
        return 1
    finally:
        database.close()
    write(f"{totals.new:,} new, {totals.known:,} known already, {totals.refused:,} refused\n")
    if check:
        write("Nothing was written: this was only a check.\n")
    return 1 if totals.refused else 0
