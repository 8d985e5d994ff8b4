"""Build a Flask app for either door: what both have in common, and nothing that only one of them has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, abort, render_template, request
from htmx_flask import Htmx
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix

from tenant_app.database import Database
from tenant_app.keys import Keys, open_keys
from tenant_app.settings import Settings
from tenant_app.web import charts
from tenant_app.web.assets import STATIC, keep_assets
from tenant_app.web.audience import ANYONE, open_to, require_declared
from tenant_app.web.house import House, close, settle
from tenant_app.web.locale import open_languages
from tenant_app.web.logs import keep_logs
from tenant_app.web.origin import from_elsewhere
from tenant_app.web.whose import whose

TEMPLATES = Path(__file__).parent / "templates"

log = structlog.get_logger()

# No script or style but our own files, no frames, no plugins, nothing sent anywhere else. `data:` pictures are for
# the QR code that a worker shows; `blob:` for a photo that is about to be sent.
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "connect-src 'self'",
    "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), interest-cohort=()",
}


class Door(Flask):
    """A Flask app whose pages end their transaction themselves: kept if the answer is below 400, undone otherwise."""

    def dispatch_request(self) -> Response:
        # Here and not in `after_request`: what the database refuses at the last moment must still reach the
        # handlers below, as a 409 or a 503, and never as a page that says all is well.
        response = self.make_response(super().dispatch_request())
        settle(response)
        return response


def open_face(
    name: str,
    rooms: Iterable[Blueprint],
    *,
    settings: Settings | None = None,
    gate: Callable[[], Any] | None = None,
    cookie_key: Callable[[Keys], str] = lambda keys: keys.tenant_cookies,
    reads_only_gets: bool = True,
    templates: Path | None = None,
    layout: str = "layout.html",
    home: str = "today.show",
) -> Flask:
    """An app for one door, with `rooms` behind it and `gate` asked before every page.

    `name` is the import name of the door's package; `templates` its own folder of them, if it has one; `layout` and
    `home` are the frame of its pages and the endpoint they all lead back to. Raises `UndeclaredAudience` if a page of
    any room does not say who it is for.
    """
    keep_logs()
    settings = settings or Settings.from_environment()
    keys = open_keys(settings.instance)
    app = Door(name, static_folder=str(STATIC), static_url_path="/static")
    if settings.proxies:
        # Only as many as we know of: one header more would let a visitor say who they are.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    app.config.update(
        SECRET_KEY=cookie_key(keys),
        SESSION_COOKIE_NAME=f"{name}_note",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=settings.largest_upload,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=300,
        READS_ONLY_GETS=reads_only_gets,
    )
    app.extensions["homeward"] = House(settings, keys, Database(settings.database))
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(charts=charts, settings=settings, face_layout=layout, face_home=home, whose=whose)
    app.jinja_env.globals.setdefault("chosen_scheme", lambda: "")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in (templates, TEMPLATES) if folder])
    app.view_functions["static"] = open_to(ANYONE)(app.view_functions["static"])
    Htmx(app)
    open_languages(app)
    keep_assets(app)

    app.before_request(_refuse_elsewhere)
    if gate:
        app.before_request(gate)
    app.after_request(_armour)
    app.teardown_request(lambda _error: close())
    app.register_error_handler(HTTPException, _explain)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(Exception, _unforeseen)
    for room in rooms:
        app.register_blueprint(room)
    require_declared(app)
    return app


def _refuse_elsewhere() -> None:
    if from_elsewhere(request):
        abort(403)


def _armour(response: Response) -> Response:
    for header, value in HEADERS.items():
        response.headers.setdefault(header, value)
    # A page of somebody's record must not be found again by the next person at this browser.
    response.headers.setdefault("Cache-Control", "no-store" if request.endpoint != "static" else "no-cache")
    return response


def _explain(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error  # a redirect that was raised rather than returned
    known = error.code if error.code in (400, 403, 404, 405, 409, 413, 429) else 400 if error.code < 500 else 500
    answer = render_template("error.html", kind=known), error.code
    headers = {"Allow": ", ".join(error.valid_methods or ())} if isinstance(error, MethodNotAllowed) else {}
    return (*answer, headers)


def _database_away(error: OperationalError) -> Any:
    log.error("database_away", error=str(error.orig))
    close()
    return render_template("error.html", kind=503), 503, {"Retry-After": "10"}


def _changed_meanwhile(_error: StaleDataError) -> Any:
    close()
    return render_template("error.html", kind=409), 409


def _unforeseen(error: Exception) -> Any:
    log.exception("unforeseen", endpoint=request.endpoint)
    close()
    return render_template("error.html", kind=500), 500
