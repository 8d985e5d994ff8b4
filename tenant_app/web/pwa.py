"""What makes the tenants' door an app on a phone: manifest, service worker, and the page for when there is no signal."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, url_for

from tenant_app.web.assets import asset
from tenant_app.web.audience import ANYONE, open_to
from tenant_app.web.house import house
from tenant_app.web.locale import language

room = Blueprint("app", __name__)


@room.get("/manifest.webmanifest")
@open_to(ANYONE)
def manifest() -> Response:
    """The web app manifest, in the reader's language. The name is the association's and gives nothing away."""
    speech = language()
    answer = jsonify(
        id="/",
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
    """The service worker, told the addresses of this release's files. Never cached, so that a bad one can be replaced."""
    shell = [
        asset(name) for name in ("homeward.css", "figures.css", "dusk.css", "icons.svg", "app.js",
                                 "vendor/htmx-2.0.11.min.js", "icons/icon.svg", "icons/badge-96.png",
                                 "icons/icon-192.png")
    ]  # fmt: skip
    script = render_template("service-worker.js", shell=shell, offline=url_for("app.offline"))
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@room.get("/offline")
@open_to(ANYONE)
def offline() -> str:
    """What is shown without a signal for a page that was not seen before: whom to call, above all."""
    return render_template("offline.html")
