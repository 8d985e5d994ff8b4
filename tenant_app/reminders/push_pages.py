"""What `push.js` and the service worker ask: our key, and to remember or forget a browser. JSON, never a page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext

from tenant_app.accounts.devices import device_name
from tenant_app.accounts.gate import tenant, visit
from tenant_app.keys import public_key
from tenant_app.reminders.endpoints import BadEndpoint, BadKeys
from tenant_app.reminders.subscriptions import replaced, standing_of, subscribe
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session

room = Blueprint("push", __name__)

LARGEST = 16 * 1024
"""Bytes. A subscription is below 1,500."""

Answer = Response | tuple[Response, int]


@room.get("/push/key")
@open_to(TENANT)
def key() -> Response:
    """Our public VAPID key, base64url: `{"key": "B..."}`."""
    return jsonify(key=house().keys.vapid_public)


@room.post("/push/subscription")
@open_to(TENANT)
def add() -> Answer:
    """Wake this browser from now on. Takes `PushSubscription.toJSON()`, with `signedWith` naming the key of ours that
    it was made with where that is not the newest; 422 with `problem` for one we cannot use."""
    if visit().shared:
        return _problem(gettext("Other people use this phone, so reminders stay off here."))
    given = _given()
    keys = given.get("keys")
    endpoint = given.get("endpoint")
    p256dh, auth = (keys.get("p256dh"), keys.get("auth")) if isinstance(keys, dict) else (None, None)
    if not (isinstance(endpoint, str) and isinstance(p256dh, str) and isinstance(auth, str)):
        return _problem(gettext("That did not come through. Try once more."))
    device = device_name(request.user_agent.string)
    try:
        subscribe(
            session(), tenant(), endpoint, p256dh, auth, device, house().settings, signed_with=_key_of(given)
        )
    except BadEndpoint:
        return _problem(gettext("This browser gets its reminders in a way that we do not know. Try another browser."))
    except BadKeys:
        return _problem(gettext("This browser gave us a key that does not work. Try once more, or another browser."))
    return jsonify(done=True)


@room.post("/push/subscription/check")
@open_to(TENANT)
def check() -> Answer:
    """What this browser should do about the subscription it has: `{"standing": "stands" | "renew" | "over"}`.

    Asked when the app is opened, with `endpoint` and `signedWith`.
    """
    given = _given()
    endpoint, signed_with = given.get("endpoint"), given.get("signedWith")
    if not (isinstance(endpoint, str) and isinstance(signed_with, str) and endpoint.isprintable()):
        return _problem(gettext("That did not come through. Try once more."))
    device = device_name(request.user_agent.string)
    standing = standing_of(session(), tenant(), endpoint, signed_with, device, house().keys.vapid_public)
    return jsonify(standing=standing.value)


@room.post("/push/subscription/remove")
@open_to(TENANT)
def remove() -> Answer:
    """This browser has another subscription now: `{"endpoint": "https://..."}` is woken no longer. One that is not this
    person's is left alone."""
    endpoint = _given().get("endpoint")
    if not isinstance(endpoint, str):
        return _problem(gettext("That did not come through. Try once more."))
    return jsonify(done=replaced(session(), tenant(), endpoint))


def _key_of(given: dict[str, Any]) -> str:
    """The key of ours that the browser says it subscribed with; without a word, the one it was last given."""
    said, ours = given.get("signedWith"), house().keys
    return next((key for key in map(public_key, ours.vapid_before) if key == said), ours.vapid_public)


def _given() -> dict[str, Any]:
    request.max_content_length = LARGEST
    try:
        given = request.get_json(silent=True)
    except RecursionError:  # brackets in brackets in brackets
        given = None
    return given if isinstance(given, dict) else {}


def _problem(words: str) -> Answer:
    return jsonify(problem=words), 422
