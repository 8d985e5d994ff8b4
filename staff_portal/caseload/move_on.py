"""A tenant's plan for moving on, where they let their keyworker read it: to read, and to suggest a thing for its list.
Nobody but the tenant writes in it."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import validators

from staff_portal.caseload.room import room
from staff_portal.caseload.strengths import strengths_shown
from staff_portal.roles import SUPPORTERS
from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, GivenAs
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.move_on import rules
from tenant_app.move_on.checklist import checklist, part_words
from tenant_app.move_on.models import MoveOnPlan, MoveOnReview, MoveOnSuggestion, Part
from tenant_app.move_on.standing import standing, stood
from tenant_app.move_on.suggesting import suggest
from tenant_app.move_on.telling import in_templates
from tenant_app.strengths.words import strength_words
from tenant_app.web.audience import open_to
from tenant_app.web.forms import Form, RadioField, own_words
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language


class SuggestionForm(Form):
    """A thing that could be on the list."""

    words = own_words(
        _("Something for the list"), _("They read this and choose. Their own words stay as they are."),
        needed=_("Write what could be on the list"), longest=200,
    )  # fmt: skip
    part = RadioField(_("Where does it belong?"), validators=[validators.InputRequired(_("Choose where it belongs"))])


@room.route("/caseload/<uuid:tenant_id>/move-on", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def move_on(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """What they wish for, what is ready, and how it stood before. 404 for whoever is not the keyworker, or has no
    consent now; a POST suggests a thing for the list."""
    tenant = find(worker().caseload, tenant_id)
    consent = session().scalar(Consent.in_force(tenant, Category.MOVE_ON, worker(), GivenAs.KEYWORKER))
    if consent is None:
        abort(404)
    form = SuggestionForm.asked()
    form.part.choices = [(part.value, part_words(part).name) for part in Part]
    plan = session().scalar(MoveOnPlan.shared_with(worker()).where(MoveOnPlan.tenant_id == tenant.id))
    if request.method == "POST" and form.valid():
        look_at(session(), worker(), tenant, "move-on")
        plan = plan or rules.begin(session(), tenant, rules.ReviewRhythm.of(house().settings), house().settings.zone)
        try:
            suggest(
                session(), worker(), plan, Part(form.part.data), form.words.data, language=language().code
            )
        except rules.ListFull:
            form.blame("words", gettext("Enough waits for an answer. Give them time first."))
        else:
            flash(gettext("%(name)s can read it now, and chooses.", name=tenant.known_as))
            return redirect(url_for("caseload.move_on", tenant_id=tenant.id), 303)
    page = _shown(tenant, consent, plan, form)
    return (page, 422) if form.problems else page


@room.get("/caseload/<uuid:tenant_id>/move-on/reviews/<uuid:review_id>")
@open_to(*SUPPORTERS)
def move_on_review(tenant_id: UUID, review_id: UUID) -> str:
    """How the plan stood when they looked it over."""
    tenant = find(worker().caseload, tenant_id)
    if session().scalar(Consent.in_force(tenant, Category.MOVE_ON, worker(), GivenAs.KEYWORKER)) is None:
        abort(404)
    review = find(MoveOnReview.of(tenant), review_id)
    look_at(session(), worker(), tenant, "move-on")
    return render_template(
        "caseload/move_on_review.html", tenant=tenant, review=review, standing=stood(review), **in_templates()
    )


def _shown(tenant: Tenant, consent: Consent, plan: MoveOnPlan | None, form: SuggestionForm) -> str:
    look_at(session(), worker(), tenant, "move-on")
    shown_strengths = strengths_shown(session(), worker(), tenant)
    if form.problems:
        keep_now()  # the page is shown, and so the look stays, although the answer is a refusal
    today = clock.today(house().settings.zone)
    newest = MoveOnSuggestion.of(tenant).where(MoveOnSuggestion.worker_id == worker().id)
    return render_template(
        "caseload/move_on.html", tenant=tenant, consent=consent, plan=plan, form=form, today=today,
        standing=standing(checklist(), plan.items if plan else []),
        reviews=session().scalars(MoveOnReview.of(tenant)).all(),
        suggestions=session().scalars(newest.order_by(MoveOnSuggestion.id.desc()).limit(10)).all(),
        strengths=shown_strengths, strength_words=strength_words, **in_templates(),
    )  # fmt: skip
