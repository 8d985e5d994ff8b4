"""Colleagues: who works here, a code for someone new or without their phone, and goodbye."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response

from staff_portal.administration.forms import CoordinatorForm, FootingForm, WorkerForm
from staff_portal.administration.room import room
from staff_portal.administration.slip import make_slip, take_slip
from staff_portal.roles import footing_words
from staff_portal.signin.joining import picture_of
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Footing, Property, Role, Tenant, Worker, keyworker_is
from tenant_app.accounts.rules import welcome_worker
from tenant_app.accounts.teams import coordinators
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import say, say_number


def _colleagues() -> Select[Worker]:
    return select(Worker).order_by(Worker.left_at.is_not(None), Worker.name, Worker.id)


@room.get("/staff")
@open_to(Role.ADMINISTRATOR)
def staff() -> str:
    """Who works here; those who left last."""
    return render_template(
        "administration/staff.html", colleagues=session().scalars(_colleagues()).all(), me=worker(),
        footing_words=footing_words, named={one.id: one for one in session().scalars(coordinators())},
    )  # fmt: skip


@room.route("/staff/new", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def welcome_colleague() -> str | tuple[str, int] | Response:
    """Add a colleague; the next page shows their code."""
    buildings = list(session().scalars(select(Property).order_by(Property.name)))
    form = WorkerForm.asked(role=Role.KEYWORKER.value).offer(buildings)
    if request.method == "GET":
        return render_template("administration/colleague.html", form=form)
    if form.valid():
        building = next((one for one in buildings if str(one.id) == form.building.data), None)
        try:
            added = welcome_worker(
                session(), form.name.data, form.email.data, Role(form.role.data), building=building,
                footing=Footing(form.footing.data),
            )  # fmt: skip
        except ValueError:
            form.blame("email", gettext("Somebody here has this address already"))
        else:
            make_slip(added, worker())
            return redirect(url_for("administration.colleague_code", worker_id=added.id), 303)
    return render_template("administration/colleague.html", form=form), 422


@room.get("/staff/<uuid:worker_id>/code")
@open_to(Role.ADMINISTRATOR)
def colleague_code(worker_id: UUID) -> str:
    """The slip for a colleague, once; after that, the button for a new one."""
    colleague = find(_colleagues(), worker_id)
    slip = take_slip(colleague)
    picture = picture_of(slip.address_with_code) if slip else ""
    return render_template("administration/colleague_code.html", colleague=colleague, slip=slip, picture=picture)


@room.post("/staff/<uuid:worker_id>/code")
@open_to(Role.ADMINISTRATOR)
def new_colleague_code(worker_id: UUID) -> Response:
    """A new code for a colleague who cannot get in. With it they choose both factors anew."""
    colleague = find(_colleagues().where(Worker.left_at.is_(None)), worker_id)
    make_slip(colleague, worker())
    return redirect(url_for("administration.colleague_code", worker_id=colleague.id), 303)


@room.route("/staff/<uuid:worker_id>/footing", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def footing(worker_id: UUID) -> str | tuple[str, int] | Response:
    """Say whether a colleague is employed, a peer or a volunteer. Whether tenants read it is theirs alone to say."""
    colleague = find(_colleagues().where(Worker.left_at.is_(None)), worker_id)
    form = FootingForm.asked(footing=colleague.footing.value).offer_footings()
    if request.method == "GET":
        return render_template("administration/footing.html", form=form, colleague=colleague)
    if not form.valid():
        return render_template("administration/footing.html", form=form, colleague=colleague), 422
    colleague.work_as(Footing(form.footing.data))
    flash(gettext("Saved."))
    return redirect(url_for("administration.staff"), 303)


@room.route("/staff/<uuid:worker_id>/coordinator", methods=["GET", "POST"])
@open_to(Role.ADMINISTRATOR)
def coordinator(worker_id: UUID) -> str | tuple[str, int] | Response:
    """Say who supervises a colleague, and so whose team their caseload is in."""
    colleague = find(_colleagues().where(Worker.left_at.is_(None)), worker_id)
    choices = session().scalars(coordinators().where(Worker.id != colleague.id)).all()
    form = CoordinatorForm.asked(coordinator=str(colleague.coordinator_id or "")).offer(choices)
    if request.method == "GET":
        return render_template("administration/coordinator.html", form=form, colleague=colleague)
    if not form.valid():
        return render_template("administration/coordinator.html", form=form, colleague=colleague), 422
    colleague.coordinator_id = next((one.id for one in choices if str(one.id) == form.coordinator.data), None)
    flash(gettext("Saved."))
    return redirect(url_for("administration.staff"), 303)


@room.post("/staff/<uuid:worker_id>/left")
@open_to(Role.ADMINISTRATOR)
def left(worker_id: UUID) -> Response:
    """Someone has left, from their next request on; or is back, with the password and app they had.

    Whom they supported stays written down until a coordinator gives those tenants to somebody else.
    """
    colleague = find(_colleagues(), worker_id)
    if colleague.id == worker().id:
        abort(403)  # the last administrator would shut everybody out
    if stated("left"):
        colleague.leave()
        told = say("%(name)s can no longer sign in.", name=colleague.name)
        if left_alone := session().scalar(select(func.count(Tenant.id)).where(keyworker_is(colleague))) or 0:
            told += " " + say_number(
                "%(num)s tenant needs another keyworker. A coordinator finds them at the top of Supervision.",
                "%(num)s tenants need another keyworker. A coordinator finds them at the top of Supervision.",
                left_alone,
            )  # fmt: skip
        flash(told)
    else:
        colleague.left_at = None
        flash(gettext("%(name)s can sign in again.", name=colleague.name))
    return redirect(url_for("administration.staff"), 303)
