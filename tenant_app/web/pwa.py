"""What makes the tenants' door an app on a phone: manifest, service worker, the page for when there is no signal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.web import content
from tenant_app.web.assets import asset
from tenant_app.web.audience import ANYONE, TENANT, open_to
from tenant_app.web.house import house
from tenant_app.web.locale import language
from tenant_app.web.whose import whose

room = Blueprint("app", __name__)

KEEP = "X-Homeward-Keep"
"""What our service worker may do with a page: keep it for the visit that is named, or forget all it kept (`NOBODY`).
A page without this header is neither kept nor a reason to forget."""
NOBODY = "nobody"
WHOSE = "X-Homeward-Whose"
"""Whose page it is: what waits on a phone is sent for them and for nobody else."""

SHELL = (
    "homeward.css", "figures.css", "dusk.css", "icons.svg", "app.js", "outbox.js", "vendor/htmx-2.0.11.min.js",
    "icons/icon.svg", "icons/icon-192.png", "icons/badge-96.png",
)  # fmt: skip
"""Files of every page."""

KEPT_UNASKED = ("app.offline", "help.show", "safety_plan.show")
"""Pages that a phone keeps before they were ever opened on it, as far as this door has them."""


@room.get("/manifest.webmanifest")
@open_to(ANYONE)
def manifest() -> Response:
    """The web app manifest, in the reader's language. The name is the association's and gives nothing away."""
    speech = language()
    answer = jsonify(
        id=url_for("today.show"),
        name=house().settings.app_name,
        short_name=house().settings.app_name,
        lang=speech.code,
        dir=speech.direction,
        start_url=url_for("today.show"),
        scope=url_for("today.show"),
        display="standalone",
        background_color="#f6f2ea",
        theme_color="#f6f2ea",
        icons=[
            {"src": asset("icons/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
            {"src": asset("icons/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
            {"src": asset("icons/maskable-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


@room.get("/service-worker.js")
@open_to(ANYONE)
def service_worker() -> Response:
    """The service worker of this release, in the reader's language; one that removes itself where it is switched off.

    Asked for again with each visit, so that a bad one can always be replaced.
    """
    return worker_script("service-worker.js", _facts)


def worker_script(template: str, facts: Callable[[], dict[str, Any]]) -> Response:
    """A door's service worker out of `template`, told `facts`; one that removes itself where workers are switched off.

    Its release is named after the facts, so that whatever changes in them makes it a new one.
    """
    if house().settings.service_worker:
        told = facts()
        release = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
        script = render_template(template, release=release, **told)
    else:
        script = render_template("no-service-worker.js")
    answer = Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@room.get("/offline")
@open_to(ANYONE)
def offline() -> str:
    """What is shown without a signal for a page that was not seen before: whom to call, above all."""
    return render_template("offline.html", page=content.page("contacts", "crisis"))


@room.get("/outbox")
@open_to(ANYONE, TENANT)
def outbox() -> str:
    """What was done on this phone without a signal, and what became of it. The phone fills it in; we know nothing of it
    yet. It opens without a signal too."""
    return render_template("outbox.html")


@room.after_app_request
def say_what_to_keep(response: AnyResponse) -> AnyResponse:
    """Tell the service worker for whom a page may be kept: for nobody on a phone that other people use."""
    if request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html":
        visit: Any = g.get("visit")
        if visit is None or not visit.complete or visit.shared or not house().settings.service_worker:
            response.headers.setdefault(KEEP, NOBODY)
        elif request.blueprint not in ("signin", "contractor_job"):  # what is not theirs is not kept for them
            response.headers.setdefault(KEEP, hashlib.sha256(str(visit.id).encode()).hexdigest()[:16])
            response.headers.setdefault(WHOSE, whose())
    return response


def _facts() -> dict[str, Any]:
    """All that the worker is told. Its release is named after this, so that whatever changes makes it a new one."""
    pages = [url_for("app.offline"), url_for("help.show"), url_for("app.outbox")]
    contacts = content.page("contacts", "crisis")
    return {
        "shell": [asset(name) for name in SHELL] + pages,
        "always": [url_for(name) for name in KEPT_UNASKED if name in current_app.view_functions],
        "offline": url_for("app.offline"),
        "outbox": url_for("app.outbox"),
        "start": url_for("today.show"),
        "files": url_for("static", filename=""),
        "elsewhere": _other_door(),
        "icon": asset("icons/icon-192.png"),
        "badge": asset("icons/badge-96.png"),
        "shelf": "homeward",
        "name": house().settings.app_name,
        "spoken": [language().code, language().direction],
        "numbers": hashlib.sha256(repr((contacts.facts, contacts.text)).encode()).hexdigest()[:12],
    }


def _other_door() -> str:
    """Path of the staff door where it shares our host, which a worker for all of `/` must leave alone; else empty."""
    ours, theirs = urlsplit(house().settings.tenant_url), urlsplit(house().settings.staff_url)
    path = theirs.path.rstrip("/")
    return f"{path}/" if theirs.netloc == ours.netloc and path else ""
