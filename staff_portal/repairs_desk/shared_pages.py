"""What only staff see of a repair: which reports are one and the same, and what it costs."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.repairs_desk.forms import CostForm
from staff_portal.repairs_desk.showing import in_templates, note_reading, opened_repair, refused
from staff_portal.roles import MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.desk import Stale, cost_of, write_cost
from tenant_app.repairs.visits.merging import may_be_the_same, merge, part
from tenant_app.repairs.visits.models import RepairCost
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session

room = Blueprint("repair_sharing", __name__, template_folder="templates")
room.context_processor(in_templates)

MOST = 50

Answer = str | tuple[str, int] | Response


@room.route("/repairs/<uuid:repair_id>/same", methods=["GET", "POST"])
@open_to(*MENDERS)
def same(repair_id: UUID) -> Answer:
    """Which other reports are about the same shared part. This one leads; `other` follows it, or no more
    (`merged`)."""
    repair = opened_repair(repair_id)
    if request.method == "GET":
        return _same(repair)
    try:
        other_id = UUID(request.form.get("other", ""))
    except ValueError:
        abort(400)
    other = find(Repair.desk_of(worker()).with_for_update(of=Repair), other_id)
    note_reading(other)
    if not stated("merged"):
        if other.leads_id == repair.id:
            part(session(), other)
        flash(gettext("They are apart again."))
        return redirect(url_for("repair_sharing.same", repair_id=repair_id), 303)
    try:
        merge(session(), worker(), repair, other, house().settings.zone)
    except ValueError:
        return refused(_same(repair, moved_on=True)), 409
    flash(gettext("Both are told the same news from now on."))
    return redirect(url_for("repair_sharing.same", repair_id=repair_id), 303)


@room.route("/repairs/<uuid:repair_id>/cost", methods=["GET", "POST"])
@open_to(*MENDERS)
def cost(repair_id: UUID) -> Answer:
    """What it is thought to cost and what it did. No tenant sees it."""
    repair = opened_repair(repair_id)
    there = cost_of(session(), repair)
    form = CostForm.asked(
        version=str(there.version if there else 0), estimate=there.estimate_pence if there else None,
        actual=there.actual_pence if there else None,
    )  # fmt: skip
    if request.method == "GET":
        return _cost(repair, form, there)
    if not form.valid():
        return refused(_cost(repair, form, there)), 422
    version = form.version.data or ""
    try:
        write_cost(
            session(), worker(), repair, estimate=form.estimate.data, actual=form.actual.data,
            version=int(version[:9]) if version.isascii() and version.isdecimal() else -1,
        )  # fmt: skip
    except Stale:
        form.version.data = str(there.version if there else 0)
        return refused(_cost(repair, form, there, stale=True)), 409
    flash(gettext("Saved. Only staff see it."))
    return redirect(url_for("repairs_desk.repair", repair_id=repair_id), 303)


def _cost(repair: Repair, form: CostForm, there: RepairCost | None, *, stale: bool = False) -> str:
    return render_template("repairs_desk/cost.html", repair=repair, form=form, cost=there, stale=stale)


def _same(repair: Repair, *, moved_on: bool = False) -> str:
    seen = Repair.desk_of(worker()).where(Repair.leads_id == repair.id).order_by(Repair.reported_at, Repair.id)
    may = repair.open and repair.leads_id is None
    return render_template(
        "repairs_desk/same.html", repair=repair, moved_on=moved_on, led=session().scalars(seen).all(),
        others=session().scalars(may_be_the_same(worker(), repair).limit(MOST)).all() if may else [],
    )  # fmt: skip
