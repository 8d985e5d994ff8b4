"""Agreements at the rent desk: propose one with its whole plan in view, agree to a tenant's, let one rest, end one."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response
from wtforms import validators

from staff_portal.rent_desk.account_pages import opened
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.rent import agreement_words as words
from tenant_app.rent.agreeing import CannotAgree, NothingOwed, agree, arrears_of, cancel, pause, propose, resume
from tenant_app.rent.agreements import Agreement
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.overview import overview
from tenant_app.rent.owing import owed_through
from tenant_app.rent.terms import TermsForm
from tenant_app.rent.words import standing_of_somebody
from tenant_app.web.audience import open_to
from tenant_app.web.forms import DayField, Form, own_words
from tenant_app.web.house import find, house, keep_now, session

MOST_ROWS = 200


class PauseForm(Form):
    """Why it rests, and until when."""

    reason = own_words(
        _("Why does it pause?"), _("The tenant reads this."), needed=_("Write why it pauses"), longest=500, long=True,
        rows=3,
    )  # fmt: skip
    until = DayField(
        _("Goes on by itself on"), [validators.Optional()],
        description=_("Left out, it pauses until you end the pause."),
    )  # fmt: skip


class EndForm(Form):
    """Why it ends."""

    why = own_words(
        _("Why does it end?"), _("The tenant reads this."), needed=_("Write why it ends"), longest=500, long=True,
        rows=3,
    )  # fmt: skip


@room.app_context_processor
def sentences() -> dict[str, object]:
    """What agreements are called, and what happened to them, in sentences."""
    return {
        "state_tag": words.state_tag, "plan_words": words.in_a_sentence, "move_sentence": words.sentence,
        "rent_standing": standing_of_somebody, "how_many_ask": _how_many_ask,
        "covering": lambda account: overview(session(), account, clock.today(house().settings.zone)),
    }  # fmt: skip


@room.get("/rent/agreements")
@open_to(*RENT_KEEPERS)
def asked_for_terms() -> str:
    """Agreements that are for us to do something about, the one that waits longest first."""
    waiting = Agreement.waiting_for_us(RentAccount.desk_of(worker())).limit(MOST_ROWS)
    return render_template("rent_desk/asked.html", found=session().scalars(waiting).all())


@room.get("/rent/<uuid:account_id>/agreement")
@open_to(*RENT_KEEPERS)
def agreement(account_id: UUID) -> str:
    """What covers this account, what was asked for, and everything that happened."""
    return _page(opened(account_id))


@room.route("/rent/<uuid:account_id>/agreement/new", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def propose_agreement(account_id: UUID) -> tuple[str, int] | Response:
    """Ask for terms, show the whole plan, and only then propose it to the tenant."""
    account, today = opened(account_id), clock.today(house().settings.zone)
    try:
        arrears = arrears_of(session(), account, today)
    except CannotAgree:
        return redirect(url_for("rent_desk.agreement", account_id=account.id), 303)
    view = overview(session(), account, today)
    wish = view.proposed.wish_pence if view.proposed else None
    form = TermsForm.looked(
        first_on=clock.add_working_days(today, 5), frequency=str(account.frequency_on(today)), instalment=wish
    )
    plan = form.plan(arrears, today) if form.shown else []
    moved = bool(plan) and request.method == "POST" and form.arrears.data != str(arrears)
    if request.method == "GET" or moved or not plan:
        keep_now()
        page = render_template(
            "rent_desk/propose.html", account=account, form=form, plan=plan, arrears=arrears, moved=moved, view=view
        )
        return page, 409 if moved else 422 if form.problems else 200
    propose(session(), account, worker(), form.terms(arrears), today)
    flash(gettext("%(name)s is asked to look at it. It begins when they agree.", name=account.tenant.known_as))
    return redirect(url_for("rent_desk.agreement", account_id=account.id), 303)


@room.post("/rent/<uuid:account_id>/agreement/<uuid:agreement_id>/agree")
@open_to(*RENT_KEEPERS)
def say_yes(account_id: UUID, agreement_id: UUID) -> Response:
    """We agree to what the tenant proposed."""
    account, found = _agreement(account_id, agreement_id)
    try:
        agree(session(), found, worker(), clock.today(house().settings.zone))
    except CannotAgree:
        flash(_changed())
    else:
        flash(gettext("%(name)s is told.", name=account.tenant.known_as))
    return _back(account)


@room.post("/rent/<uuid:account_id>/agreement/<uuid:agreement_id>/pause")
@open_to(*RENT_KEEPERS)
def pause_agreement(account_id: UUID, agreement_id: UUID) -> tuple[str, int] | Response:
    """It rests, with a reason."""
    account, found = _agreement(account_id, agreement_id)
    form = PauseForm.asked()
    if form.valid() and form.until.data and form.until.data <= clock.today(house().settings.zone):
        form.blame("until", gettext("Choose a day after today"))
    if form.problems:
        keep_now()
        return _page(account, pausing=form), 422
    try:
        pause(session(), found, worker(), form.reason.data, form.until.data)
    except CannotAgree:
        flash(_changed())
    return _back(account)


@room.post("/rent/<uuid:account_id>/agreement/<uuid:agreement_id>/resume")
@open_to(*RENT_KEEPERS)
def resume_agreement(account_id: UUID, agreement_id: UUID) -> Response:
    """It goes on."""
    account, found = _agreement(account_id, agreement_id)
    try:
        resume(session(), found, worker())
    except CannotAgree:
        flash(_changed())
    return _back(account)


@room.post("/rent/<uuid:account_id>/agreement/<uuid:agreement_id>/end")
@open_to(*RENT_KEEPERS)
def end_agreement(account_id: UUID, agreement_id: UUID) -> tuple[str, int] | Response:
    """It ends, or what was proposed is off the table; the tenant reads why."""
    account, found = _agreement(account_id, agreement_id)
    form = EndForm.asked()
    if not form.valid():
        keep_now()
        return _page(account, ending=form), 422
    try:
        cancel(session(), found, worker(), form.why.data)
    except CannotAgree:
        flash(_changed())
    return _back(account)


def _page(account: RentAccount, *, pausing: PauseForm | None = None, ending: EndForm | None = None) -> str:
    today = clock.today(house().settings.zone)
    try:
        arrears_of(session(), account, today)
        refusal = ""
    except CannotAgree as cannot:
        refusal = "nothing" if isinstance(cannot, NothingOwed) else "silenced"
    entries = session().scalars(RentEntry.of(account)).all()
    return render_template(
        "rent_desk/agreement.html", account=account, view=overview(session(), account, today),
        owed=owed_through(account, entries, today), refusal=refusal, pausing=pausing or PauseForm(),
        ending=ending or EndForm(), problems=pausing or ending,
        all_of_them=session().scalars(Agreement.of_account(account)).all(),
    )  # fmt: skip


def _how_many_ask() -> int:
    waiting = Agreement.waiting_for_us(RentAccount.desk_of(worker())).order_by(None)
    return session().scalar(select(func.count()).select_from(waiting.subquery())) or 0


def _agreement(account_id: UUID, agreement_id: UUID) -> tuple[RentAccount, Agreement]:
    account = opened(account_id)
    found = find(Agreement.among(RentAccount.desk_of(worker())), agreement_id)
    if found.account_id != account.id:
        abort(404)
    return account, found


def _changed() -> str:
    return gettext("This has changed meanwhile. Look at how it is now.")


def _back(account: RentAccount) -> Response:
    return redirect(url_for("rent_desk.agreement", account_id=account.id), 303)
