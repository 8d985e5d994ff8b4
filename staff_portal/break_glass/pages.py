"""Breaking the glass: reading what somebody did not share, for their safety, for a day, with a reason, never unseen."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import or_
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from staff_portal.break_glass.forms import OpenForm
from staff_portal.break_glass.records import category_words, kinds, page_words
from staff_portal.roles import GLASS_BREAKERS
from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.safeguarding import SafeguardingOverride, tenants_answered_for
from tenant_app.reminders.safety import open_for_safety
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

room = Blueprint("break_glass", __name__, template_folder="templates")

MOST = 20
"""Names shown of those found."""


@room.app_context_processor
def words() -> dict[str, object]:
    """What kinds of record are called, also on the pages that an opening leads to."""
    return {"category_words": category_words, "page_words": page_words}


@room.get("/safety")
@open_to(*GLASS_BREAKERS)
def index() -> str:
    """What is open to me now, and finding the person one is worried about: names and homes, nothing of any record."""
    search = tidy(request.args.get("q")) or ""
    wanted = tenants_answered_for(worker())
    for word in search.split():
        places = (Tenant.name, Tenant.known_as, Tenant.flat)
        wanted = wanted.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    mine = SafeguardingOverride.of_worker(worker()).options(joinedload(SafeguardingOverride.tenant))
    return render_template(
        "break_glass/index.html", tenants=session().scalars(wanted.limit(MOST)).all(), search=search, most=MOST,
        openings=session().scalars(mine).all(), pages={kind.category: kind.pages for kind in kinds()},
    )  # fmt: skip


@room.route("/safety/<uuid:tenant_id>", methods=["GET", "POST"])
@open_to(*GLASS_BREAKERS)
def reason(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """Ask what and why, and open it for a day."""
    found = find(tenants_answered_for(worker()), tenant_id)
    form = OpenForm.asked().offer()
    if request.method == "GET":
        return _asked(found, form)
    if not form.valid():
        return _asked(found, form), 422
    category = Category(form.category.data)
    override = open_for_safety(
        session(), worker(), found, category, form.reason.data, language().code, withhold_because=form.withheld_because
    )
    if override.withheld:
        flash(gettext("Open for 24 hours. A coordinator or an administrator decides whether %(name)s is told.",
                      name=found.known_as))  # fmt: skip
    else:
        flash(gettext("Open for 24 hours. %(name)s is told that you looked, and can read why.", name=found.known_as))
    [page, *_] = next(kind.pages for kind in kinds() if kind.category is category)
    return redirect(url_for(page, tenant_id=found.id), 303)


def _asked(tenant: Tenant, form: OpenForm) -> str:
    return render_template("break_glass/reason.html", tenant=tenant, form=form, kinds=list(kinds()))
