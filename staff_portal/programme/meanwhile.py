"""What has changed about a session since a page about it was made: both are shown, and nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext

from staff_portal.programme.forms import ChangeForm
from tenant_app.accounts.models import Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.titles import own_name
from tenant_app.web.locale import tell_day


@dataclass(frozen=True)
class Changed:
    """One field that somebody else changed: what it is called, how it stood, and how it stands now."""

    label: str
    was: str
    now: str


def edition_of(group_session: GroupSession, seen: str | None, *, rest: bool) -> bool:
    """Whether `seen` is how the session stands; for the rest, how its series stands too."""
    known = group_session.edition
    return seen == known if rest else (seen or "").split(".")[0] == known.split(".")[0]


def changed_since(form: ChangeForm, was: str | None, now: str, people: Mapping[str, Worker]) -> list[Changed]:
    """Each field that differs between two states that pages carried; what cannot be read is nothing to tell."""
    before, after = _read(was), _read(now)
    return [
        Changed(form[name].label.text, _told(name, before.get(name, ""), people), _told(name, after[name], people))
        for name in after
        if name in form and name in before and before[name] != after[name]
    ]


def _read(state: str | None) -> dict[str, Any]:
    try:
        found = json.loads(state or "{}")
    except (ValueError, RecursionError):  # the latter for brackets within brackets, a thousand deep
        return {}
    return found if isinstance(found, dict) else {}


def _told(name: str, value: Any, people: Mapping[str, Worker]) -> str:
    if name == "day":
        try:
            return tell_day(date.fromisoformat(str(value)), year=True)
        except ValueError:
            return str(value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return ", ".join(own_name(str(code)) for code in value) or gettext("None")
    if name == "lead" or name.startswith("beside"):
        return people[str(value)].name if str(value) in people else gettext("Nobody")
    if name in ("starts", "ends"):
        return str(value)[:5]
    return str(value) or gettext("None")
