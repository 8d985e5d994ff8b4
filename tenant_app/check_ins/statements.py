"""What a check-in asks. It is content: a folder of `content/check-ins` is a set of statements, a file a language.

Answers that were given point at a statement by set, id and version, so an id never changes. Who words a statement
differently gives it the next version, and moves the words that it had to `earlier`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tenant_app.check_ins.models import ANSWERS, CheckInAnswer
from tenant_app.check_ins.rules import Asked
from tenant_app.web import content
from tenant_app.web.locale import Language

KIND = "check-ins"


@dataclass(frozen=True)
class Worded:
    """One wording of a statement, with its five answers, the lowest first."""

    words: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """One thing that a check-in asks."""

    asked_in: str
    id: str
    version: int
    icon: str
    reach_out: bool
    """Whether its lowest answer shows where help is: to the tenant alone, and nobody is told."""
    now: Worded
    earlier: dict[int, Worded]
    language: Language

    @property
    def field(self) -> str:
        """What the form calls it. The version is part of it: a page that was kept on a phone asks as it asked then."""
        return f"answer.{self.asked_in}.{self.id}.{self.version}"

    def worded(self, version: int) -> Worded | None:
        """How it was worded in that version; None if nobody knows any more."""
        return self.now if version == self.version else self.earlier.get(version)


@dataclass(frozen=True)
class StatementSet:
    """Statements that belong together, and what has to be said under them: a licence, a thank you."""

    page: content.Page
    statements: tuple[Statement, ...]


def sets() -> list[StatementSet]:
    """All that is asked, in the reader's language. Raises `ValueError` for a file that cannot be asked."""
    return [StatementSet(page, tuple(_statement(page, told) for told in page["statements"]))
            for page in content.pages(KIND)]  # fmt: skip


def statements() -> list[Statement]:
    """The same, one after the other."""
    return [statement for each in sets() for statement in each.statements]


def answers_in(fields: Iterable[tuple[str, str]]) -> dict[Asked, int | None]:
    """What a form answered, left out or not, to statements that exist; others are of no use to anybody.

    Raises `ValueError` for an answer that is none of the five.
    """
    known = {(each.asked_in, each.id): each for each in statements()}
    found: dict[Asked, int | None] = {}
    for name, value in fields:
        kind, *parts = name.split(".")
        if kind != "answer" or len(parts) != 3:
            continue
        statement, version = known.get((parts[0], parts[1])), parts[2]
        if statement is None or not (version.isascii() and version.isdecimal() and len(version) < 6):
            continue
        if statement.worded(int(version)) is None:
            continue
        if value not in ("", *map(str, range(1, ANSWERS + 1))):
            raise ValueError(name)
        found[Asked(statement.asked_in, statement.id, int(version))] = int(value) if value else None
    return found


def said(statement: Statement, answer: CheckInAnswer) -> str | None:
    """The answer in words, as it was worded when it was given."""
    worded = statement.worded(answer.version)
    return worded.answers[answer.choice - 1] if worded else None


def _statement(page: content.Page, told: dict[str, Any]) -> Statement:
    return Statement(
        asked_in=page.slug, id=told["id"], version=told["version"], icon=told.get("icon", "edit"),
        reach_out=told.get("reach_out", False), now=_worded(told),
        earlier={each["version"]: _worded(each) for each in told.get("earlier", [])}, language=page.language,
    )  # fmt: skip


def _worded(told: dict[str, Any]) -> Worded:
    answers = tuple(str(answer) for answer in told["answers"])
    if len(answers) != ANSWERS:
        raise ValueError(f"{told.get('id')}: a statement has {ANSWERS} answers")
    return Worded(told["words"], answers)
