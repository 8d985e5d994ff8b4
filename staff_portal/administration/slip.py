"""The slip with a one-time code: shown once, to whoever made it, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import flask

from tenant_app import clock
from tenant_app.accounts.entry import CODE_LASTS
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.accounts.rules import give_code
from tenant_app.web.house import house, session

_KEPT = "slip"


@dataclass(frozen=True)
class Slip:
    """A code, and how its owner gets in with it."""

    code: str
    until: datetime
    address: str
    """Where to go with it: `https://homes.example.org/welcome`."""

    @property
    def address_with_code(self) -> str:
        """For a QR code. The part after `#` stays in the browser: no server and no log sees it."""
        return f"{self.address}#{self.code.replace('-', '')}"


def make_slip(person: Person, made_by: Worker) -> None:
    """A new code for `person`, to be shown by the next page alone: it travels there in this browser's cookie."""
    code = give_code(session(), person, made_by)
    flask.session[_KEPT] = [str(person.id), code, (clock.now() + CODE_LASTS).isoformat()]


def take_slip(person: Person) -> Slip | None:
    """The slip made for `person` a moment ago; None if it has been shown, or was somebody else's."""
    kept = flask.session.pop(_KEPT, None)
    if not kept or kept[0] != str(person.id):
        return None
    settings = house().settings
    address = f"{settings.tenant_url}/welcome" if isinstance(person, Tenant) else f"{settings.staff_url}/join"
    return Slip(kept[1], datetime.fromisoformat(kept[2]), address)
