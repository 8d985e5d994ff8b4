"""An attendance certificate: what it says, in one language, and the PDF.

An employer may read it. So it names the person, the group, days and hours and the association, and nothing else: no
place, no building, nobody's role, nothing of housing, support or health.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask_babel import gettext
from markupsafe import Markup, escape

from tenant_app.groups.after.attended import Attended
from tenant_app.groups.titles import title
from tenant_app.web.locale import Language, isolate, language, say_number, speaking, tell_date
from tenant_app.web.paper import bare, isolated, plain, typeset

TEMPLATE = Path(__file__).parent / "templates" / "groups" / "certificate.typ"


@dataclass(frozen=True)
class Certificate:
    """What is printed, line by line."""

    language: Language
    head: str
    opening: str
    name: str
    """As its owner wants it printed."""
    between: str
    kind: str
    sessions: str
    hours: str
    source: str
    """How we know."""
    issued: str


def certificate_of(attended: Attended, name: str, association: str, code: str, today: date) -> Certificate:
    """The certificate in the language `code`."""
    with speaking(code):
        return Certificate(
            language=language(), head=gettext("Certificate of attendance"), opening=gettext("This is to confirm that"),
            name=name, between=gettext("took part in"), kind=title(attended.kind), sessions=_sessions(attended),
            hours=_with(gettext("Time in all: %(hours)s"), hours=duration(attended.minutes)),
            source=gettext("Taken from the register kept at each session."),
            issued=_with(gettext("%(association)s, %(day)s"), association=isolate(association), day=tell_date(today)),
        )  # fmt: skip


def duration(minutes: int) -> Markup:
    """`12 hours 30 minutes`."""
    hours, rest = divmod(minutes, 60)
    said = [say_number("%(num)s hour", "%(num)s hours", hours)] if hours else []
    if rest or not said:
        said.append(say_number("%(num)s minute", "%(num)s minutes", rest))
    return Markup(" ").join(said)


def to_pdf(certificate: Certificate, association: str) -> bytes:
    """The PDF. Raises `Unprintable` where a character would be missing."""
    lines = {
        "head": certificate.head, "opening": certificate.opening, "between": certificate.between,
        "sessions": certificate.sessions, "hours": certificate.hours, "source": certificate.source,
        "issued": certificate.issued,
    }  # fmt: skip
    facts = {
        "code": certificate.language.code.partition("-")[0], "dir": certificate.language.direction,
        "title": bare(certificate.head), "association": association, "name": isolated(certificate.name),
        "kind": isolated(certificate.kind), **{key: plain(words) for key, words in lines.items()},
    }  # fmt: skip
    return typeset(TEMPLATE, facts, [association, certificate.name, certificate.kind, *lines.values()])


def _sessions(attended: Attended) -> str:
    if attended.first == attended.last:
        return say_number("%(num)s session on %(day)s", "%(num)s sessions on %(day)s", attended.sessions,
                          day=tell_date(attended.first))  # fmt: skip
    return say_number("%(num)s session between %(first)s and %(last)s",
                      "%(num)s sessions between %(first)s and %(last)s", attended.sessions,
                      first=tell_date(attended.first), last=tell_date(attended.last))  # fmt: skip


def _with(words: str, **values: object) -> Markup:
    return escape(words) % values
