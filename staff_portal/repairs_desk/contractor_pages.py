"""Contractors: the list of them, and which of them has a repair."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from staff_portal.repairs_desk.contractor_forms import ContractorForm, GiveForm
from staff_portal.repairs_desk.sending import Unsent, send_link
from staff_portal.repairs_desk.showing import in_templates, opened_repair, refused
from staff_portal.roles import CONTRACTOR_KEEPERS, MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.repairs.contractors.jobs import (
    Stale,
    bring_back,
    give,
    job_of,
    retire,
    take_back,
    work_on,
    write_contractor,
)
from tenant_app.repairs.contractors.links import LASTS
from tenant_app.repairs.contractors.models import Contractor, RepairJob, Trade
from tenant_app.repairs.contractors.work import job_behind
from tenant_app.repairs.models import Repair
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session

room = Blueprint("contractors_desk", __name__, template_folder="templates")
room.context_processor(in_templates)

Answer = str | tuple[str, int] | Response


@room.get("/contractors")
@open_to(*CONTRACTOR_KEEPERS)
def index() -> str:
    """Those who take work, and those who do not any more."""
    active = session().scalars(Contractor.listed()).all()
    return render_template(
        "repairs_desk/contractors.html", contractors=work_on(session(), active),
        retired=session().scalars(Contractor.listed(active=False)).all(),
    )  # fmt: skip


@room.route("/contractors/new", methods=["GET", "POST"])
@open_to(*CONTRACTOR_KEEPERS)
def new() -> Answer:
    """Another one."""
    return _write(None)


@room.route("/contractors/<uuid:contractor_id>", methods=["GET", "POST"])
@open_to(*CONTRACTOR_KEEPERS)
def contractor(contractor_id: UUID) -> Answer:
    """Change one."""
    return _write(find(select(Contractor), contractor_id))


@room.post("/contractors/<uuid:contractor_id>/active")
@open_to(*CONTRACTOR_KEEPERS)
def active(contractor_id: UUID) -> Response:
    """Retire one (`active=0`), which takes back what they have; or bring one back (`active=1`)."""
    found = find(select(Contractor).with_for_update(), contractor_id)
    if stated("active"):
        bring_back(session(), found)
        flash(gettext("%(name)s can be given work again.", name=found.name))
    else:
        retire(session(), worker(), found, house().settings.zone)
        flash(gettext("%(name)s is given no more work, and their links lead nowhere now.", name=found.name))
    return redirect(url_for("contractors_desk.index"), 303)


@room.route("/repairs/<uuid:repair_id>/contractor", methods=["GET", "POST"])
@open_to(*MENDERS)
def job(repair_id: UUID) -> Answer:
    """Give a repair to a contractor, another one, or the same one with a new link. Where no e-mail goes out, the link
    is in the answer, once, and nowhere else."""
    repair = opened_repair(repair_id)
    there = job_of(session(), repair)
    taking = session().scalars(Contractor.listed()).all()
    form = GiveForm.asked(
        version=str(repair.version), contractor=str(there.contractor_id) if there else "",
        phone=there.phone if there else "", agreed=bool(there and there.phone),
    ).offer(taking)  # fmt: skip
    if request.method == "GET":
        return _job(repair, form)
    if form.version.data != str(repair.version):
        form.version.data = str(repair.version)
        return refused(_job(repair, form, stale=True)), 409
    if not repair.open or repair.leads_id is not None:
        return _back(repair)
    if not form.valid():
        return refused(_job(repair, form)), 422
    chosen = find(Contractor.listed(), form.chosen)
    given, token = give(
        session(), worker(), repair, chosen, seal=house().keys.seal, zone=house().settings.zone,
        phone=(form.phone.data or "") if repair.tenant is not None else "",
    )  # fmt: skip
    return _send(given, token)


@room.post("/repairs/<uuid:repair_id>/contractor/letter")
@open_to(*MENDERS)
def letter(repair_id: UUID) -> Answer:
    """Try again to send the link that the page still has. Where it leads nowhere any more, a new one can be made."""
    repair = opened_repair(repair_id)
    token = request.form.get("link", "")
    there = job_behind(session(), house().keys.seal, token)
    if there is None or there.repair_id != repair.id or not there.under_way:
        flash(gettext("That link leads nowhere any more. Make a new one here."))
        return redirect(url_for("contractors_desk.job", repair_id=repair_id), 303)
    return _send(there, token)


@room.post("/repairs/<uuid:repair_id>/contractor/take-back")
@open_to(*MENDERS)
def back(repair_id: UUID) -> Response:
    """The contractor has it no more, and their link leads nowhere."""
    repair = opened_repair(repair_id)
    take_back(session(), worker(), repair, house().settings.zone)
    flash(gettext("Taken back. Their link leads nowhere now."))
    return _back(repair)


def _send(given: RepairJob, token: str) -> Answer:
    """Send the link; where no e-mail goes, show it, and why."""
    keep_now()
    unsent = send_link(given, token)
    if unsent is None:
        flash(gettext("The link is on its way to %(address)s.", address=given.contractor.email))
        return _back(given.repair)
    taking = session().scalars(Contractor.listed()).all()
    again = GiveForm(version=str(given.repair.version), contractor=str(given.contractor_id)).offer(taking)
    return _job(given.repair, again, unsent=unsent)


def _write(known: Contractor | None) -> Answer:
    given = {
        "version": str(known.version), "name": known.name, "trade": known.trade.value, "email": known.email,
        "phone": known.phone,
    } if known else {"version": "0"}  # fmt: skip
    form = ContractorForm.asked(**given).offer()
    if request.method == "GET":
        return _contractor(known, form)
    if not form.valid():
        return _contractor(known, form), 422
    version = form.version.data or ""
    try:
        write_contractor(
            session(), known, name=form.name.data, trade=Trade(form.trade.data), email=form.email.data,
            phone=form.phone.data or "",
            version=int(version[:9]) if version.isascii() and version.isdecimal() else -1,
        )  # fmt: skip
    except Stale:
        form.version.data = given["version"]
        return _contractor(known, form, stale=True), 409
    flash(gettext("Saved."))
    return redirect(url_for("contractors_desk.index"), 303)


def _contractor(known: Contractor | None, form: ContractorForm, *, stale: bool = False) -> str:
    return render_template("repairs_desk/contractor.html", contractor=known, form=form, stale=stale)


def _job(repair: Repair, form: GiveForm, *, stale: bool = False, unsent: Unsent | None = None) -> str:
    return render_template(
        "repairs_desk/job.html", repair=repair, form=form, stale=stale, job=job_of(session(), repair), unsent=unsent,
        days=LASTS.days, may_keep=worker().role in CONTRACTOR_KEEPERS,
    )  # fmt: skip


def _back(repair: Repair) -> Response:
    return redirect(url_for("repairs_desk.repair", repair_id=repair.id), 303)
