"""The list of what helps to be ready. It is content: `content/move-on/checklist`, a file a language.

What tenants said of a thing points at its id, so an id never changes and is never given to another thing. Words may be
said better at any time; a thing that is taken off the list is told no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tenant_app.move_on.models import Checklist, Listed, Part
from tenant_app.web import content
from tenant_app.web.locale import Language

KIND, SLUG = "move-on", "checklist"


@dataclass(frozen=True)
class PartWords:
    """What a part of the list is called."""

    name: str
    hint: str
    icon: str
    language: Language


def checklist(code: str | None = None) -> Checklist:
    """The association's list in the reader's language, or in that of `code`."""
    page = content.page(KIND, SLUG, code)
    return listed(page["parts"], page.language.code)


def listed(parts: Iterable[Mapping[str, Any]], code: str) -> Checklist:
    """The list as the front matter of its file has it, in the language of `code`.

    Raises `ValueError` for an id that is there twice, or is longer than 32 letters.
    """
    found: dict[str, Listed] = {}
    for part in parts:
        for item in part["items"]:
            key = str(item["id"])
            if key in found or len(key) > 32:
                raise ValueError(f"{key}: each thing on the list has an id of its own, of at most 32 letters")
            found[key] = Listed(key, Part(part["id"]), str(item["words"]), code)
    return found


def part_words(part: Part) -> PartWords:
    """In the reader's language."""
    page = content.page(KIND, SLUG)
    told = next(each for each in page["parts"] if each["id"] == part.value)
    return PartWords(told["name"], told["hint"], told["icon"], page.language)
