"""The room of training, and what its pages and others say about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext

from staff_portal.roles import footing_words
from staff_portal.training.standing import Member, lines_of, team_of
from tenant_app import clock
from tenant_app.accounts.gate import visitor
from tenant_app.accounts.models import Role, Worker
from tenant_app.training.courses import courses, pages_of_courses
from tenant_app.training.rules import ALWAYS, Line, State, may_be_due
from tenant_app.web.house import house, session

room = Blueprint("training", __name__, template_folder="templates")


def state_words(line: Line) -> tuple[str, str, str]:
    """(words, kind of tag, icon) for how a course stands."""
    if line.state is State.MISSING:
        return (gettext("Missing"), "wait", "info") if line.needed else (gettext("Not needed"), "", "")
    return {
        State.VALID: (gettext("Valid"), "good", "check"),
        State.SOON: (gettext("Runs out soon"), "now", "clock"),
        State.RUN_OUT: (gettext("Run out"), "wait", "info"),
    }[line.state]


@room.context_processor
def words() -> dict[str, object]:
    """What courses are called, and how they stand."""
    return {"state_words": state_words, "ALWAYS": ALWAYS, "footing_words": footing_words}


@room.app_context_processor
def due() -> dict[str, object]:
    """For the pages that people start from."""
    return {"training_due": training_due, "team_training_due": team_training_due, "training_pages": pages_of_courses}


def training_due() -> list[Line]:
    """Courses of whoever is here that run out within a month, or have run out."""
    here = visitor()
    if not isinstance(here, Worker):
        return []
    return [line for line in lines_of(session(), here, courses(), clock.today(house().settings.zone)) if line.due]


@dataclass(frozen=True)
class TeamDue:
    """What a coordinator is told of their colleagues."""

    people: int
    """How many of them have something that runs out within a month, or has run out."""
    pressing: list[tuple[Member, Line]]
    """What is a week off or less, or over."""


def team_training_due() -> TeamDue | None:
    """The same of their colleagues, for a coordinator; None where there is nothing to say."""
    here = visitor()
    if not isinstance(here, Worker) or here.role is not Role.COORDINATOR:
        return None
    today = clock.today(house().settings.zone)
    team = team_of(session(), here, courses(), today, may_be_due(session(), today))
    due = [(each, line) for each in team if each.id != here.id for line in each.lines if line.due]
    people = len({each.id for each, _ in due})
    return TeamDue(people, [(each, line) for each, line in due if line.pressing]) if due else None
