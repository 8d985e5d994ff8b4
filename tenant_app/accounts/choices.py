"""What both doors do the same way: the choice of a language and of light or dark, and words about refusals."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, g, redirect, request
from flask_babel import gettext
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from tenant_app.accounts import rules
from tenant_app.accounts.consent import Category
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIE_LASTS, safe_next, visit
from tenant_app.accounts.models import Look, Role, Tenant
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.web import locale
from tenant_app.web.house import house, session

_STATUSES = {rules.Locked: 429, rules.Wrong: 422, rules.Expired: 410, rules.Used: 410}


def choose_language() -> Response:
    """Remember the language that was asked for, and go on with a full load: `<html lang dir>` changes with it."""
    code = request.form.get("language")
    if code not in [known.code for known in locale.offered()]:
        abort(400)
    here: Visit | None = g.get("visit")
    if here is not None:
        here.person.language = code
    answer = redirect(safe_next(request.form.get("next")), 303)
    answer.set_cookie(
        locale.COOKIE, code, max_age=int(COOKIE_LASTS.total_seconds()), httponly=True,
        secure=house().settings.secure, samesite="Lax", path=request.script_root or "/",
    )  # fmt: skip
    return answer


def choose_scheme() -> Response:
    """Remember light or dark; an empty choice leaves it to the phone."""
    scheme = request.form.get("scheme")
    if scheme not in ("", "light", "dark"):
        abort(400)
    visit().person.scheme = scheme
    return redirect(safe_next(request.form.get("next")), 303)


def status_of(refusal: rules.Refused) -> int:
    """The HTTP status that says the same."""
    return _STATUSES[type(refusal)]


def say_wrong_pin() -> str:
    """Which of the two was wrong is not said."""
    return gettext("This name and PIN do not belong together. Look at both once more")


def demo_people() -> list[dict[str, Any]]:
    """Who can be signed in as, in a demo; nobody in real use."""
    people: list[dict[str, Any]] = current_app.config.get("DEMO_PEOPLE", [])
    return people if house().settings.demo else []


def say_look(look: Look) -> Markup:
    """`Grace Okafor opened a goal you share`: what a worker did with a tenant's record, in a whole sentence."""
    known = {
        "overview": gettext("%(name)s opened your page"),
        "goal": gettext("%(name)s opened a goal you share"),
        "register": gettext("%(name)s took the register of a group you were booked on"),
        "needs": gettext("%(name)s read what you need in a group you booked"),
        "missed": gettext("%(name)s read that we missed you in a group"),
        "signs": gettext("%(name)s read that you may like to be asked how you are"),
        "requests": gettext("%(name)s read that you told us you cannot pay"),
        "moods": gettext("%(name)s opened how you felt around groups"),
        "check-ins": gettext("%(name)s opened your check-ins"),
        "repair": gettext("%(name)s opened one of your repairs"),
        "inspection": gettext("%(name)s opened an inspection of your room"),
        "rent": gettext("%(name)s opened your rent account"),
        "medication": gettext("%(name)s opened your medicines"),
        "audit": gettext("%(name)s opened a count of your medicines"),
        "safety-plan": gettext("%(name)s opened your plan for hard days"),
        "messages": gettext("%(name)s opened your messages"),
        "chat": gettext("%(name)s opened a chat you asked for"),
        "strengths": gettext("%(name)s opened what you have going for you"),
        "move-on": gettext("%(name)s opened your move-on plan"),
        "support-plan": gettext("%(name)s opened the reviews of your support plan"),
        "notes": gettext("%(name)s opened what was written about your key work"),
        "tasks": gettext("%(name)s opened what was promised to you"),
        "timeline": gettext("%(name)s opened what happened lately"),
        "documents": gettext("%(name)s opened your documents"),
        "handover": gettext("%(name)s read a handover between shifts that names you"),
        "request": gettext("%(name)s read what you asked about your record"),
        "override": _say_opened(look) if look.what == "override" else "",
        "withheld": gettext("%(name)s decided that you were not told of it at once"),
        "told": gettext("%(name)s decided that you are told of it"),
        "plan": gettext("%(name)s opened your plan"),
        "code": gettext("%(name)s made a new code for you to sign in with"),
    }
    sentence = known.get(look.what) or gettext("%(name)s opened your record")
    return escape(sentence) % {"name": locale.isolate(look.worker.name)}


def _say_opened(look: Look) -> str:
    """For their safety: which part of the record."""
    known = {
        Category.CHECK_INS: gettext("%(name)s opened your check-ins for your safety, without asking you first"),
        Category.SAFETY_PLAN: gettext(
            "%(name)s opened your plan for hard days for your safety, without asking you first"
        ),
        Category.MESSAGES: gettext("%(name)s opened your messages for your safety, without asking you first"),
        Category.MEDICATION: gettext("%(name)s opened your medicines for your safety, without asking you first"),
    }
    opening = session().get(SafeguardingOverride, look.override_id) if look.override_id else None
    if opening is None:  # of before openings were named in the read log, when there were only these
        return known[Category.MEDICATION]
    other = gettext("%(name)s opened part of your record for your safety, without asking you first")
    return known.get(opening.category, other)


def say_role(look: Look, tenant: Tenant) -> str:
    """Who that worker is to the tenant."""
    if look.worker_id == tenant.keyworker_id:
        return gettext("Your keyworker")
    return {
        Role.KEYWORKER: gettext("A keyworker"),
        Role.COORDINATOR: gettext("A coordinator"),
        Role.FACILITATOR: gettext("A group facilitator"),
        Role.HOUSING_OFFICER: gettext("A housing officer"),
        Role.ADMINISTRATOR: gettext("An administrator"),
    }[look.worker.role]
