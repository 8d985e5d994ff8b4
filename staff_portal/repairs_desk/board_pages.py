"""The desk's first page: what breaches next, as a board and as a list."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext

from staff_portal.repairs_desk.pages import room
from staff_portal.roles import MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.repairs import words
from tenant_app.repairs.clocks.listing import Bucket, Sifted, board, buildings_of, counted, due_first
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.visits.waiting import new_photos
from tenant_app.web.audience import open_to
from tenant_app.web.house import house, session

ON_BOARD = 8
"""Repairs of each column of the board. The rest are in the list."""
ON_PAGE = 50
"""Repairs of one page of the list."""


@room.get("/repairs")
@open_to(*MENDERS)
def index() -> str:
    """What is over or due first comes first; as a board by when it is due, or as a list (`view=list`) a page at a time.

    `building`, `kind`, `law` and `bucket` sift; `show` is a state instead of everything with something to do.
    """
    zone, asked = house().settings.zone, _asked()
    buildings = buildings_of(session(), worker())
    sums = counted(session(), worker(), asked, zone)
    as_list = bool(asked.state or asked.bucket) or request.args.get("view") == "list"
    given: dict[str, Any] = {
        "building": str(asked.building) if asked.building else None, "kind": asked.kind or None,
        "law": asked.law or None,
    }  # fmt: skip
    page, pages, rows = 1, 1, []
    columns: dict[Bucket, list[Repair]] = {}
    if as_list:
        total = sums[asked.bucket] if asked.bucket else sum(sums.values())
        pages = max(-(-total // ON_PAGE), 1)
        page = min(max(request.args.get("page", 1, type=int), 1), pages)
        listed = due_first(worker(), asked, zone).limit(ON_PAGE).offset((page - 1) * ON_PAGE)
        rows = list(session().scalars(listed))
    else:
        columns = board(session(), worker(), asked, zone, ON_BOARD)
    on_page = rows if as_list else [each for column in columns.values() for each in column]
    return render_template(
        "repairs_desk/index.html", asked=asked, as_list=as_list, sums=sums, columns=columns, repairs=rows, page=page,
        pages=pages, given=given, buildings=buildings, kinds=words.kinds(), bucket_words=bucket_words(), laws=_laws(),
        states=[state for state in State if state is not State.DRAFT], sifted=any(given.values()),
        new_photos=new_photos(session(), on_page),
        to_page=lambda number: url_for("repairs_desk.index", view="list", page=number, bucket=asked.bucket,
                                       show=asked.state, **given),
    )  # fmt: skip


def bucket_words() -> dict[Bucket, str]:
    """What the columns are called."""
    return {
        Bucket.OVER: gettext("Over"), Bucket.TODAY: gettext("Today"), Bucket.WEEK: gettext("Within 7 days"),
        Bucket.LATER: gettext("Later"),
    }  # fmt: skip


def _laws() -> dict[str, str]:
    return {"hazard": gettext("Hazards"), "emergency": gettext("Emergency hazards")}


def _asked() -> Sifted:
    """What is asked for; what nobody knows is as if it were not asked."""
    args = request.args
    try:
        building = UUID(args.get("building", ""))
    except ValueError:
        building = None
    kind, law, bucket, state = (args.get(name, "") for name in ("kind", "law", "bucket", "show"))
    known = {each.value for each in State if each is not State.DRAFT}
    return Sifted(
        building=building, kind=kind if kind in {each.slug for each in words.kinds()} else "",
        law=law if law in _laws() else "", bucket=Bucket(bucket) if bucket in set(Bucket) else None,
        state=State(state) if state in known else None,
    )  # fmt: skip

