"""The tenant's page on which they say how a session was. Nobody is told who said it, and nobody can find out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response
from wtforms import validators

from tenant_app.accounts.gate import tenant
from tenant_app.accounts.once import KEY
from tenant_app.groups.after.feedback import FEWEST, LONGEST, Answered, NotNow, answer, has_answered, may_answer
from tenant_app.groups.after.models import Said
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.titles import programme
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import Form, RadioField, own_words
from tenant_app.web.house import find, house, keep_now, session

room = Blueprint("group_feedback", __name__, template_folder="templates")


class FeedbackForm(Form):
    """Two taps, and a sentence for those who like."""

    helped = RadioField(_("Did it help you?"), validate_choice=False)
    welcome = RadioField(_("Did you feel welcome?"), validate_choice=False)
    words = own_words(
        _("Is there anything you would like to say?"),
        _("One sentence, if you like. Do not write names, yours or anybody’s: then nobody can tell who wrote it."),
        longest=LONGEST, long=True, rows=3, autocomplete="off",
    )  # fmt: skip

    def validate_helped(self, field: RadioField) -> None:
        """One of the three."""
        if field.data not in set(Said):
            raise validators.StopValidation(gettext("Choose whether it helped you"))

    def validate_welcome(self, field: RadioField) -> None:
        """One of the three."""
        if field.data not in set(Said):
            raise validators.StopValidation(gettext("Choose whether you felt welcome"))


@room.app_context_processor
def on_sessions() -> dict[str, object]:
    """For a session's own page: whether one may say how it was (`ask`), has said it (`said`), or neither (empty)."""

    def feedback_of(booking: Booking | None) -> str:
        if booking is None or not may_answer(booking):
            return ""
        return "said" if has_answered(session(), booking, house().keys.seal) else "ask"

    return {"feedback_of": feedback_of}


@room.route("/groups/<uuid:session_id>/feedback", methods=["GET", "POST"])
@open_to(TENANT)
def give(session_id: UUID) -> str | tuple[str, int] | Response:
    """Three short questions, answered once."""
    it = find(GroupSession.of(tenant()), session_id)
    booking = session().scalar(Booking.of(tenant()).where(Booking.session_id == it.id))
    if booking is None:
        abort(404)
    form = FeedbackForm.asked()
    if request.method == "POST":
        if request.headers.get(KEY) or "idempotency_key" in request.form:
            abort(400)  # what is remembered under a key is remembered with whose it was
        if not form.valid():
            return _page(it, booking, form), 422
        keep_now()  # whatever names this person is kept before, and not beside, what they say
        try:
            answer(
                session(), booking, house().keys.seal, helped=Said(form.helped.data), welcome=Said(form.welcome.data),
                words=form.words.data or "",
            )
        except NotNow:
            abort(409)
        except Answered:
            return redirect(url_for("groups.show", session_id=session_id), 303)
        flash(gettext("Thank you for telling us."))
        return redirect(url_for("groups.show", session_id=session_id), 303)
    return _page(it, booking, form)


def _page(it: GroupSession, booking: Booking, form: FeedbackForm) -> str:
    return render_template(
        "groups/feedback.html", it=it, page=programme(it.kind), form=form, open=may_answer(booking), fewest=FEWEST,
        answered=has_answered(session(), booking, house().keys.seal),
    )  # fmt: skip
