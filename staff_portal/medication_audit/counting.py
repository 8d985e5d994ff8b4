"""Counting the shelf with a tenant, counting again, and the second person's word."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.medication_audit.forms import CountForm, SignatureForm, count_form
from staff_portal.medication_audit.room import look, room
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.medication.auditing.models import MedicationAudit, tenants_shared_with
from tenant_app.medication.auditing.rules import (
    ActionNeeded,
    AlreadyCounted,
    CountsDiffer,
    NothingToCount,
    OwnCount,
    Superseded,
    count_again,
    count_month,
    countersign,
    may_confirm,
    medicines_to_count,
    this_month,
)
from tenant_app.medication.auditing.words import tell_quantity
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session


@room.route("/<uuid:tenant_id>/count", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def count(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """The count of this month. What is expected is not shown before: one counts what is there."""
    found, zone = find(tenants_shared_with(worker()), tenant_id), house().settings.zone
    look(found, "audit")
    form = count_form(medicines_to_count(session(), found, zone))
    known = session().scalar(MedicationAudit.of(found).where(MedicationAudit.month == this_month(zone)))
    if request.method == "GET":
        return redirect(_at(known.id), 303) if known else _ask(found, form)
    keep_now()
    if form.valid():
        try:
            audit = count_month(session(), worker(), found, form.said, zone)
            flash(gettext("Kept. Now a second person looks at it."))
            return redirect(_at(audit.id), 303)
        except AlreadyCounted as already:
            return _ask(found, form, first=already.audit), 409
        except ActionNeeded as needed:
            _blame_action(form, needed)
        except (CountsDiffer, NothingToCount):
            return _ask(found, form, changed=True), 409
    return _ask(found, form), 422


@room.get("/counts/<uuid:audit_id>")
@open_to(*SUPPORTERS)
def audit(audit_id: UUID) -> str:
    """One month's audit: each count of it, and who said what."""
    found = find(MedicationAudit.shared_with(worker()), audit_id)
    look(found.tenant, "audit")
    return _show(found, SignatureForm.asked(number=str(found.latest.number)))


@room.post("/counts/<uuid:audit_id>/signature")
@open_to(*SUPPORTERS)
def sign(audit_id: UUID) -> tuple[str, int] | Response:
    """A second person saw the same, or something else. `agreed` states it, so a double tap changes nothing."""
    found = find(MedicationAudit.shared_with(worker()), audit_id)
    look(found.tenant, "audit")
    agreed, form = stated("agreed"), SignatureForm.asked()
    keep_now()
    if not form.valid():
        return _show(found, form), 422
    if not agreed and not form.words.data:
        form.blame("words", gettext("Write what you saw"))
        return _show(found, form), 422
    try:
        countersign(
            session(), worker(), found, form.number.entry, house().settings.zone, agreed=agreed,
            words=form.words.data or "",
        )  # fmt: skip
    except (OwnCount, Superseded):
        form.number.data = str(found.latest.number)
        return _show(found, form, stale=True), 409
    if agreed:
        flash(gettext("Signed. It is kept as it is."))
    else:
        flash(gettext("Kept. The count is open again."))
    return redirect(_at(found.id), 303)


@room.route("/counts/<uuid:audit_id>/again", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def again(audit_id: UUID) -> str | tuple[str, int] | Response:
    """Count once more. The earlier count stays; this one names it."""
    found = find(MedicationAudit.shared_with(worker()), audit_id)
    tenant, zone = find(tenants_shared_with(worker()), found.tenant_id), house().settings.zone
    look(tenant, "audit")
    form = count_form(medicines_to_count(session(), tenant, zone), number=str(found.latest.number))
    if request.method == "GET":
        return _ask(tenant, form, again=found)
    keep_now()
    if not form.because.data:
        form.valid()
        form.blame("because", gettext("Write why it is counted again"))
        return _ask(tenant, form, again=found), 422
    if form.valid():
        try:
            count_again(session(), worker(), found, form.number.entry, form.said, zone)
            flash(gettext("Kept. Now a second person looks at it."))
            return redirect(_at(found.id), 303)
        except Superseded:
            form.number.data = str(found.latest.number)
            return _ask(tenant, form, again=found, first=found), 409
        except ActionNeeded as needed:
            _blame_action(form, needed)
        except (CountsDiffer, NothingToCount):
            return _ask(tenant, form, again=found, changed=True), 409
    return _ask(tenant, form, again=found), 422


def _ask(
    tenant: Tenant, form: CountForm, *, again: MedicationAudit | None = None, first: MedicationAudit | None = None,
    changed: bool = False,
) -> str:  # fmt: skip
    """The form. `first` is what somebody else wrote down meanwhile; `changed`, that the medicines are others now."""
    return render_template(
        "medication_audit/count.html", tenant=tenant, form=form, again=again, first=first, changed=changed,
        month=again.month if again else this_month(house().settings.zone),
    )  # fmt: skip


def _show(audit: MedicationAudit, form: SignatureForm, *, stale: bool = False) -> str:
    mine = session().scalar(tenants_shared_with(worker()).where(Tenant.id == audit.tenant_id)) is not None
    return render_template(
        "medication_audit/audit.html", audit=audit, tenant=audit.tenant, form=form, stale=stale, mine=mine,
        me=worker(), others=may_confirm(session(), audit),
    )  # fmt: skip


def _blame_action(form: CountForm, needed: ActionNeeded) -> None:
    """Say each difference at its count, and ask what was done about it. Only now is what was expected told."""
    for differing in needed.counts:
        assert differing.expected is not None
        form.blame(form.fields[differing.medicine_id], gettext(
            "Counted %(counted)s, expected %(expected)s. Count once more",
            counted=tell_quantity(differing.counted).striptags(),
            expected=tell_quantity(differing.expected).striptags(),
        ))  # fmt: skip
    form.blame("action", gettext("If the count is right, write what you did about the difference"))


def _at(audit_id: UUID) -> str:
    return url_for("medication_audit.audit", audit_id=audit_id)
