"""Addresses of style sheets, scripts and icons that change when the file does, so that phones may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

STATIC = Path(__file__).parent / "static"


@cache
def fingerprint(name: str) -> str:
    """Eight hex digits of the file's SHA-256. Raises `FileNotFoundError` for a name that does not exist."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]


def asset(name: str) -> str:
    """Address of a file in `web/static/`, with its fingerprint."""
    return url_for("static", filename=name, v=fingerprint(name))


def icon(name: str) -> str:
    """Address of one symbol of the icon sprite."""
    return f"{asset('icons.svg')}#{name}"


def keep_assets(app: Flask) -> None:
    """Give templates `asset` and `icon`, and let phones keep what is asked for by fingerprint."""
    app.jinja_env.globals.update(asset=asset, icon=icon)

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static":
            known = "v" in request.args and response.status_code in (200, 304)
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if known else "no-cache"
        return response
