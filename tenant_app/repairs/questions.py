"""The questions of a report: which are asked, in which order, and how far somebody is."""

from __future__ import annotations

from tenant_app.repairs.models import Repair
from tenant_app.repairs.told import ReportDetails
from tenant_app.repairs.tree import OTHER, out_of_date, parts

QUESTIONS = ("urgent", "where", "what", "how_bad", "since", "at_home", "photos", "access")
"""In the order asked. Before the report goes off everything is shown once more, which is no question."""
SECOND_HALF = {"rooms": "where", "part": "what", "words": "what"}
"""Pages that ask on after another, under the same number."""
CHECK = "send"
"""The page that shows everything once more."""


def asked_of(repair: Repair | None) -> tuple[str, ...]:
    """The questions of this report. How to get into a home is not asked where it is a shared part."""
    return tuple(each for each in QUESTIONS if not (each == "access" and repair is not None and repair.shared))


def step_of(question: str, repair: Repair | None = None) -> tuple[int, int]:
    """`(3, 8)`: its number, and how many there are."""
    asked = asked_of(repair)
    return asked.index(SECOND_HALF.get(question, question)) + 1, len(asked)


def path_of(repair: Repair) -> list[str]:
    """Every page of this report as its answers are now, from where it is to the last one."""
    found: list[str] = []
    for question in asked_of(repair)[1:]:
        found.append(question)
        if question == "where":
            found.append("rooms")
        elif question == "what" and repair.kind == OTHER:
            found.append("words")
        elif question == "what" and parts(repair.kind):
            found.append("part")
    return [*found, CHECK]


def after(question: str, repair: Repair) -> str:
    """The page that follows."""
    path = path_of(repair)
    return path[path.index(question) + 1] if question in path else CHECK


def before(question: str, repair: Repair) -> str:
    """The page that Back leads to; `urgent` from the first one."""
    path = ["urgent", *path_of(repair)]
    return path[path.index(question) - 1] if question in path else "urgent"


def left_off(repair: Repair, details: ReportDetails | None) -> str:
    """The page with which a draft goes on: the first question that nobody answered or passed over."""
    answered = set(details.answered) if details else set()
    # What the repair itself holds counts more than that a page was seen: another place empties the rooms.
    for page, answer in (("rooms", repair.rooms), ("what", repair.kind), ("words", repair.words)):
        answered = answered | {page} if answer else answered - {page}
    if repair.rooms:
        answered.add("where")
    if repair.part:
        answered.add("part")
    answered -= set(out_of_date(repair))
    return next((each for each in path_of(repair) if each not in answered), CHECK)
