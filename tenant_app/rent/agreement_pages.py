"""The tenant's pages about an agreement: what was proposed, what they agreed, and what they would rather have."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import validators

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.rent import agreement_words as words
from tenant_app.rent.agreeing import CannotAgree, Moved, agree, arrears_of, ask_for_other, cancel, propose
from tenant_app.rent.agreements import Agreement
from tenant_app.rent.models import RentAccount
from tenant_app.rent.overview import overview
from tenant_app.rent.terms import TermsForm, likely_first_day
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import Form, own_words, stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language
from tenant_app.web.money import MoneyField

room = Blueprint("agreement", __name__, template_folder="templates")


class WishForm(Form):
    """What the tenant would rather have."""

    words = own_words(
        _("What would work better for you?"), _("In your own words. A day, a sum, or what is hard at the moment."),
        longest=1000, long=True, rows=4,
    )  # fmt: skip
    instalment = MoneyField(
        _("How much could you pay each time?"), [validators.Optional()], description=_("You can leave this out."),
        render_kw={"inputmode": "decimal", "maxlength": 12},
    )  # fmt: skip


@room.app_context_processor
def sentences() -> dict[str, object]:
    """What agreements are called, and what happened to them, in sentences."""
    return {
        "state_tag": words.state_tag, "plan_words": words.in_a_sentence, "move_sentence": words.sentence,
        "resting_words": words.resting_words,
    }  # fmt: skip


@room.get("/rent/agreement")
@open_to(TENANT)
def show() -> str:
    """The plan that runs, the one that waits for an answer, and what happened; or a way to propose one."""
    account = _account()
    today = clock.today(house().settings.zone)
    try:
        owed = arrears_of(session(), account, today)
    except CannotAgree:
        owed = 0
    story = session().scalars(Agreement.of(tenant()).limit(1)).first()
    return render_template(
        "rent/agreement.html", view=overview(session(), account, today), owed=owed, today=today, story=story
    )


@room.route("/rent/agreement/new", methods=["GET", "POST"])
@open_to(TENANT)
def write() -> str | tuple[str, int] | Response:
    """Ask for terms, show the whole plan, and only then send it to us."""
    account, today = _account(), clock.today(house().settings.zone)
    try:
        arrears = arrears_of(session(), account, today)
    except CannotAgree:
        return redirect(url_for("agreement.show"), 303)
    form = TermsForm.looked(
        first_on=likely_first_day(session(), account, today), frequency=str(account.frequency_on(today))
    )
    plan = form.plan(arrears, today) if form.shown else []
    moved = bool(plan) and request.method == "POST" and form.arrears.data != str(arrears)
    if request.method == "GET" or moved or not plan:
        page = render_template("rent/propose.html", form=form, plan=plan, arrears=arrears, moved=moved)
        return page, 409 if moved else 422 if form.problems else 200
    propose(session(), account, tenant(), form.terms(arrears), today)
    flash(gettext("We have your plan. It begins when we agree, and we will tell you."))
    return redirect(url_for("agreement.show"), 303)


@room.post("/rent/agreement/<uuid:agreement_id>/agree")
@open_to(TENANT)
def say_yes(agreement_id: UUID) -> Response:
    """The tenant agrees to exactly these terms."""
    agreement = find(Agreement.of(tenant()), agreement_id)
    if not stated("done"):
        abort(400)
    try:
        agree(session(), agreement, tenant(), clock.today(house().settings.zone))
    except CannotAgree:
        flash(gettext("This plan has changed. Look at how it is now."))
    else:
        flash(gettext("Your plan is agreed."))
    return redirect(url_for("agreement.show"), 303)


@room.route("/rent/agreement/<uuid:agreement_id>/other-terms", methods=["GET", "POST"])
@open_to(TENANT)
def wish(agreement_id: UUID) -> str | tuple[str, int] | Response:
    """Something else would work better."""
    agreement = find(Agreement.of(tenant()), agreement_id)
    form = WishForm.asked()
    if request.method == "GET":
        return render_template("rent/wish.html", form=form, agreement=agreement)
    if form.valid() and not (form.words.data or form.instalment.data):
        form.blame("words", gettext("Write what would work better, or a sum"))
    if form.problems:
        return render_template("rent/wish.html", form=form, agreement=agreement), 422
    try:
        ask_for_other(agreement, form.words.data or "", language().code, form.instalment.data or None)
    except Moved:
        flash(gettext("This plan has changed. Look at how it is now."))
    else:
        flash(gettext("Thank you. We will answer with another plan, or call you."))
    return redirect(url_for("agreement.show"), 303)


@room.post("/rent/agreement/<uuid:agreement_id>/take-back")
@open_to(TENANT)
def take_back(agreement_id: UUID) -> Response:
    """The tenant takes back what they proposed."""
    agreement = find(Agreement.of(tenant()), agreement_id)
    try:
        cancel(session(), agreement, tenant())
    except Moved:
        flash(gettext("This plan has changed. Look at how it is now."))
    return redirect(url_for("agreement.show"), 303)


def _account() -> RentAccount:
    account = session().scalar(RentAccount.of(tenant()))
    if account is None:
        abort(404)
    return account
