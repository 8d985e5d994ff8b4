"""The gate of a door: asked before every page, it finds out who is here and whether the page is for them.

Nothing is remembered between requests but what the database says now. So a leaver, a worker who lost a caseload,
a device that was signed out: each is refused from the very next request on.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, abort, current_app, g, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.accounts.entry import Visit, digest
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.web.audience import ANYONE, HALFWAY, TENANT, audience_of
from tenant_app.web.house import house, session
from tenant_app.web.origin import SAFE

COOKIES = {"tenant": "homeward_tenant", "staff": "homeward_staff"}


def gate_of(door: str) -> Callable[[], AnyResponse | None]:
    """The gate of the `tenant` or the `staff` door."""

    def gate() -> AnyResponse | None:
        if request.endpoint == "static":
            return None  # style sheets and icons are everybody's; looking up a visit for each would be waste
        g.door = door
        visit = _visit(door)
        if visit is not None:
            g.visit, g.language = visit, visit.person.language
        if request.endpoint is None:
            return None  # no such page, or not with this method: the router answers 404 or 405
        audience = audience_of(current_app, request.endpoint)
        if ANYONE in audience or _standing(visit) & audience:
            return None
        if visit is not None and visit.complete:
            abort(404 if door == "tenant" else 403)
        return _to_sign_in()

    return gate


def _visit(door: str) -> Visit | None:
    secret = request.cookies.get(COOKIES[door])
    if not secret:
        return None
    visit = session().scalar(
        select(Visit)
        .where(Visit.secret_digest == digest(secret), Visit.door == door)
        .options(joinedload(Visit.person.of_type(Tenant if door == "tenant" else Worker)))
    )
    if visit is None or not visit.live:
        return None
    if visit.stale:
        _touch(visit)
    return visit


def _touch(visit: Visit) -> None:
    if request.method not in SAFE:
        visit.touch()
        return
    # A GET of a tenant is held to reading, so this one note is written beside it.
    session().rollback()
    with house().database.step() as beside:
        beside.get_one(Visit, visit.id).touch()


def _standing(visit: Visit | None) -> frozenset[str]:
    """What this visitor counts as."""
    if visit is None:
        return frozenset()
    if not visit.complete:
        return frozenset({HALFWAY})
    person = visit.person
    return frozenset({person.role if isinstance(person, Worker) else TENANT})


def _to_sign_in() -> AnyResponse:
    target = url_for("signin.ask", next=request.full_path.rstrip("?") if request.method in SAFE else None)
    if request.htmx:  # type: ignore[attr-defined]
        # htmx would follow a redirect and put a whole sign-in page into a corner of this one.
        return Response(status=401, headers={"HX-Redirect": target})
    return redirect(target, 303)


def visit() -> Visit:
    """The visit of whoever is here. Only on pages that are not for anyone."""
    found: Visit = g.visit
    return found


def visitor() -> Person | None:
    """Whoever is signed in, on pages that are for anyone."""
    here: Visit | None = g.get("visit")
    return here.person if here is not None and here.complete else None


def tenant() -> Tenant:
    """The tenant who is here, on a page that is theirs."""
    person = visit().person
    assert isinstance(person, Tenant)
    return person


def worker() -> Worker:
    """The worker who is here, on a page of the staff door."""
    person = visit().person
    assert isinstance(person, Worker)
    return person


def admit(response: AnyResponse, secret: str, visit: Visit) -> AnyResponse:
    """Hand over the cookie of a new visit. A shared phone forgets it when the browser closes."""
    door = visit.door
    response.set_cookie(
        COOKIES[door],
        secret,
        max_age=None if visit.shared else int((visit.ends_at - visit.began_at).total_seconds()),
        httponly=True,
        secure=house().settings.secure,
        samesite="Lax",
        path=request.script_root or "/",
    )
    return response


def see_off(response: AnyResponse) -> AnyResponse:
    """Take the cookie back, and have the browser forget what it kept of these pages."""
    response.delete_cookie(COOKIES[g.door], path=request.script_root or "/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def safe_next(address: str | None) -> str:
    """Where to go after signing in: a page of this door that was asked for before, else its first page.

    Anything that could lead to another site is dropped: `//elsewhere`, `/\\elsewhere`, `https:`.
    """
    home = request.script_root + "/"
    if not address or not address.startswith("/") or address[1:2] in ("/", "\\") or "\n" in address:
        return home
    return request.script_root + address


def chosen_scheme() -> str:
    """`light` or `dark` where the visitor chose one, else empty: the phone decides."""
    person = visitor()
    return person.scheme if person else ""
