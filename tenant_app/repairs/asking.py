"""What the pages of a report do alike: find the draft, show a question, keep its answer, lead on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.repairs import questions
from tenant_app.repairs.models import Repair
from tenant_app.repairs.told import ReportDetails, details_of, details_to_fill
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import Form
from tenant_app.web.house import find, session

Answer = str | tuple[str, int] | Response
Page = Callable[[Repair], Answer]

_ENDPOINTS = {
    "where": "reporting.where", "rooms": "reporting.rooms", "what": "reporting.what",
    "part": "reporting.part", "words": "reporting.own_words", "photos": "reporting.pictures", "send": "reporting.send",
}  # fmt: skip

_PAGES = {
    "where": "repairs/where.html", "rooms": "repairs/rooms.html", "what": "repairs/what.html",
    "part": "repairs/part.html", "words": "repairs/words.html", "how_bad": "repairs/how_bad.html",
    "since": "repairs/since.html", "at_home": "repairs/at_home.html", "access": "repairs/access.html",
}  # fmt: skip


def draft_of(repair_id: UUID) -> Repair:
    """The report, held for a POST until it is answered, so that of two taps the second sees what the first did."""
    mine = Repair.of(tenant())
    return find(mine if request.method == "GET" else mine.with_for_update(of=Repair), repair_id)


def of_draft(page: Page) -> Callable[[UUID], Answer]:
    """A page about a draft, which it is given. What was sent since is shown as it stands now."""

    @wraps(page)
    def unless_sent(repair_id: UUID) -> Answer:
        repair = draft_of(repair_id)
        return page(repair) if repair.draft else sent(repair)

    return unless_sent


def question(room: Blueprint, path: str) -> Callable[[Page], Callable[[UUID], Answer]]:
    """A question of the report, at this path below the draft's own, for tenants: asked by GET, answered by POST."""

    def placed(page: Page) -> Callable[[UUID], Answer]:
        return room.route(f"/repairs/<uuid:repair_id>/{path}", methods=["GET", "POST"])(open_to(TENANT)(of_draft(page)))

    return placed


def address_of(question: str, repair: Repair, **values: Any) -> str:
    """Where a page of this report is."""
    if question == "urgent":
        return url_for("reporting.urgent")
    return url_for(_ENDPOINTS.get(question, f"report_about.{question}"), repair_id=repair.id, **values)


def sent(repair: Repair) -> Response:
    """On to a report that is not a draft any more."""
    return redirect(url_for("repairs.show", repair_id=repair.id), 303)


def go_on(repair: Repair) -> Response:
    """On to where the draft was left."""
    return redirect(address_of(questions.left_off(repair, details_of(session(), repair)), repair), 303)


def changing() -> bool:
    """Whether one answer is being changed from the page that shows them all: then that is where the way leads."""
    return request.args.get("from") == "check"


def ask(question: str, repair: Repair, form: Form, **facts: Any) -> Answer:
    """A question: 422 where its form has problems."""
    page = render_template(
        _PAGES[question], repair=repair, form=form, step=questions.step_of(question, repair),
        back_to=back_from(question, repair), **facts,
    )  # fmt: skip
    return (page, 422) if form.problems else page


def way() -> dict[str, Any]:
    """What an address keeps of the way here: that one answer is being changed."""
    return {"from": "check"} if changing() else {}


def back_from(question: str, repair: Repair) -> str:
    """Where Back leads."""
    if changing() and question not in questions.SECOND_HALF:
        return address_of(questions.CHECK, repair)
    return address_of(questions.before(question, repair), repair, **way())


def lead_on(question: str, repair: Repair) -> Response:
    """The answer is kept; on to the next page."""
    details_to_fill(session(), repair).answer(question)
    following = questions.after(question, repair)
    if changing() and following not in questions.SECOND_HALF:
        return redirect(address_of(questions.CHECK, repair), 303)
    return redirect(address_of(following, repair, **way()), 303)


def details_so_far(repair: Repair) -> ReportDetails:
    """What a draft says so far, to be shown; nothing is kept of it."""
    return details_of(session(), repair) or ReportDetails(answered=[], at_home=[], times=[], someone_with_me=False,
                                                          spoken="", interpreter=False)  # fmt: skip
