"""Giving tenants another keyworker: who, to whom, what that does, and only then is it done."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Select, func, select
from werkzeug.wrappers import Response

from staff_portal.supervision.desk import team_or_self
from staff_portal.supervision.forms import MoveForm, with_sizes
from staff_portal.supervision.overview import caseload_sizes
from staff_portal.supervision.room import room
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import CARRIERS, Role, Tenant, Worker, keyworker_is
from tenant_app.accounts.teams import answered_for_by
from tenant_app.bulk import among
from tenant_app.chats.rules import call_off_with_earlier
from tenant_app.supervision.reassigning import (
    MovedMeanwhile,
    NotAKeyworker,
    consents_to_close,
    reassign,
    without_keyworker,
)
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import isolate, say_number


@room.route("/supervision/move", methods=["GET", "POST"])
@open_to(Role.COORDINATOR)
def move() -> str | tuple[str, int] | Response:
    """Of one worker's tenants (`from`), or of those who have nobody: some or `everyone`, to somebody else. Without
    `sure=1` it shows who would be told and changes nothing."""
    giver = _giver()
    here = _tenants_of(giver)
    carriers = list(session().scalars(_carriers(giver)))
    form = MoveForm.asked().offer(with_sizes(carriers, caseload_sizes(session(), [one.id for one in carriers])))
    if request.method == "GET":
        return _ask(form, giver, here, set(request.args.getlist("tenant")))
    chosen = _chosen()
    to = next((one for one in carriers if str(one.id) == form.to.data), None)
    concerned = list(here) if request.form.get("everyone") == "1" else _found(chosen)
    ready = form.valid()
    if not concerned:
        form.blame("to", gettext("Choose at least one tenant"))
        ready = False
    if not ready or to is None:
        return _ask(form, giver, here, {str(one) for one in chosen}), 422
    elsewhere = [one for one in concerned if one not in here and one.keyworker_id != to.id]
    if elsewhere:
        return _ask(form, giver, here, set(), moved=elsewhere), 409
    if request.form.get("sure") != "1":
        moving = [one for one in concerned if one.keyworker_id != to.id]
        return render_template(
            "supervision/move_preview.html", giver=giver, to=to, tenants=moving,
            consents=consents_to_close(session(), [one.id for one in moving]),
        )  # fmt: skip
    try:
        moved = reassign(session(), concerned, to, worker())
        call_off_with_earlier(session(), moved.tenants)
    except (MovedMeanwhile, NotAKeyworker) as refused:
        session().rollback()
        others = refused.tenants if isinstance(refused, MovedMeanwhile) else ()
        return _ask(form, giver, _tenants_of(giver), set(), moved=others, left=not others), 409
    flash(say_number(
        "%(name)s supports %(num)s more tenant from now on. They are told.",
        "%(name)s supports %(num)s more tenants from now on. They are told.", len(moved.tenants), name=isolate(to.name),
    ))  # fmt: skip
    if giver is None:
        return redirect(url_for("supervision.index"), 303)
    return redirect(url_for("supervision.person", worker_id=giver.id), 303)


def _giver() -> Worker | None:
    """Whose tenants they are; None for those who have nobody."""
    named = request.values.get("from", "")
    if not named:
        return None
    try:
        return find(team_or_self(), UUID(named))
    except ValueError:
        abort(404)


def _tenants_of(giver: Worker | None) -> Sequence[Tenant]:
    if giver is None:
        return without_keyworker(session(), worker())
    return session().scalars(
        select(Tenant).where(keyworker_is(giver)).order_by(func.lower(Tenant.name), Tenant.id)
    ).all()


def _carriers(giver: Worker | None) -> Select[Worker]:
    """Who may be chosen, by name: keyworkers and coordinators who are here."""
    here = select(Worker).where(Worker.left_at.is_(None), Worker.role.in_(CARRIERS))
    if giver is not None:
        here = here.where(Worker.id != giver.id)
    return here.order_by(func.lower(Worker.name), Worker.id)


def _chosen() -> list[UUID]:
    try:
        return [UUID(one) for one in request.form.getlist("tenant")]
    except ValueError:
        abort(404)


def _found(chosen: list[UUID]) -> list[Tenant]:
    """Those who were ticked; 404 if one of them is not this coordinator's to move."""
    if not chosen:
        return []
    mine = select(Tenant).where(among(Tenant.id, chosen), answered_for_by(worker()))
    found = list(session().scalars(mine.order_by(func.lower(Tenant.name), Tenant.id)))
    if len(found) != len(set(chosen)):
        abort(404)
    return found


def _ask(
    form: MoveForm, giver: Worker | None, tenants: Sequence[Tenant], chosen: set[str], *,
    moved: Sequence[Tenant] = (), left: bool = False,
) -> str:  # fmt: skip
    return render_template(
        "supervision/move.html", form=form, giver=giver, tenants=tenants, chosen=chosen, moved=moved, left=left,
        usual=house().settings.caseload_size,
    )  # fmt: skip
