"""The tenant's page about the story of a goal."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from tenant_app.goals.picture import picture_of
from tenant_app.goals.room import my_goal, room
from tenant_app.goals.story import story_of
from tenant_app.goals.telling import asked_until, until_word
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import session


@room.get("/goals/<uuid:goal_id>/story")
@open_to(TENANT)
def story(goal_id: UUID) -> str:
    """What happened to a goal, as a picture and in a table."""
    goal = my_goal(goal_id)
    until = asked_until()
    found = story_of(session(), goal, until=until)
    return render_template(
        "goals/story.html", goal=goal, story=found, picture=picture_of(goal, found, until), until=until_word(found)
    )
