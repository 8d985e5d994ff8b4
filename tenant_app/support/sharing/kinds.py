"""What each kind of record is called, and what exactly is seen by whom it is shared with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from tenant_app.accounts.consent import Category, GivenAs
from tenant_app.support.sharing.rules import BEYOND_KEYWORKER


@dataclass(frozen=True)
class Kind:
    """One kind of record, for the page of sharing."""

    category: Category
    icon: str
    name: str
    sees: tuple[str, ...]
    """What exactly is seen, in whole lines."""
    address: str
    """The room it belongs to; empty where there is none."""

    @property
    def keyworker_only(self) -> bool:
        return self.category not in BEYOND_KEYWORKER


def kind_of(category: Category) -> Kind:
    """This kind in the reader's language."""
    icon, name, sees, endpoint = _known().get(
        category, ("lock", gettext("Another part of your record"), (gettext("What you wrote there"),), "")
    )
    return Kind(category, icon, name, sees, url_for(endpoint) if endpoint else "")


def kinds() -> list[Kind]:
    """All of them, in the order of the page."""
    return [kind_of(category) for category in Category]


def has_words(category: Category) -> bool:
    """Whether someone said in plain words what is seen. A test asks."""
    return category in _known()


def _known() -> dict[Category, tuple[str, str, tuple[str, ...], str]]:
    return {
        Category.MEDICATION: ("glass", gettext("My medicines"), (
            gettext("Names of your medicines, how much and when"),
            gettext("What you recorded: taken, not taken, or nothing"),
            gettext("The counts you make together, and what you agree on"),
        ), "medication.index"),
        Category.CHECK_INS: ("edit", gettext("My check-ins"), (
            gettext("Your answers and your sentence of each check-in, and how they change"),
            gettext("How you felt before and after groups"),
        ), "check_ins.index"),
        Category.SAFETY_PLAN: ("umbrella", gettext("My plan for hard days"), (
            gettext("Every line of it, with the people you would call"),
        ), "safety_plan.show"),
        Category.GROUPS: ("people", gettext("Groups I missed"), (
            gettext("That you were not at a group you had booked. Never what happens there"),
        ), "groups.index"),
        Category.STRENGTHS: ("ball", gettext("What I am good at"), (
            gettext("What you wrote about your strengths, who is there for you and what has worked"),
        ), ""),
        Category.MOVE_ON: ("key", gettext("My move-on plan"), (
            gettext("Where you want to live, your list of what is ready, and your dates"),
        ), ""),
        Category.MESSAGES: ("message", gettext("Earlier messages"), (
            gettext("What you and an earlier keyworker wrote to each other, up to the day you agree"),
        ), "messages.show"),
    }  # fmt: skip


def say_part(part: GivenAs) -> str:
    """What a worker is to this tenant."""
    return {
        GivenAs.KEYWORKER: gettext("Your keyworker"),
        GivenAs.COORDINATOR: gettext("A coordinator"),
        GivenAs.SECOND_PERSON: gettext("Works here too, and can be the second person at a count"),
    }[part]
