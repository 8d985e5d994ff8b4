"""What sessions are called, in the reader's language."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from markupsafe import Markup

from tenant_app.groups.models import GroupSession
from tenant_app.web import content
from tenant_app.web.locale import isolate, language, say


def programme(kind: str) -> content.Page:
    """The content page of a kind of session. One whose folder was taken away keeps its name, so that no page breaks."""
    try:
        return content.page("groups", kind)
    except FileNotFoundError:
        name = kind.replace("-", " ").capitalize()
        return content.Page(kind, language(), {"title": name, "summary": "", "icon": "people"}, "")


def title(kind: str) -> str:
    """`Cooking together`."""
    return str(programme(kind)["title"])


def where(group_session: GroupSession) -> Markup:
    """Its place, kept from being scrambled; `Online` where people meet nowhere else, and both where they may choose."""
    if not group_session.place:
        return say("Online")
    place = isolate(group_session.place)
    return say("%(place)s or online", place=place) if group_session.link else place


def spoken_at(group_session: GroupSession) -> list[tuple[str, str]]:
    """(code, what its own speakers call it) of each language spoken there beside English."""
    return [(code, own_name(code)) for code in group_session.spoken]


def own_name(code: str) -> str:
    """`Soomaali` for `so`; the code itself where nobody wrote the name down."""
    try:
        name = Locale.parse(code).get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:]


def on_paper(kind: str) -> bool:
    """Whether a certificate may name this kind of session. One whose name tells where people live says
    `certificate: false` in its English page."""
    try:
        return bool(content.page("groups", kind, content.FALLBACK).get("certificate", True))
    except FileNotFoundError:
        return True
