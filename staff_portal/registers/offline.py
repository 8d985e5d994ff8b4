"""Registers without signal: the staff door's own service worker, and the little that it may keep on a phone.

It keeps the list of registers, which names nobody, and those of today's sessions; nothing for longer than a shift,
and nothing once its owner signs out or somebody else signs in.
"""

from __future__ import annotations

import hashlib
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.accounts.entry import WORKER_STAYS
from tenant_app.web.assets import asset
from tenant_app.web.audience import ANYONE, open_to
from tenant_app.web.house import house
from tenant_app.web.locale import language
from tenant_app.web.pwa import KEEP, NOBODY, WHOSE, worker_script
from tenant_app.web.whose import whose

SHELL = (
    "homeward.css", "figures.css", "staff.css", "dusk.css", "icons.svg", "app.js", "register.js", "inspection.js",
    "photos.js", "outbox.js", "vendor/htmx-2.0.11.min.js", "icons/icon.svg",
)  # fmt: skip
"""Files of the pages that open without signal."""


def add_offline(room: Blueprint) -> None:
    """Add the worker and its pages to the registers' room."""
    room.get("/service-worker.js")(service_worker)
    room.get("/registers/no-signal")(no_signal)
    room.get("/registers/waiting")(waiting)
    room.after_app_request(say_what_to_keep)


@open_to(ANYONE)
def service_worker() -> Response:
    """The worker of this release; one that removes itself where workers are switched off."""
    return worker_script("registers/service-worker.js", _facts)


@open_to(ANYONE)
def no_signal() -> str:
    """What is shown without a signal for a page that this phone does not keep."""
    return render_template("registers/no_signal.html")


@open_to(ANYONE)
def waiting() -> str:
    """What was marked on this phone without signal, and what became of it. The phone fills it in."""
    return render_template("registers/waiting.html")


def keep_on_phone() -> None:
    """Let the phone keep the page that is being made."""
    g.kept_on_phone = True


def say_what_to_keep(response: AnyResponse) -> AnyResponse:
    """Tell the service worker for whom a page may be kept, and when to forget all it kept."""
    if request.method == "GET" and response.status_code == 200 and response.mimetype == "text/html":
        visit: Any = g.get("visit")
        if visit is None or not visit.complete or not house().settings.service_worker:
            response.headers.setdefault(KEEP, NOBODY)
        elif g.get("kept_on_phone") and whose():
            response.headers.setdefault(KEEP, hashlib.sha256(str(visit.id).encode()).hexdigest()[:16])
            response.headers.setdefault(WHOSE, whose())
    return response


def _facts() -> dict[str, Any]:
    """All that the worker is told. Its release is named after this, so that whatever changes makes it a new one."""
    pages = [url_for("registers.no_signal"), url_for("registers.waiting")]
    return {
        "shell": [asset(name) for name in SHELL] + pages,
        "offline": url_for("registers.no_signal"),
        "outbox": url_for("registers.waiting"),
        "start": url_for("registers.index"),
        "files": url_for("static", filename=""),
        "icon": asset("icons/icon-192.png"),
        "badge": asset("icons/badge-96.png"),
        "name": house().settings.app_name,
        "spoken": [language().code, language().direction],
        "shelf": "homeward-staff",
        "oldest": int(WORKER_STAYS.total_seconds() * 1000),
    }
