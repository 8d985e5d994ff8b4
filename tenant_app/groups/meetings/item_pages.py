"""Putting something on the agenda, changing it, taking it off, and wanting what a neighbour put on."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.groups.meetings.forms import ItemForm
from tenant_app.groups.meetings.models import AgendaItem, meetings_for
from tenant_app.groups.meetings.rules import (
    MOST_ITEMS,
    Spoken,
    Stale,
    TooMany,
    change_item,
    listed,
    next_meeting,
    put_on,
    take_off,
    want,
)
from tenant_app.groups.meetings.showing import home_asked
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

room = Blueprint("agenda", __name__, template_folder="templates")


@room.route("/meetings/items/new", methods=["GET", "POST"])
@open_to(TENANT)
def new() -> str | tuple[str, int] | Response:
    """Ask for an item, and put it on the agenda of the home that the address names."""
    home = home_asked(tenant(), request.values.get("of", ""))
    form = _with_names(ItemForm.asked())
    if request.method == "GET":
        return _ask_new(home, form)
    if not form.valid():
        return _ask_new(home, form), 422
    try:
        item = put_on(
            session(), tenant(), home, form.title.data, form.detail.data or "", named=form.named.data == "1",
            language=language().code,
        )  # fmt: skip
    except TooMany:
        form.blame("title", gettext("%(number)s things of yours are on the agenda. Take one off to put this on",
                                    number=MOST_ITEMS))  # fmt: skip
        return _ask_new(home, form), 422
    flash(gettext("It is on the agenda. You can change it until the meeting starts."))
    return redirect(url_for("meetings.index", _anchor=f"item-{item.id}"), 303)


@room.route("/meetings/items/<uuid:item_id>", methods=["GET", "POST"])
@open_to(TENANT)
def change(item_id: UUID) -> str | tuple[str, int] | Response:
    """Say an item of one's own differently, until a meeting talks about it."""
    item = find(AgendaItem.by(tenant()), item_id)
    form = _with_names(
        ItemForm.asked(title=item.title, detail=item.detail, named=str(int(item.named)), seen=str(item.version))
    )
    if request.method == "GET":
        return _ask(item, form)
    if not form.valid():
        return _ask(item, form), 422
    try:
        change_item(
            session(), tenant(), item, form.title.data, form.detail.data or "", named=form.named.data == "1",
            language=language().code, seen=form.version,
        )  # fmt: skip
    except Spoken:
        return _ask(item, form), 409
    except Stale:
        form.seen.data = str(item.version)
        return _ask(item, form, stale=True), 409
    flash(gettext("Changed."))
    return redirect(url_for("meetings.index", _anchor=f"item-{item.id}"), 303)


@room.post("/meetings/items/<uuid:item_id>/off")
@open_to(TENANT)
def off(item_id: UUID) -> tuple[str, int] | Response:
    """Take an item of one's own off the agenda."""
    item = find(AgendaItem.by(tenant()), item_id)
    if stated("off"):
        try:
            take_off(session(), tenant(), item)
        except Spoken:
            form = _with_names(ItemForm(None, title=item.title, detail=item.detail, named=str(int(item.named))))
            return _ask(item, form), 409
        flash(gettext("It is off the agenda."))
    return redirect(url_for("meetings.index"), 303)


@room.post("/meetings/items/<uuid:item_id>/wanted")
@open_to(TENANT)
def wanted(item_id: UUID) -> str | Response:
    """One tap: I want this too, or no longer (`wanted`)."""
    item = find(AgendaItem.of(tenant()), item_id)
    want(session(), tenant(), item, wanted=stated("wanted"))
    if request.htmx:  # type: ignore[attr-defined]
        session().flush()
        return render_template("meetings/_item.html", each=listed(session(), tenant(), [item])[0], at=_meeting())
    meeting = _meeting()
    target = url_for("meetings.show", session_id=meeting) if meeting else url_for("meetings.index")
    return redirect(f"{target}#item-{item.id}", 303)


def _meeting() -> UUID | None:
    """The meeting on whose page the button stood; None for the list of what waits."""
    try:
        meeting = UUID(request.form.get("at", ""))
    except ValueError:
        return None
    return find(meetings_for(tenant()), meeting).id


def _ask_new(home: UUID | None, form: ItemForm) -> str:
    return render_template(
        "meetings/item.html", form=form, item=None, home=home, first=next_meeting(session(), home), key=uuid4().hex
    )


def _ask(item: AgendaItem, form: ItemForm, *, stale: bool = False) -> str:
    now = listed(session(), tenant(), [item])[0]
    return render_template(
        "meetings/item.html", form=form, item=item, now=now, stale=stale, home=item.building_id,
        first=next_meeting(session(), item.building_id), key="",
    )  # fmt: skip


def _with_names(form: ItemForm) -> ItemForm:
    form.named.choices = [("0", gettext("Say it without my name")), ("1", gettext("My first name may stand beside it"))]
    return form
