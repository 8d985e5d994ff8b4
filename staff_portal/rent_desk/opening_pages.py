"""Opening an account: find the tenant, then say what their home costs."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Select, func, or_, select
from werkzeug.wrappers import Response

from staff_portal.rent_desk.account_pages import today
from staff_portal.rent_desk.forms import OpenForm
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Occupancy, Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.rules import open_account
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, house, session

MOST_ROWS = 50


@room.get("/rent/open")
@open_to(*RENT_KEEPERS)
def without_account() -> str:
    """Tenants who have no account that goes on: names and homes, nothing of anybody's record."""
    search = tidy(request.args.get("q")) or ""
    wanted = _without_account()
    for word in search.split():
        places = (Tenant.name, Tenant.known_as, Tenant.flat)
        wanted = wanted.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    found = session().scalars(wanted.limit(MOST_ROWS)).all()
    return render_template("rent_desk/without_account.html", tenants=found, search=search, most=MOST_ROWS)


@room.route("/rent/open/<uuid:tenant_id>", methods=["GET", "POST"])
@open_to(*RENT_KEEPERS)
def open_for(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """What the home of one tenant costs, from its first due day on."""
    tenant = find(_without_account(), tenant_id)
    form = OpenForm.asked(begins_on=tenant.moved_in_on, occupancy=tenant.occupancy.value, benefit=True).offer()
    if request.method == "GET":
        return render_template("rent_desk/open.html", tenant=tenant, form=form)
    if form.valid() and form.first_due_on.data < form.begins_on.data:
        form.blame("first_due_on", gettext("Choose the day on which it began, or a later one"))
    if form.problems:
        return render_template("rent_desk/open.html", tenant=tenant, form=form), 422
    try:
        account = open_account(
            session(), tenant, frequency=Frequency(form.frequency.data), first_due_on=form.first_due_on.data,
            service_charge_pence=form.service.data, eligible_rent_pence=form.rent.data, zone=house().settings.zone,
            benefit_pays_rent=bool(form.benefit.data), reference=form.reference.data or "",
            occupancy=Occupancy(form.occupancy.data), began_on=form.begins_on.data,
        )  # fmt: skip
    except ValueError:
        form.blame("reference", gettext("Another account has this reference"))
        return render_template("rent_desk/open.html", tenant=tenant, form=form), 422
    if account.ended_on is not None:
        form.blame("begins_on", gettext("An account that began on this day has ended"))
        return render_template("rent_desk/open.html", tenant=tenant, form=form), 422
    look_at(session(), worker(), tenant, "rent")
    flash(gettext("The account is open."))
    return redirect(url_for("rent_desk.account", account_id=account.id), 303)


def _without_account() -> Select[Tenant]:
    has_one = select(RentAccount.id).where(
        RentAccount.tenant_id == Tenant.id, or_(RentAccount.ended_on.is_(None), RentAccount.ended_on > today())
    )
    return (
        select(Tenant).where(Tenant.left_at.is_(None), ~has_one.exists()).order_by(func.lower(Tenant.name), Tenant.id)
    )
