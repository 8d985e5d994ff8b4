"""The plan on a phone of the tenant's own, there also after their visit has ended: for the night when the PIN will not
come to mind. Only where they asked for it, on that one phone; signing out, a phone that others use, and anybody else
who signs in there take it off.
"""

from __future__ import annotations

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import COOKIE_LASTS
from tenant_app.web.house import house
from tenant_app.web.whose import whose

COOKIE = "homeward_plan"
"""Holds the tag of whoever wants their plan to stay on this phone."""
STAYS = "X-Homeward-Stays"
"""What our service worker does with the plan: `page` keeps this page; `none` lets go of the one it has. Without this
header it leaves things as they are: nobody is signed in, and that is what the plan stays for."""
PAGE, NONE = "page", "none"


def stays_here() -> bool:
    """Whether whoever is signed in wants their plan to stay on this phone."""
    return bool(whose()) and request.cookies.get(COOKIE) == whose()


def choose(response: Response, *, stays: bool) -> Response:
    """Remember on this phone whether the plan of whoever is signed in stays on it."""
    path = request.script_root or "/"
    if stays and whose():
        response.set_cookie(
            COOKIE, whose(), max_age=int(COOKIE_LASTS.total_seconds()), httponly=True, secure=house().settings.secure,
            samesite="Lax", path=path,
        )  # fmt: skip
    else:
        response.delete_cookie(COOKIE, path=path)
    return response


def say_whether_it_stays(response: Response) -> Response:
    """Tell the service worker, with every page of somebody who is signed in. Whoever signs out has taken it off, for
    the next visit too."""
    if request.endpoint == "signin.leave" and response.status_code < 400:
        return choose(response, stays=False)
    visit: Any = g.get("visit")
    if request.method != "GET" or response.mimetype != "text/html" or visit is None or not visit.complete:
        return response
    if not stays_here():
        response.headers[STAYS] = NONE
    elif response.status_code == 200 and request.endpoint == "safety_plan.show":
        response.headers[STAYS] = PAGE
    return response
