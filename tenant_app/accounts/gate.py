"""The gate of a door: asked before every page, it finds out who is here and whether the page is for them.

Nothing is remembered between requests but what the database says now. So a leaver, a worker who lost a caseload,
a device that was signed out: each is refused from the very next request on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, abort, current_app, g, redirect, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.accounts.devices import device_name
from tenant_app.accounts.drafts import seal_draft
from tenant_app.accounts.entry import Visit, digest
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.accounts.once import do_once
from tenant_app.accounts.passkeys import Site
from tenant_app.accounts.read_alerts import THRESHOLD
from tenant_app.accounts.rules import has_lock
from tenant_app.web.audience import ANYONE, HALFWAY, SETTLING, TENANT, audience_of
from tenant_app.web.house import house, session
from tenant_app.web.origin import SAFE
from tenant_app.web.whose import note_whose

COOKIES = {"tenant": "homeward_tenant", "staff": "homeward_staff"}
COOKIE_LASTS = timedelta(days=400)
"""As long as browsers allow. How long a phone stays signed in is the database's to say, and moves on with its use."""


def gate_of(door: str) -> Callable[[], AnyResponse | None]:
    """The gate of the `tenant` or the `staff` door."""

    def gate() -> AnyResponse | None:
        if request.endpoint == "static":
            return None  # style sheets and icons are everybody's; looking up a visit for each would be waste
        g.door = door
        visit = _visit(door)
        if visit is not None:
            g.visit, g.language = visit, visit.person.language
            note_whose(visit)
            session().info[THRESHOLD] = house().settings.read_alert
        if request.endpoint is None:
            return None  # no such page, or not with this method: the router answers 404 or 405
        audience = audience_of(current_app, request.endpoint)
        if ANYONE in audience:
            return None
        standing = _standing(visit)
        if standing & audience:
            return do_once(visit.person) if visit is not None and request.method not in SAFE else None
        if SETTLING in standing:
            return _lead_to(url_for("settling.language"))
        if visit is not None and visit.complete:
            abort(404 if door == "tenant" else 403)
        return _to_sign_in()

    return gate


def _visit(door: str) -> Visit | None:
    secret = request.cookies.get(COOKIES[door])
    if not secret:
        return None
    whose = Visit.person.of_type(Tenant if door == "tenant" else Worker)
    visit = session().scalar(
        select(Visit)
        # Not an outer join: SQLite would read everybody who lives here to find one of them.
        .join(whose)
        .where(Visit.secret_digest == digest(secret), Visit.door == door)
        .options(contains_eager(whose))
    )
    if visit is None or not visit.live:
        g.left_behind = visit.person_id if visit else None
        return None
    if visit.stale:
        _touch(visit)
    return visit


def _touch(visit: Visit) -> None:
    if request.method not in SAFE:
        visit.touch()
        return
    # A GET of a tenant is held to reading, so this one note is written beside it.
    # Its id is asked for first: after the rollback that would begin another reading, and SQLite would have the note
    # wait for the end of it.
    visit_id = visit.id
    session().rollback()
    with house().database.step() as beside:
        beside.get_one(Visit, visit_id).touch()


def _standing(visit: Visit | None) -> frozenset[str]:
    """What this visitor counts as."""
    if visit is None:
        return frozenset()
    if not visit.complete:
        return frozenset({HALFWAY})
    person = visit.person
    if isinstance(person, Tenant):
        return frozenset({TENANT if has_lock(session(), person) else SETTLING})
    return frozenset({person.role} if isinstance(person, Worker) else ())


def _lead_to(target: str) -> AnyResponse:
    if request.htmx:  # type: ignore[attr-defined]
        # htmx would follow a redirect and put a whole other page into a corner of this one.
        return Response(status=401, headers={"HX-Redirect": target})
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        # A script would follow the redirect too, and take the sign-in page for the answer it waits for.
        return Response(status=401)
    return redirect(target, 303)


def _to_sign_in() -> AnyResponse:
    if request.method in SAFE:
        return _lead_to(url_for("signin.ask", next=_own_path()))
    draft = ""
    if request.endpoint != "signin.leave":
        fields = request.form.items(multi=True)
        draft = seal_draft(house().keys.seal, _own_path(), fields, g.get("left_behind"))
    by_htmx = bool(request.htmx)  # type: ignore[attr-defined]
    if not draft or (not by_htmx and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"):
        return _lead_to(url_for("signin.ask"))
    # The sign-in page is the answer itself, with what was typed sealed into it: a redirect would lose it.
    g.draft = draft
    response = current_app.make_response(current_app.view_functions["signin.ask"]())  # type: ignore[arg-type]
    if by_htmx:
        response.headers.update({"HX-Retarget": "body", "HX-Reswap": "innerHTML", "HX-Push-Url": url_for("signin.ask")})
        response.status_code = 422
    return response


def _own_path() -> str:
    """The address that was asked for, without the door's own part of it."""
    return request.full_path.rstrip("?")


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


def let_in(person: Person, response: AnyResponse, *, shared: bool = False, complete: bool = True) -> AnyResponse:
    """Begin a visit of `person` in this browser, in place of any it had: an older cookie is worthless from now on."""
    before: Visit | None = g.get("visit")
    if before is not None:
        before.end()
    device = device_name(request.user_agent.string)
    begun, secret = Visit.begin(person, g.door, device=device, shared=shared, complete=complete)
    session().add(begun)
    session().flush()
    g.visit, g.language = begun, person.language
    return admit(response, secret, begun)


def admit(response: AnyResponse, secret: str, visit: Visit) -> AnyResponse:
    """Hand over the cookie of a new visit. A shared phone forgets it when the browser closes."""
    door = visit.door
    lasts = COOKIE_LASTS if door == "tenant" else visit.ends_at - visit.began_at
    response.set_cookie(
        COOKIES[door],
        secret,
        max_age=None if visit.shared else int(lasts.total_seconds()),
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

    Anything that could lead to another site is dropped: `//elsewhere`, `/\\elsewhere`, `https:`, and control
    characters, which browsers leave out before they read the rest.
    """
    home = request.script_root + "/"
    if not address or not address.startswith("/") or address.startswith("//"):
        return home
    if "\\" in address or not address.isprintable():
        return home
    try:
        parts = urlsplit(address)
    except ValueError:
        return home
    return home if parts.scheme or parts.netloc else request.script_root + address


def site() -> Site:
    """What passkeys of this door are bound to: the host of its public address. In the demo also this machine's own
    name, because browsers refuse passkeys at a bare number such as 127.0.0.1."""
    settings = house().settings
    if settings.demo and urlsplit(request.host_url).hostname in ("localhost", "127.0.0.1"):
        address = request.host_url
    else:
        address = settings.tenant_url if g.door == "tenant" else settings.staff_url
    parts = urlsplit(address)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}", settings.association)


def chosen_scheme() -> str:
    """`light` or `dark` where the visitor chose one, else empty: the phone decides."""
    person = visitor()
    return person.scheme if person else ""
