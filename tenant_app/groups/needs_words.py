"""Needs as a facilitator reads them. The tenant is shown the very same lines."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tenant_app.groups.needs import GroupNeeds
from tenant_app.groups.titles import own_name


@dataclass(frozen=True)
class NeedLine:
    """One line: what it is about, and what was said."""

    icon: str
    about: str
    said: str
    language: str = ""
    """Of what was said, where it is known: the name of a language is in that language."""


def need_lines(needs: GroupNeeds | None) -> list[NeedLine]:
    """Everything that was said, and nothing that was not."""
    if needs is None:
        return []
    lines = [
        NeedLine("ramp", gettext("Getting in and taking part"), needs.access),
        NeedLine(
            "talk", gettext("Interpreter"), own_name(needs.interpreter) if needs.interpreter else "", needs.interpreter
        ),
        NeedLine("pot", gettext("Food"), needs.food),
    ]
    return [line for line in lines if line.said]
