"""How reminders go out: for the administrator's eyes, and for a monitor that watches when nobody looks."""

from __future__ import annotations

import hmac

from flask import Response, abort, render_template, request
from flask_babel import gettext

from staff_portal.administration.room import room
from staff_portal.read_alerts.metrics import exposed_alerts
from tenant_app.accounts.models import Role
from tenant_app.reminders.metrics import exposed
from tenant_app.reminders.models import State
from tenant_app.reminders.push import vapid_problem
from tenant_app.reminders.standing import standing
from tenant_app.web.audience import ANYONE, open_to
from tenant_app.web.house import house, session

SETTLED = (State.SENT, State.UNDELIVERED, State.MISSED, State.WITHDRAWN)


@room.get("/status")
@open_to(Role.ADMINISTRATOR)
def status() -> str:
    """What is due, late and failing, by push service, and which workers live."""
    return render_template(
        "administration/status.html", now=standing(session()), settled=SETTLED, state_words=_state_words,
        problem=vapid_problem(house().settings.vapid_contact),
    )  # fmt: skip


@room.get("/metrics")
@open_to(ANYONE)
def metrics() -> Response:
    """The same for Prometheus, to whoever shows the token of `HOMEWARD_METRICS_TOKEN`; without one set, to nobody."""
    token = house().settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    return Response(exposed(standing(session())) + exposed_alerts(session()), mimetype="text/plain")


def _state_words(state: State) -> str:
    return {
        State.SENT: gettext("Taken by a phone’s push service"),
        State.UNDELIVERED: gettext("No phone to send it to; it stands in the app"),
        State.MISSED: gettext("Its time was over before any phone took it"),
        State.WITHDRAWN: gettext("Settled before it was sent"),
    }[state]
