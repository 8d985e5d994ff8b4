"""Homeward: the domain, and the tenants' door."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tenant_app.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The tenants' door as a WSGI app. Without `settings`, they are read from the environment."""
    from tenant_app.door import create_app

    return create_app(settings)
