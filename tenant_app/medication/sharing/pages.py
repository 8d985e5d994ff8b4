"""The tenant's pages about who sees their medicines, and what was counted and agreed with them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from dateutil.relativedelta import relativedelta
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import validators

from tenant_app import clock
from tenant_app.accounts.consent import USUAL_MONTHS, Category, Consent, GivenAs, may_be_chosen, part_of
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.models import Worker
from tenant_app.medication.auditing.models import MedicationAudit, SelfAdministration
from tenant_app.medication.auditing.words import level_words, tell_difference, tell_month, tell_quantity
from tenant_app.medication.sharing.rules import share_medicines, stop_sharing
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import Form, RadioField, own_words, stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import isolate, language, tell_day

room = Blueprint("medicine_sharing", __name__)

MONTHS = (1, 3, 6, 12)


class ShareForm(Form):
    """For how long a worker may see one's medicines."""

    months = RadioField(_("For how long?"), validate_choice=False)

    @classmethod
    def offered(cls) -> ShareForm:
        """The form with its choices, the usual one chosen."""
        form: ShareForm = cls.asked(months=str(USUAL_MONTHS))
        words = (gettext("1 month"), gettext("3 months"), gettext("6 months"), gettext("1 year"))
        form.months.choices = [(str(months), said) for months, said in zip(MONTHS, words, strict=True)]
        return form

    @property
    def picks(self) -> list[tuple[str, str, str, bool]]:
        """The choices as tiles."""
        return [(value, "calendar", said, value == self.months.data) for value, said in self.months.choices]

    def validate_months(self, field: RadioField) -> None:
        """One of those offered."""
        if field.data not in map(str, MONTHS):
            raise validators.StopValidation(gettext("Choose for how long"))


class OwnWordsForm(Form):
    """What a tenant says of a count."""

    words = own_words(
        _("What would you like to say about it?"), _("Those who see your medicines read it too. You can change it."),
        longest=1000, long=True, rows=4,
    )  # fmt: skip


@room.app_context_processor
def seen_by() -> dict[str, object]:
    """For the Medicines page: names of those who see it beside its owner; empty for nobody."""

    def medicines_seen_by() -> Markup:
        return Markup(", ").join(isolate(one.worker.name) for one in _standing() if not one.rests)

    return {"medicines_seen_by": medicines_seen_by}


@room.context_processor
def words() -> dict[str, object]:
    """What counts and levels are called."""
    return {
        "level_words": level_words, "part_of": lambda worker: part_of(worker, tenant()),
        "say_part": say_part, "tell_difference": tell_difference, "tell_month": tell_month,
        "tell_quantity": tell_quantity,
    }  # fmt: skip


def say_part(part: GivenAs) -> str:
    """What a worker is to this tenant."""
    return {
        GivenAs.KEYWORKER: gettext("Your keyworker"),
        GivenAs.COORDINATOR: gettext("A coordinator"),
        GivenAs.SECOND_PERSON: gettext("Works here too, and can be the second person at a count"),
    }[part]


@room.get("/medicines/sharing")
@open_to(TENANT)
def sharing() -> str:
    """Who sees this tenant's medicines and until when, and who else could."""
    standing, parts = _standing(), list(GivenAs)
    seen = {consent.worker_id for consent in standing}
    others = [worker for worker in session().scalars(may_be_chosen(tenant())) if worker.id not in seen]
    others.sort(key=lambda worker: parts.index(part_of(worker, tenant())))
    return render_template("medication/sharing.html", standing=standing, others=others)


@room.route("/medicines/sharing/<uuid:worker_id>", methods=["GET", "POST"])
@open_to(TENANT)
def share(worker_id: UUID) -> str | tuple[str, int] | Response:
    """Shall this worker see my medicines, and for how long? Or no longer.

    `share` states the result, so a double tap changes nothing. Whoever was chosen once can always be told to stop.
    """
    chosen_once = select(Consent.worker_id).where(Consent.tenant_id == tenant().id)
    choosable = session().scalar(may_be_chosen(tenant()).where(Worker.id == worker_id))
    worker = choosable or find(select(Worker).where(Worker.id.in_(chosen_once)), worker_id)
    form, zone = ShareForm.offered(), house().settings.zone
    if request.method == "GET" or stated("share"):
        if choosable is None:
            abort(404)
        if request.method == "GET" or not form.valid():
            return _ask(worker, form), 200 if request.method == "GET" else 422
        until = clock.today(zone) + relativedelta(months=int(form.months.data))
        share_medicines(session(), tenant(), worker, zone, expires_on=until)
        flash(gettext("%(name)s can see your medicines until %(day)s.", name=worker.known_as, day=tell_day(until)))
    else:
        stop_sharing(session(), tenant(), worker)
        flash(gettext("%(name)s can no longer see your medicines.", name=worker.known_as))
    return redirect(url_for("medicine_sharing.sharing"), 303)


@room.get("/medicines/counts")
@open_to(TENANT)
def counts() -> str:
    """The level that was agreed, and the counts of each month."""
    levels = session().scalars(SelfAdministration.of(tenant())).all()
    audits = session().scalars(MedicationAudit.of(tenant())).all()
    return render_template("medication/counts.html", levels=levels, audits=audits)


@room.route("/medicines/counts/<uuid:audit_id>", methods=["GET", "POST"])
@open_to(TENANT)
def count(audit_id: UUID) -> str | tuple[str, int] | Response:
    """One month's count, with what the tenant says of it."""
    audit = find(MedicationAudit.of(tenant()), audit_id)
    form = OwnWordsForm.asked(words=audit.tenant_words)
    if request.method == "GET":
        return render_template("medication/count.html", audit=audit, form=form)
    if not form.valid():
        return render_template("medication/count.html", audit=audit, form=form), 422
    audit.add_words(form.words.data or "", language().code)
    flash(gettext("Kept."))
    return redirect(url_for("medicine_sharing.count", audit_id=audit.id), 303)


def _standing() -> Sequence[Consent]:
    found = Consent.open_of(tenant(), Category.MEDICATION).options(joinedload(Consent.worker))
    return session().scalars(found).all()


def _ask(worker: Worker, form: ShareForm) -> str:
    shared = next((consent for consent in _standing() if consent.worker_id == worker.id), None)
    return render_template("medication/share.html", worker=worker, form=form, shared=shared)
