"""A file by upload: looked through first, and landed only when somebody has seen what would come of it."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Response as AnyResponse
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session, undefer
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from staff_portal.rent_desk.account_pages import today
from staff_portal.rent_desk.forms import FileForm
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.rent.importing.columns import COLUMNS
from tenant_app.rent.importing.files import ENCODINGS, OpenedFile, open_file
from tenant_app.rent.importing.kinds import Kind
from tenant_app.rent.importing.models import RentImport, RentRefusal
from tenant_app.rent.importing.problems import FileRefused, Problem, say_problem
from tenant_app.rent.importing.running import Totals, begin_import, take_in
from tenant_app.rent.rules import remind_all_changed
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, house, session
from tenant_app.web.spreadsheets import csv_answer

LARGEST = 1024 * 1024
"""Bytes. A longer file would keep a page, and on SQLite everybody, waiting."""
MOST_PROBLEMS = 100
"""Refused rows that a page names; whoever has more of them has one mistake in all of them."""
MOST_ROWS = 5


@room.route("/rent/import", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def import_file() -> tuple[str, int] | Response:
    """Send a file; the next page says what would come of it. Files sent before are below."""
    form = FileForm.asked()
    if request.method == "POST":
        sent = request.files.get("file")
        content = sent.read(LARGEST + 1) if sent and sent.filename else None
        try:
            opened = _look_through(content)
        except FileRefused as refused:
            form.validate()
            form.blame("file", str(refused))
        else:
            waiting = begin_import(session(), opened, _name(sent), worker(), zlib.compress(content or b""))
            return redirect(url_for("rent_desk.imported", import_id=waiting.id), 303)
    earlier = session().scalars(RentImport.desk_of(worker()).limit(MOST_ROWS)).all()
    waits = RentRefusal.waiting(RentImport.desk_of(worker()))
    page = render_template(
        "rent_desk/import.html", form=form, earlier=earlier, kinds=list(Kind), kind_words=kind_words,
        waiting=dict(row for row in session().execute(waits)),
    )
    return page, 422 if form.problems else 200


@room.get("/rent/import/example/<kind>")
@open_to(*RENT_KEEPERS)
def example(kind: str) -> AnyResponse:
    """A file of one kind with one row, to be filled in."""
    if kind not in set(Kind):
        abort(404)
    columns = COLUMNS[Kind(kind)]
    rows = [[column.heading for column in columns], [column.example for column in columns]]
    return csv_answer(rows, f"{kind}.csv")


@room.get("/rent/imports/<uuid:import_id>")
@open_to(*RENT_KEEPERS)
def imported(import_id: UUID) -> str:
    """What would come of a file, or what came of it."""
    found = find(RentImport.desk_of(worker()).options(undefer(RentImport.content)), import_id)
    problems: list[str] = []
    opened, totals = None, Totals(found.new, found.known, found.refused)
    if found.content is not None:
        opened = _opened(found)
        totals = take_in(opened, _undone, today(), house().settings.zone, _collect(problems))
    return render_template(
        "rent_desk/imported.html", found=found, opened=opened, totals=totals, problems=problems, most=MOST_PROBLEMS,
        kind_words=kind_words, encodings=ENCODINGS,
    )  # fmt: skip


@room.post("/rent/imports/<uuid:import_id>")
@open_to(*RENT_KEEPERS)
def land(import_id: UUID) -> str | Response:
    """Land what waits. Doing so again lands nothing more."""
    waiting = RentImport.desk_of(worker()).options(undefer(RentImport.content)).with_for_update(of=RentImport)
    found = find(waiting, import_id)
    if found.content is None:
        return redirect(url_for("rent_desk.imported", import_id=found.id), 303)
    problems: list[str] = []
    totals = take_in(_opened(found), _kept, today(), house().settings.zone, _collect(problems), found.id)
    found.content, found.finished_at = None, clock.now()
    # Reminders of so many as nobody has to wait for; the worker sees to the others.
    remind_all_changed(session())
    flash(gettext("%(number)s rows are new.", number=f"{totals.new:,}"))
    return redirect(url_for("rent_desk.imported", import_id=found.id), 303)


@room.post("/rent/imports/<uuid:import_id>/leave")
@open_to(*RENT_KEEPERS)
def leave(import_id: UUID) -> Response:
    """Leave a file that was only looked at."""
    found = find(RentImport.desk_of(worker()), import_id)
    if found.finished_at is None and found.worker_id is not None:
        session().delete(found)
    return redirect(url_for("rent_desk.import_file"), 303)


def _look_through(content: bytes | None) -> OpenedFile:
    if content is None:
        raise FileRefused(gettext("Choose a file"))
    if len(content) > LARGEST:
        raise FileRefused(gettext("This file is larger than 1 MB. Send it in parts, or by the command"))
    return open_file(io.BytesIO(content))


def _name(sent: FileStorage | None) -> str:
    return tidy(sent.filename if sent else "") or gettext("File")


def _opened(found: RentImport) -> OpenedFile:
    return open_file(io.BytesIO(zlib.decompress(found.content or b"")))


@contextmanager
def _kept() -> Iterator[Session]:
    with session().begin_nested():
        yield session()


@contextmanager
def _undone() -> Iterator[Session]:
    step = session().begin_nested()
    yield session()
    step.rollback()


def _collect(problems: list[str]) -> Callable[[Problem], None]:
    def tell(problem: Problem) -> None:
        if len(problems) < MOST_PROBLEMS:
            problems.append(say_problem(problem))

    return tell


def kind_words(kind: Kind) -> str:
    """`Accounts`."""
    return {
        Kind.TRANSACTIONS: gettext("Payments and charges"),
        Kind.ACCOUNTS: gettext("New accounts"),
        Kind.CHARGES: gettext("New charges from a day on"),
    }[kind]
