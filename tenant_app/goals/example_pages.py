"""Examples of goals, for whoever would rather begin from one."""

from __future__ import annotations

from flask import render_template

from tenant_app.goals.room import parts_of_life, room
from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to

Example = dict[str, str]


@room.get("/goals/examples")
@open_to(TENANT)
def examples() -> str:
    """Some for each part of life. Nothing is kept by looking."""
    found = content.page("goals", "examples")
    known: list[Example] = found["examples"]
    parts = [(area, [one for one in known if one["area"] == area["id"]]) for area in parts_of_life()]
    return render_template("goals/examples.html", parts=[part for part in parts if part[1]], speech=found.language)


def example_of(example_id: str) -> Example:
    """What a form begins with: `words`, `first_step`, `area`. Nothing for an example that there is not."""
    known: list[Example] = content.page("goals", "examples")["examples"]
    for one in known:
        if one["id"] == example_id:
            return {name: one[name] for name in ("words", "first_step", "area")}
    return {}
