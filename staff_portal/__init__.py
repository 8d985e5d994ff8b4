"""The staff door. It owns no tables: what staff do, a review or a register, is the tenant's record too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tenant_app.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The staff door as a WSGI app. Without `settings`, they are read from the environment."""
    from staff_portal.door import create_app

    return create_app(settings)
