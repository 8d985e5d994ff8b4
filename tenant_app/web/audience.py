"""Who each page is for. A page that does not say is a mistake, and the house does not open with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., object])

ANYONE = "anyone"
"""Signed in or not."""
TENANT = "tenant"
"""A tenant at the tenants' door."""
SETTLING = "settling"
"""A tenant who came in by a code and has no PIN or passkey yet, or no longer."""
HALFWAY = "halfway"
"""A worker whose password was right and whose second factor is still to come."""


class UndeclaredAudience(RuntimeError):
    """A route was added without saying who may use it."""


def open_to(*audience: str) -> Callable[[View], View]:
    """Declare who may use a page: `ANYONE`, `TENANT`, `SETTLING`, `HALFWAY`, or the roles of workers."""

    def declare(view: View) -> View:
        view.audience = frozenset(audience)  # type: ignore[attr-defined]
        return view

    return declare


def audience_of(app: Flask, endpoint: str) -> frozenset[str]:
    """Who may use this endpoint; nobody, if it never said."""
    declared: frozenset[str] = getattr(app.view_functions[endpoint], "audience", frozenset())
    return declared


def require_declared(app: Flask) -> None:
    """Raise `UndeclaredAudience` naming every route that forgot. Called once, when an app is complete."""
    forgotten = sorted(
        {rule.rule for rule in app.url_map.iter_rules() if not audience_of(app, rule.endpoint)}
    )
    if forgotten:
        raise UndeclaredAudience(", ".join(forgotten))
