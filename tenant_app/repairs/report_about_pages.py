"""More of a report: how bad it is, since when, who is at home, and how to get in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from tenant_app.accounts.gate import tenant
from tenant_app.repairs import questions, words
from tenant_app.repairs.answers import Began, Severity
from tenant_app.repairs.asking import (
    Answer,
    address_of,
    ask,
    changing,
    details_so_far,
    go_on,
    lead_on,
    of_draft,
    question,
    way,
)
from tenant_app.repairs.forms import AccessForm, AtHomeForm, HowBadForm, SinceForm
from tenant_app.repairs.models import Repair
from tenant_app.repairs.told import details_to_fill, last_time
from tenant_app.repairs.told_words import AT_HOME, HOW_BAD, SINCE, TIMES
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import session
from tenant_app.web.locale import language

room = Blueprint("report_about", __name__, template_folder="templates")


@question(room, "how-bad")
def how_bad(repair: Repair) -> Answer:
    """How bad it is. What is dangerous now has a page of its own before the next question."""
    form = HowBadForm.asked(severity=repair.severity)
    if request.method == "GET" or not form.valid():
        return ask("how_bad", repair, form, choices=HOW_BAD)
    repair.severity = Severity(form.severity.data)
    onward = lead_on("how_bad", repair)
    if repair.severity is Severity.DANGER:
        return redirect(url_for("report_about.danger", repair_id=repair.id, **way()), 303)
    return onward


@room.get("/repairs/<uuid:repair_id>/danger")
@open_to(TENANT)
@of_draft
def danger(repair: Repair) -> Answer:
    """Whom to call before anything else, and then the way on."""
    following = questions.CHECK if changing() else questions.after("how_bad", repair)
    return render_template(
        "repairs/danger.html", repair=repair, contact=words.contact_of("danger"), call=words.call,
        onward=address_of(following, repair), back_to=address_of("how_bad", repair, **way()),
    )  # fmt: skip


@question(room, "since")
def since(repair: Repair) -> Answer:
    """Since when. A tile answers at once; without one, what was answered before stays."""
    form = SinceForm.asked(began=repair.began, since=repair.since)
    if request.method == "GET" or not form.valid():
        return ask("since", repair, form, choices=SINCE, chosen=repair.began)
    if "began" in request.form:
        repair.began = Began(form.began.data) if form.began.data else None
    repair.since = form.since.data or ""
    repair.language = repair.language or language().code
    return lead_on("since", repair)


@question(room, "at-home")
def at_home(repair: Repair) -> Answer:
    """Who at home is harmed sooner than others."""
    form = AtHomeForm.asked(at_home=details_so_far(repair).at_home)
    if request.method == "GET" or not form.valid():
        return ask("at_home", repair, form, choices=AT_HOME)
    details_to_fill(session(), repair).at_home = form.at_home.data
    return lead_on("at_home", repair)


@question(room, "access")
def access(repair: Repair) -> Answer:
    """How to get in. What the tenant said with their last report is filled in."""
    if "access" not in questions.asked_of(repair):
        return go_on(repair)
    known = details_so_far(repair)
    before = None if "access" in known.answered else last_time(session(), tenant())
    known = before or known
    form = AccessForm.asked(
        times=known.times, key={True: "1", False: "0", None: None}[known.may_use_key],
        someone_with_me=known.someone_with_me, spoken=known.spoken or language().code,
        interpreter=known.interpreter, access=repair.access,
    )  # fmt: skip
    if request.method == "GET" or not form.valid():
        return ask("access", repair, form, choices=TIMES, as_before=before is not None)
    details_to_fill(session(), repair).say_access(
        times=form.times.data, may_use_key=form.may_use_key, someone_with_me=form.someone_with_me.data,
        spoken=form.spoken.data or "", interpreter=form.interpreter.data,
    )  # fmt: skip
    repair.access = form.access.data or ""
    repair.language = repair.language or language().code
    return lead_on("access", repair)
