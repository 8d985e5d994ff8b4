"""Tenants: who lives here, welcoming someone new, and a new code for someone who cannot get in."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Select, func, or_, select
from werkzeug.wrappers import Response

from staff_portal.administration.forms import TenantForm
from staff_portal.administration.room import room
from staff_portal.administration.slip import Slip, make_slip, take_slip
from staff_portal.finding import found_by
from staff_portal.roles import WELCOMERS
from staff_portal.signin.joining import picture_of
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Occupancy, Property, Role, Tenant, Worker
from tenant_app.accounts.rules import housed_by, look_at, welcome_tenant
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import LANGUAGES, speaking

PAGE = 50


@room.get("/tenants")
@open_to(*WELCOMERS)
def tenants() -> str:
    """Who lives here: names and homes, nothing of anybody's record."""
    search = tidy(request.args.get("q")) or ""
    wanted = housed_by(worker())
    for word in search.split():
        wanted = wanted.where(or_(found_by(word), Tenant.sign_in_name.contains(word.lower(), autoescape=True)))
    count = session().scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    pages = max(-(-count // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    found = session().scalars(wanted.limit(PAGE).offset((page - 1) * PAGE)).all()
    return render_template(
        "administration/tenants.html", tenants=found, search=search, count=count, page=page, pages=pages
    )


@room.route("/tenants/new", methods=["GET", "POST"])
@open_to(*WELCOMERS)
def welcome() -> str | tuple[str, int] | Response:
    """Welcome a new tenant; the next page shows their code."""
    buildings = list(session().scalars(select(Property).order_by(Property.name)))
    keyworkers = list(session().scalars(_keyworkers_beside(worker())))
    today, building = clock.today(house().settings.zone), str(worker().property_id or "")
    form = TenantForm.asked(moved_in_on=today, building=building, keyworker=str(worker().id))
    form.offer(buildings, keyworkers, alone=worker().role is Role.KEYWORKER)
    if request.method == "GET":
        return render_template("administration/welcome.html", form=form)
    if not form.valid():
        return render_template("administration/welcome.html", form=form), 422
    tenant = welcome_tenant(
        session(), form.name.data, known_as=form.known_as.data or "",
        building=next(one for one in buildings if str(one.id) == form.building.data), flat=form.flat.data or "",
        moved_in_on=form.moved_in_on.data, language=form.language.data, occupancy=Occupancy(form.occupancy.data),
        keyworker=next((one for one in keyworkers if str(one.id) == form.keyworker.data), None),
    )  # fmt: skip
    make_slip(tenant, worker())
    return redirect(url_for("administration.code", tenant_id=tenant.id), 303)


@room.get("/tenants/<uuid:tenant_id>/code")
@open_to(*WELCOMERS)
def code(tenant_id: UUID) -> str:
    """The slip for a tenant, once; after that, the button for a new one."""
    tenant = find(housed_by(worker()), tenant_id)
    slip = take_slip(tenant)
    return render_template("administration/code.html", tenant=tenant, slip=_written(tenant, slip) if slip else "")


@room.post("/tenants/<uuid:tenant_id>/code")
@open_to(*WELCOMERS)
def new_code(tenant_id: UUID) -> Response:
    """A new code for a tenant who cannot get in. They can see who made it."""
    tenant = find(housed_by(worker()), tenant_id)
    look_at(session(), worker(), tenant, "code")
    make_slip(tenant, worker())
    return redirect(url_for("administration.code", tenant_id=tenant.id), 303)


def _written(tenant: Tenant, slip: Slip) -> Markup:
    """The slip in the tenant's own language, whatever the worker reads."""
    with speaking(tenant.language):
        page = render_template(
            "administration/_slip.html", tenant=tenant, slip=slip, picture=picture_of(slip.address_with_code),
            speech=LANGUAGES.get(tenant.language, LANGUAGES["en"]),
        )  # fmt: skip
    return Markup(page)  # noqa: S704 - a template's, and so escaped already


def _keyworkers_beside(here: Worker) -> Select[Worker]:
    """Who may be chosen: a keyworker welcomes for themselves alone, or they could not hand over the code."""
    keyworkers = select(Worker).where(Worker.role == Role.KEYWORKER, Worker.left_at.is_(None)).order_by(Worker.name)
    return keyworkers.where(Worker.id == here.id) if here.role is Role.KEYWORKER else keyworkers
