"""What chats are called, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.chats.models import Kind, State, Way


def kind_words(kind: Kind) -> str:
    """What it is."""
    return {Kind.KEY_WORK: gettext("Key work"), Kind.HOUSING: gettext("About your home or rent")}[kind]


def way_words(way: Way) -> str:
    """How the two talk."""
    return {Way.MEET: gettext("Face to face"), Way.PHONE: gettext("By phone"), Way.VIDEO: gettext("By video")}[way]


def way_icon(way: Way) -> str:
    """The picture of it."""
    return {Way.MEET: "talk", Way.PHONE: "phone", Way.VIDEO: "camera"}[way]


def state_words(state: State) -> str:
    """How far it has come, for a tag."""
    return {
        State.ASKED: gettext("Asked for"), State.PROPOSED: gettext("A time is suggested"),
        State.AGREED: gettext("Agreed"), State.OFF: gettext("Called off"),
    }[state]  # fmt: skip


def in_templates() -> dict[str, object]:
    """For the pages of both doors."""
    return {"kind_words": kind_words, "way_words": way_words, "way_icon": way_icon, "state_words": state_words}
