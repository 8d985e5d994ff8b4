"""The room of goals, how its pages reach a goal, and how they answer."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Select
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.goals.models import Goal, Step
from tenant_app.web import content
from tenant_app.web.house import find, session

room = Blueprint("goals", __name__, template_folder="templates")

Record = TypeVar("Record")
Answer = str | tuple[str, int] | Response


@room.context_processor
def areas() -> dict[str, object]:
    """Parts of life as tiles, for the forms: (id, icon, name, chosen); and the name of one."""

    def picks(chosen: str | None) -> list[tuple[str, str, str, bool]]:
        return [(area["id"], area["icon"], area["name"], area["id"] == chosen) for area in parts_of_life()]

    return {"areas": picks}


def parts_of_life() -> list[dict[str, str]]:
    """Each with `id`, `name` and `icon`, in the reader's language."""
    known: list[dict[str, str]] = content.page("goals", "areas")["areas"]
    return known


def my_goal(goal_id: UUID) -> Goal:
    """One of the tenant's own goals, or 404. For a POST it is held until it is answered, so that of two that arrive at
    once the second sees what the first did."""
    return find(held(Goal.of(tenant()), Goal), goal_id)


def my_step(step_id: UUID) -> Step:
    """A step of one of their own goals, or 404; both are held for a POST."""
    # The goal first, as everybody does who holds both, or two could wait for each other.
    return find(held(Step.of(tenant()), Goal, Step), step_id)


def changed(goal: Goal, pieces: str) -> Answer:
    """The pieces of the goal's page that an action changed; without htmx, the page again."""
    if request.htmx:  # type: ignore[attr-defined]
        session().flush()
        return render_template(pieces, goal=goal)
    return redirect(url_for("goals.show", goal_id=goal.id, _anchor="steps"), 303)


def to_goal(goal_id: UUID, anchor: str | None = None) -> Response:
    """Back to the page of a goal."""
    return redirect(url_for("goals.show", goal_id=goal_id, _anchor=anchor), 303)


def held(query: Select[Record], *tables: type) -> Select[Record]:
    """The same question; for a POST, with the rows of these tables held until it is answered."""
    return query if request.method == "GET" else query.with_for_update(of=tables)
