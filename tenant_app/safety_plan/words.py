"""What the parts of a plan are called, and what to write there."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tenant_app.safety_plan.models import Part


@dataclass(frozen=True)
class PartWords:
    """How a part speaks to its writer."""

    heading: str
    ask: str
    """The question of its form."""
    hint: str
    icon: str


def part_words(part: Part) -> PartWords:
    """In the reader's language."""
    return {
        Part.SIGNS: PartWords(
            gettext("How I notice that it gets hard"), gettext("What do you notice first?"),
            gettext("Such as: I sleep little, I stop answering, my thoughts go in circles."), "eye",
        ),
        Part.HELPS: PartWords(
            gettext("What helps me"), gettext("What can you do by yourself that helps?"),
            gettext("Such as: a shower, music, a walk round the block, ten slow breaths."), "bulb",
        ),
        Part.PLACES: PartWords(
            gettext("Where I feel better"), gettext("Which place does you good?"),
            gettext("Such as: the park, the library, the kitchen downstairs."), "pin",
        ),
        Part.PEOPLE: PartWords(
            gettext("People I can call"), gettext("Who is good to talk to?"),
            gettext("A friend, a relative, a neighbour. You need not say why you call."), "people",
        ),
        Part.PROFESSIONALS: PartWords(
            gettext("Professionals I can call"), gettext("Who helps you in their job?"),
            gettext("Your GP, your care team, your keyworker."), "phone",
        ),
        Part.SAFE: PartWords(
            gettext("How I keep myself safe"), gettext("What makes your place and your day safer?"),
            gettext("Such as: I give my tablets to somebody to keep, I do not stay alone, I sleep at a friend’s."),
            "shield",
        ),
    }[part]  # fmt: skip
