"""How notices are worded, and the one gate that decides what a locked phone may show."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext
from markupsafe import Markup

from tenant_app.web.house import house
from tenant_app.web.locale import tell_time


@dataclass(frozen=True)
class Action:
    """A button on a notification, which answers without opening anything: a form that the phone sends."""

    name: str
    """The phone's own name for it: `taken`."""
    title: str
    discreet: str
    """What it says instead on a phone that shows nothing which gives anything away: `Done`, `Later`."""
    address: str
    """Path of the tenants' door that the form goes to."""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """What is shown of a notice: a line, perhaps a second one, where a tap leads, and at most two buttons."""

    title: str
    body: str
    address: str
    actions: tuple[Action, ...] = ()


class Sayable(Protocol):
    """What the words of a notice are made from. Two notices that agree in all of it are worded once."""

    @property
    def kind(self) -> str: ...
    @property
    def occurrence(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def expires_at(self) -> datetime: ...


Speaker = Callable[[Sayable], Words]


class Discreet(enum.Enum):
    """What a locked phone may say of a kind of notice: one of three sentences, none of which says what it is about."""

    TIME = "time"
    """Something is planned for 9:00 am: where the notice comes at the very time it is about."""
    PLAN = "plan"
    """Something is planned: where it comes some time before."""
    NEWS = "news"
    """There is something new."""


@dataclass(frozen=True)
class Wording:
    """How one kind of notice speaks."""

    full: Speaker
    """Inside the app, and on the lock screen of a tenant who asked for it."""
    urgent: bool = False
    """Whether a phone that saves its battery is to be woken."""
    discreet: Discreet = Discreet.TIME


_wordings: dict[str, Wording] = {}


def worded(kind: str, *, urgent: bool = False, discreet: Discreet = Discreet.TIME) -> Callable[[Speaker], Speaker]:
    """Register the function that words notices of `kind`, in whatever language is being spoken."""

    def register(full: Speaker) -> Speaker:
        _wordings[kind] = Wording(full, urgent, discreet)
        return full

    return register


def full_words(notice: Sayable) -> Words:
    """What the app itself says, to its owner. Raises `KeyError` for a kind that no feature registered."""
    return _wordings[notice.kind].full(notice)


def lock_screen_words(notice: Sayable, *, named: bool) -> Words:
    """What any channel outside the app may say: that there is something; more only if the tenant asked for names."""
    full = full_words(notice)
    actions = tuple(
        replace(action, title=_plain(action.title if named else action.discreet)) for action in full.actions
    )
    if named:
        return Words(_plain(full.title), _plain(full.body), full.address, actions)
    return Words(
        title=house().settings.app_name,
        body=_discreet(notice),
        address=full.address,
        actions=actions,
    )


def _discreet(notice: Sayable) -> str:
    match _wordings[notice.kind].discreet:
        case Discreet.TIME:
            return gettext("Something is planned for %(time)s.", time=_plain(tell_time(notice.due_at)))
        case Discreet.PLAN:
            return gettext("Something is planned. Tap to see what.")
        case Discreet.NEWS:
            return gettext("There is something new for you.")


def is_urgent(kind: str) -> bool:
    """Whether notices of this kind should wake a sleeping phone."""
    return _wordings[kind].urgent


def is_timely(kind: str) -> bool:
    """Whether notices of this kind are about the very moment at which they come, as a dose is."""
    wording = _wordings[kind]
    return wording.urgent and wording.discreet is Discreet.TIME


def _plain(text: str) -> str:
    """A notification is plain text: of markup, `<bdi>` becomes its two characters and entities are undone."""
    if not isinstance(text, Markup):
        return text
    opened = text.replace("<bdi>", "\N{FIRST STRONG ISOLATE}")
    return opened.replace("</bdi>", "\N{POP DIRECTIONAL ISOLATE}").unescape()
