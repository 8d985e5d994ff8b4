"""The tenant's page of their keyworker: who it is, who stands in, what they see, and who it was before."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext

from tenant_app.accounts.consent import Category, Consent
from tenant_app.accounts.cover import stand_in_of
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.keyworking import Keyworking
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import session

room = Blueprint("keyworkers", __name__, template_folder="templates")

MOST_SHOWN = 100


@room.get("/keyworker")
@open_to(TENANT)
def show() -> str:
    """My keyworker."""
    keyworker = tenant().keyworker
    if keyworker is not None and not keyworker.supports:
        keyworker = None
    seen = set()
    if keyworker is not None:
        seen = {one.category for one in session().scalars(Consent.all_in_force(tenant(), keyworker))}
    before = session().scalars(Keyworking.of(tenant()).limit(MOST_SHOWN)).all()
    return render_template(
        "keyworkers/show.html", keyworker=keyworker, cover=stand_in_of(session(), tenant()), before=before,
        kinds=[(category_words(one), one in seen) for one in Category],
    )  # fmt: skip


def category_words(category: Category) -> str:
    """What a kind of record is called to the tenant whose it is."""
    return {
        Category.MEDICATION: gettext("My medicines"),
        Category.CHECK_INS: gettext("My check-ins"),
        Category.SAFETY_PLAN: gettext("My plan for hard days"),
        Category.GROUPS: gettext("Groups I missed"),
        Category.STRENGTHS: gettext("What I am good at"),
        Category.MOVE_ON: gettext("My move-on plan"),
        Category.MESSAGES: gettext("Earlier messages"),
    }[category]
