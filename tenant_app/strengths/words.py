"""What the parts of the page are called, and what to write there."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tenant_app.strengths.models import Part


@dataclass(frozen=True)
class StrengthWords:
    """How a part speaks to its writer."""

    heading: str
    ask: str
    """The question of its form."""
    hint: str
    icon: str


def strength_words(part: Part) -> StrengthWords:
    """In the reader's language."""
    return {
        Part.GOOD_AT: StrengthWords(
            gettext("What I am good at"), gettext("What are you good at?"),
            gettext("Such as: I cook for many, I listen well, I can mend a bike."), "bulb",
        ),
        Part.PEOPLE: StrengthWords(
            gettext("Who is there for me"), gettext("Who is there for you?"),
            gettext("Family, a friend, a neighbour, a group, a pet."), "people",
        ),
        Part.WORKED: StrengthWords(
            gettext("What has worked before"), gettext("What has helped you through before?"),
            gettext("Such as: I asked for help early, I wrote lists, I walked every day."), "key",
        ),
    }[part]  # fmt: skip
