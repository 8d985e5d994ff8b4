"""The tenant's page of messages: the whole thread, with whomever they wrote."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.consent import Category, NotToBeChosen, give_consent, withdraw_consent
from tenant_app.accounts.cover import stand_in_of
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.models import Worker
from tenant_app.accounts.once import say_done
from tenant_app.messages.forms import MessageForm
from tenant_app.messages.models import Message, keyworker_of
from tenant_app.messages.rules import (
    NotTheirKeyworker,
    lets_read_earlier,
    page_of,
    send_on,
    with_others,
    write,
)
from tenant_app.messages.showing import by_day
from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

room = Blueprint("messages", __name__, template_folder="templates")
OF_THE_HOUSE = ("gas", "power")
"""Contacts that are about a building and not about a person."""


@room.get("/messages")
@open_to(TENANT)
def show() -> str:
    """The thread, newest last, and a place to write; with `above`, what stands above one message."""
    return _thread(MessageForm.asked())


@room.post("/messages")
@open_to(TENANT)
def send() -> Response | tuple[str, int]:
    """A message to the keyworker whom the page named (`to`), even if another one reads the next."""
    form = MessageForm.asked()
    to = _addressee()
    if not form.valid():
        return _thread(form), 422
    message = write(session(), tenant(), to.id, form.words.data, language().code)
    if message.held:
        say_done(gettext("Kept for you. Nobody has read it."))
        flash(gettext("%(name)s is not your keyworker any more. What you wrote is kept for you.", name=to.known_as))
    else:
        say_done(gettext("Sent to %(name)s", name=to.known_as))
    return _back()


@room.get("/messages/<uuid:message_id>")
@open_to(TENANT)
def ask(message_id: UUID) -> str:
    """Whether one's own message is to be taken back."""
    message = find(Message.by(tenant()), message_id)
    return render_template("messages/take_back.html", message=message)


@room.post("/messages/<uuid:message_id>")
@open_to(TENANT)
def change(message_id: UUID) -> Response:
    """Take back one's own message (`kept=0`), or send what was held to the keyworker of today (`sent=1`)."""
    if "sent" in request.form:
        message = find(Message.by(tenant()), message_id)
        if stated("sent"):
            try:
                send_on(session(), message)
            except NotTheirKeyworker:
                abort(409)
    else:
        message = find(Message.of(tenant()).where(Message.by_tenant), message_id)
        if not stated("kept"):
            message.take_back()
            flash(gettext("You took it back. The words are gone."))
    return _back()


@room.post("/messages/earlier")
@open_to(TENANT)
def share() -> Response:
    """Let the keyworker of today read what passed with others before (`shared=1`), or no longer (`shared=0`)."""
    keyworker = keyworker_of(tenant())
    if keyworker is None:
        abort(409)
    if stated("shared"):
        try:
            give_consent(session(), tenant(), Category.MESSAGES, keyworker, house().settings.zone)
        except NotToBeChosen:
            abort(409)
        flash(gettext("%(name)s can read your earlier messages.", name=keyworker.known_as))
    else:
        withdraw_consent(session(), tenant(), Category.MESSAGES, keyworker)
        flash(gettext("%(name)s can no longer read your earlier messages.", name=keyworker.known_as))
    return redirect(url_for("messages.show", _anchor="who"), 303)


def _thread(form: MessageForm) -> str:
    keyworker = keyworker_of(tenant())
    try:
        above = UUID(request.args["above"]) if "above" in request.args else None
        stretch = page_of(session(), Message.of(tenant()), above)
    except (ValueError, LookupError):
        abort(404)
    return render_template(
        "messages/show.html", stretch=stretch, days=by_day(stretch.messages, house().settings.zone), form=form,
        keyworker=keyworker, of_the_house=OF_THE_HOUSE,
        shared=lets_read_earlier(session(), tenant(), keyworker) if keyworker else None,
        before=keyworker is not None and with_others(session(), tenant(), keyworker),
        crisis=content.page("contacts", "crisis"), cover=stand_in_of(session(), tenant()),
    )  # fmt: skip


def _addressee() -> Worker:
    """Whom the page named when it was written, which may have been days ago and without signal."""
    try:
        named = UUID(request.form.get("to", ""))
    except ValueError:
        abort(400)
    return session().get(Worker, named) or abort(400)


def _back() -> Response:
    return redirect(url_for("messages.show", _anchor="newest"), 303)
