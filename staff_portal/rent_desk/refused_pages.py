"""Files that were sent, the newest first, and their refused rows: read, taken as a table to mend, and dealt with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response as AnyResponse
from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from staff_portal.rent_desk.import_pages import kind_words
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.rent.importing.columns import COLUMNS, REFUSED_ROW
from tenant_app.rent.importing.kinds import Kind
from tenant_app.rent.importing.models import RentImport, RentRefusal
from tenant_app.rent.importing.problems import say_reason
from tenant_app.rent.importing.refusals import FOUND_BY, KEPT_MONTHS, MOST_KEPT
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.spreadsheets import csv_answer

PAGE = 50


@room.app_context_processor
def sentences() -> dict[str, object]:
    """What became of a file and of its refused rows, in sentences."""
    return {"how_many_refused": _how_many_refused, "refusals_of": _refusals_of, "reason_words": say_reason}


@room.get("/rent/imports")
@open_to(*RENT_KEEPERS)
def imports() -> str:
    """Every file that was sent, with how many of its rows wait to be mended."""
    mine = RentImport.desk_of(worker())
    count = session().scalar(select(func.count()).select_from(mine.order_by(None).subquery())) or 0
    pages = max(-(-count // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    found = session().scalars(mine.limit(PAGE).offset((page - 1) * PAGE)).all()
    return render_template(
        "rent_desk/imports.html", found=found, waiting=waiting_of(found), kind_words=kind_words, count=count,
        months=KEPT_MONTHS, page=page, pages=pages, to_page=lambda page: url_for("rent_desk.imports", page=page),
    )  # fmt: skip


@room.get("/rent/imports/<uuid:import_id>/refused.csv")
@open_to(*RENT_KEEPERS)
def refused_table(import_id: UUID) -> AnyResponse:
    """What waits to be mended, with the headings that a file of its kind has: mended, it can be sent as it is."""
    found = find(RentImport.desk_of(worker()), import_id)
    waiting = session().scalars(RentRefusal.of(found).where(RentRefusal.settled.is_(None))).all()
    kind = Kind(found.kind or Kind.TRANSACTIONS)
    columns = COLUMNS[kind]
    rows: list[list[object]] = [[
        gettext("Line"), gettext("Reason"), *(column.heading for column in columns), REFUSED_ROW
    ]]  # fmt: skip
    day, amount = FOUND_BY[kind]
    for row in waiting:
        cells = {"account": row.account, day: row.day, amount: _in_brackets(row.amount)}
        reason = say_reason(row.why, row.cell, row.heading)
        rows.append([row.line, reason, *(cells.get(column.key, "") for column in columns), row.id])
    return csv_answer(rows, f"refused-{found.sent_at.date().isoformat()}.csv")


@room.post("/rent/imports/<uuid:import_id>/refused/<uuid:refusal_id>")
@open_to(*RENT_KEEPERS)
def deal_with(import_id: UUID, refusal_id: UUID) -> Response:
    """`done=1`: nothing is left to do about this row. `done=0`: there is after all."""
    found = find(RentImport.desk_of(worker()), import_id)
    find(RentRefusal.of(found), refusal_id).deal_with(worker(), done=stated("done"))
    page = request.args.get("page", type=int)
    return redirect(url_for("rent_desk.imported", import_id=found.id, page=page, _anchor="refused"), 303)


def waiting_of(files: Any) -> dict[UUID, int]:
    """Of each file, how many of its rows wait to be mended; files with none are left out."""
    among = RentImport.desk_of(worker()).where(RentImport.id.in_([one.id for one in files]))
    return dict(row for row in session().execute(RentRefusal.waiting(among)))


def _refusals_of(found: RentImport) -> dict[str, Any]:
    """One page of a file's refused rows, those that wait first."""
    rows = RentRefusal.of(found)
    kept = session().scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = max(-(-kept // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    waits_first = rows.order_by(None).order_by(RentRefusal.settled.is_not(None), RentRefusal.line, RentRefusal.id)
    return {
        "rows": session().scalars(waits_first.limit(PAGE).offset((page - 1) * PAGE)).all(), "kept": kept,
        "waiting": waiting_of([found]).get(found.id, 0), "page": page, "pages": pages, "months": KEPT_MONTHS,
        "most": MOST_KEPT,
        "to_page": lambda page: url_for("rent_desk.imported", import_id=found.id, page=page, _anchor="refused"),
    }  # fmt: skip


def _how_many_refused() -> int:
    waits = RentRefusal.waiting(RentImport.desk_of(worker())).subquery()
    # A sum of counts is a decimal on PostgreSQL, and words are counted in whole numbers.
    return int(session().scalar(select(func.sum(waits.c[1]))) or 0)


def _in_brackets(amount: str) -> str:
    """A sum below nothing as accountants write it: with a minus, it would be taken for the start of a formula."""
    return f"({amount[1:].strip()})" if amount.startswith(("-", "−")) else amount
