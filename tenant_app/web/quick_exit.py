"""Leave at once, when someone is looking: a page about the weather, and nothing behind it.

Going back then finds a page that says nothing until the tenant says that they are alone again. The phone stays signed
in, so that reminders still come; one that other people use is signed out.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenant_app.web.audience import ANYONE, TENANT, audience_of, open_to
from tenant_app.web.house import house
from tenant_app.web.origin import SAFE
from tenant_app.web.pwa import KEEP, NOBODY

room = Blueprint("quick_exit", __name__)

WEATHER = "https://www.bbc.co.uk/weather"
COOKIE = "homeward_left"
"""Set when someone left in a hurry. `app.js` sets it too, because it must not wait for an answer."""
LASTS_SECONDS = 12 * 60 * 60


@room.record
def _tell_templates(state: Any) -> None:
    app: Flask = state.app
    app.jinja_env.globals["weather"] = WEATHER


@room.get("/leave")
@open_to(ANYONE)
def go() -> Response:
    """Where `Leave` leads without JavaScript."""
    response = redirect(WEATHER, 303)
    response.set_cookie(
        COOKIE, "1", max_age=LASTS_SECONDS, httponly=True, secure=house().settings.secure, samesite="Lax",
        path=request.script_root or "/",
    )  # fmt: skip
    return response


@room.before_app_request
def show_nothing() -> Response | None:
    """Answer every page of a tenant's with one that says nothing, once they left in a hurry."""
    if request.endpoint is None or request.method not in SAFE or COOKIE not in request.cookies:
        return None
    if TENANT not in audience_of(current_app, request.endpoint):
        return None
    response = make_response(render_template("left.html"))
    response.headers[KEEP] = NOBODY
    return response


@room.post("/welcome-back")
@open_to(TENANT)
def come_back() -> Response:
    """The tenant is alone again."""
    # 307 keeps it a POST, which signing out has to be.
    response = redirect(url_for("signin.leave"), 307) if g.visit.shared else redirect(url_for("today.show"), 303)
    response.delete_cookie(COOKIE, path=request.script_root or "/")
    return response
