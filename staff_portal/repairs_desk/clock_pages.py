"""The clocks of one repair at the desk: how they stand, what was done, pauses, the written summary, other places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.repairs_desk.clock_forms import (
    LevelForm,
    MomentForm,
    PauseForm,
    StayAnswerForm,
    StayForm,
    SummaryForm,
    last_moment,
)
from staff_portal.repairs_desk.pages import room
from staff_portal.repairs_desk.showing import kept_words, note_reading
from staff_portal.roles import MENDERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.repairs.clocks import words
from tenant_app.repairs.clocks.models import ClockPause, PauseReason
from tenant_app.repairs.clocks.policy import Kind, Priority
from tenant_app.repairs.clocks.rules import (
    NotYet,
    go_on,
    note_awareness,
    note_investigated,
    note_made_safe,
    note_works_begun,
    pause,
    set_level,
)
from tenant_app.repairs.clocks.stays import AlternativeStay, StayAnswer, change_stay, offer_stay
from tenant_app.repairs.clocks.summaries import InvestigationSummary, write_summary
from tenant_app.repairs.models import Repair
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

Answer = Response | tuple[str, int]

NOTED: dict[str, Callable[..., None]] = {
    "aware": note_awareness, "investigated": note_investigated, "safe": note_made_safe, "begun": note_works_begun,
}  # fmt: skip


@room.get("/repairs/<uuid:repair_id>/clocks")
@open_to(*MENDERS)
def clocks(repair_id: UUID) -> str:
    """Every clock of one repair, and all that can be noted of it."""
    return _page(_seen(repair_id))


@room.post("/repairs/<uuid:repair_id>/clocks/moments")
@open_to(*MENDERS)
def note_moment(repair_id: UUID) -> Answer:
    """When we knew, or when something was done (`what`): also for those who reported the same shared part."""
    repair, form = _seen(repair_id), MomentForm.asked()
    if refusal := _refused(repair, form, "moment"):
        return refusal
    try:
        NOTED[form.what.data](session(), repair, form.moment)
        for other in session().scalars(Repair.led_by(repair)):
            # What was done before a neighbour reported the same was done by then for them.
            since = max(form.moment, other.aware_at or form.moment)
            NOTED[form.what.data](session(), other, form.moment if form.what.data == "aware" else since)
    except NotYet:
        form.blame("day", gettext("Choose a time that is over, and not before we knew"))
        return _again(repair, form, "moment", 422)
    return _kept(repair)


@room.post("/repairs/<uuid:repair_id>/clocks/level")
@open_to(*MENDERS)
def level(repair_id: UUID) -> Answer:
    """How grave it is."""
    repair, form = _seen(repair_id), LevelForm.asked()
    if refusal := _refused(repair, form, "level"):
        return refusal
    chosen = form.level.data
    legal = chosen in ("hazard", "emergency-hazard")
    set_level(session(), repair, hazard=legal, emergency=chosen == "emergency-hazard",
              priority=None if legal else Priority(chosen))  # fmt: skip
    return _kept(repair)


@room.post("/repairs/<uuid:repair_id>/clocks/pauses")
@open_to(*MENDERS)
def pause_clock(repair_id: UUID) -> Answer:
    """Stop one clock, with a reason that the tenant reads."""
    repair = _seen(repair_id)
    form = PauseForm.asked().offer(repair)
    if refusal := _refused(repair, form, "pause"):
        return refusal
    try:
        pause(
            session(), worker(), repair, Kind(form.kind.data), PauseReason(form.reason.data), form.because.data,
            since=last_moment(form.since.data), until=_last(form.until.data), language=language().code,
        )  # fmt: skip
    except NotYet:
        form.blame("since", gettext("Choose today or an earlier day on which the clock ran"))
    except ValueError:
        form.blame("until", gettext("Choose a last day after the first, and no days that are paused already"))
    return _again(repair, form, "pause", 422) if form.problems else _kept(repair, told=True)


@room.post("/repairs/<uuid:repair_id>/clocks/pauses/<uuid:pause_id>/go-on")
@open_to(*MENDERS)
def go_on_with(repair_id: UUID, pause_id: UUID) -> Answer:
    """A clock goes on."""
    repair = _seen(repair_id)
    go_on(session(), repair, find(ClockPause.of(repair), pause_id))
    return _kept(repair)


@room.post("/repairs/<uuid:repair_id>/clocks/stays")
@open_to(*MENDERS)
def offer_another(repair_id: UUID) -> Answer:
    """Another place to stay was offered."""
    repair, form = _seen(repair_id, report=True), StayForm.asked().offer()
    if refusal := _refused(repair, form, "stay"):
        return refusal
    offer_stay(
        session(), worker(), repair, form.place.data, form.first_on.data, form.last_on.data,
        answer=StayAnswer(form.answer.data), language=language().code,
    )  # fmt: skip
    return _kept(repair, told=True)


@room.route("/repairs/<uuid:repair_id>/clocks/stays/<uuid:stay_id>", methods=["GET", "POST"])
@open_to(*MENDERS)
def stay(repair_id: UUID, stay_id: UUID) -> str | Answer:
    """What they said to an offer, and until when they stay. Where it is stays as it was told."""
    repair = _seen(repair_id)
    found = find(AlternativeStay.of(repair), stay_id)
    form = StayAnswerForm.asked(
        version=str(repair.version), last_on=found.last_on, answer=found.answer.value
    ).offer()
    if request.method == "POST":
        stale = form.version.data != str(repair.version)
        if not stale and form.valid() and not (form.last_on.data and form.last_on.data < found.first_on):
            change_stay(session(), repair, found, StayAnswer(form.answer.data), form.last_on.data)
            return _kept(repair)
        if not stale and not form.problems:
            form.blame("last_on", gettext("Choose a day that is not before the first"))
        keep_now()
        form.version.data = str(repair.version)
        page = render_template("repairs_desk/stay.html", repair=repair, stay=found, form=form, stale=stale)
        return page, 409 if stale else 422
    return render_template("repairs_desk/stay.html", repair=repair, stay=found, form=form, stale=False)


@room.route("/repairs/<uuid:repair_id>/summary", methods=["GET", "POST"])
@open_to(*MENDERS)
def summary(repair_id: UUID) -> str | Answer:
    """Write to the tenant what was found; what was written before stands beside it."""
    repair = _seen(repair_id)
    form = SummaryForm.asked(version=str(repair.version)).offer(repair)
    if request.method == "GET":
        return _summary_page(repair, form)
    stale = form.version.data != str(repair.version)
    if stale or repair.investigated_on is None or not form.valid():
        keep_now()
        form.version.data = str(repair.version)
        return _summary_page(repair, form, stale=stale), 409 if stale else 422
    write_summary(
        session(), worker(), repair, found=form.found.data, hazard=form.hazard.data == "1", todo=form.todo.data or "",
        done_by=form.done_by.data, works_needed=form.works_needed.data, language=language().code,
    )  # fmt: skip
    return _kept(repair, told=True)


def _seen(repair_id: UUID, *, report: bool = False) -> Repair:
    """The repair, held for a POST until it is answered; the reading is written down. With `report` a tenant's: 404 for
    what is of a house, of which nobody stays elsewhere."""
    seen = Repair.desk_of(worker())
    repair = find(seen.with_for_update(of=Repair) if request.method == "POST" else seen, repair_id)
    if report and repair.tenant is None:
        abort(404)
    note_reading(repair)
    return repair


def _last(day: Any) -> Any:
    """The end of a pause's last day, which may be to come."""
    zone = house().settings.zone
    return clock.at(day, clock.now().max.time().replace(microsecond=0), zone) if day else None


def _refused(repair: Repair, form: Any, name: str) -> Answer | None:
    """The page again with what was typed: 409 where it was out of date, 422 where something is amiss."""
    if form.version.data != str(repair.version):
        return _again(repair, form, name, 409)
    return None if form.valid() else _again(repair, form, name, 422)


def _again(repair: Repair, form: Any, name: str, status: int) -> tuple[str, int]:
    keep_now()
    return _page(repair, stale=status == 409, **{name: form}), status


def _kept(repair: Repair, *, told: bool = False) -> Response:
    flash(kept_words(repair) if told else gettext("Kept."))
    return redirect(url_for("repairs_desk.clocks", repair_id=repair.id), 303)


def _page(repair: Repair, *, stale: bool = False, **asked: Any) -> str:
    today = clock.today(house().settings.zone)
    forms: dict[str, Any] = {
        "moment": MomentForm(what="investigated", day=today), "level": LevelForm(level=_level_of(repair)),
        "pause": PauseForm(since=today).offer(repair), "stay": StayForm(answer="offered", first_on=today).offer(),
    } | asked  # fmt: skip
    for form in forms.values():
        form.version.data = str(repair.version)
    wrong = next(iter(asked.values()), None)
    return render_template(
        "repairs_desk/clocks.html", repair=repair, forms=forms, wrong=wrong, asked=next(iter(asked), ""), stale=stale,
        pauses=session().scalars(ClockPause.of(repair)).all(),
        stays=session().scalars(AlternativeStay.of(repair)).all(), summaries=_summaries(repair),
    )  # fmt: skip


def _level_of(repair: Repair) -> str:
    rows = words.all_of(repair)
    if not rows:
        return ""
    return "emergency-hazard" if words.is_emergency(repair) else "hazard" if rows[0].row.legal else rows[0].row.rule


def _summaries(repair: Repair) -> list[InvestigationSummary]:
    return list(session().scalars(InvestigationSummary.of(repair)))


def _summary_page(repair: Repair, form: SummaryForm, *, stale: bool = False) -> str:
    return render_template(
        "repairs_desk/summary.html", repair=repair, form=form, stale=stale, summaries=_summaries(repair)
    )
