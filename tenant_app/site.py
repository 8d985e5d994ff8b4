"""Both doors on one port: tenants at `/`, staff at `/staff/`. Two apps, each with its own cookies and keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.utils import import_string

from tenant_app.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

# Named as a WSGI server names them: the tenants' side of the house does not import the staff's.
TENANT_DOOR = "tenant_app:create_app"
STAFF_DOOR = "staff_portal:create_app"


def open_site(settings: Settings, **config: Any) -> Callable[..., Any]:
    """One WSGI app for both doors. `config` is laid over the Flask configuration of each."""
    doors = [_open(address, settings, config) for address in (TENANT_DOOR, STAFF_DOOR)]
    return DispatcherMiddleware(doors[0], {"/staff": doors[1]})


def _open(address: str, settings: Settings, config: dict[str, Any]) -> Flask:
    app: Flask = import_string(address)(settings)
    app.config.update(config)
    return app
