"""What roles are called, and the groups of them that pages are for."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.accounts.models import Footing, Role

SUPPORTERS = (Role.KEYWORKER, Role.COORDINATOR)
"""Those who support tenants towards their goals."""

GLASS_BREAKERS = (Role.KEYWORKER, Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who may open a record for somebody's safety, with a reason. Administrators see records in no other way."""

WATCHERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who are alerted when records are read in ways that need a second look."""

REGISTER_KEEPERS = (Role.FACILITATOR, Role.KEYWORKER, Role.COORDINATOR)
"""Those who run groups, and say who came."""

ACTION_OWNERS = (*REGISTER_KEEPERS, Role.HOUSING_OFFICER)
"""Those who can be asked to do what a house meeting agreed."""

GROUP_PLANNERS = (Role.FACILITATOR, Role.COORDINATOR)
"""Those who put groups on."""

WELCOMERS = (Role.KEYWORKER, Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who welcome new tenants, and give a new code to one who cannot get in."""

MENDERS = (Role.HOUSING_OFFICER, Role.KEYWORKER, Role.COORDINATOR)
"""Those who see to repairs."""

CONTRACTOR_KEEPERS = (Role.HOUSING_OFFICER, Role.COORDINATOR)
"""Those who keep the list of contractors. Every one of `MENDERS` may give them a repair."""

RENT_KEEPERS = (Role.HOUSING_OFFICER,)
"""Those who see to rent. What a tenant owes is for them to tell their keyworker."""


CHATTERS = (*SUPPORTERS, Role.HOUSING_OFFICER)
"""Those whom tenants may ask for a chat."""

TRAINING_KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""Those who see what everyone has learned, and write down what they have seen a certificate of."""


def role_words(role: Role) -> str:
    """What a role is called, in the reader's language."""
    return {
        Role.KEYWORKER: gettext("Keyworker"),
        Role.COORDINATOR: gettext("Coordinator"),
        Role.FACILITATOR: gettext("Group facilitator"),
        Role.HOUSING_OFFICER: gettext("Housing officer"),
        Role.ADMINISTRATOR: gettext("Administrator"),
    }[Role(role)]


def footing_words(footing: Footing) -> str:
    """What a footing is called, in the reader's language."""
    return {
        Footing.EMPLOYEE: gettext("Employed here"),
        Footing.PEER: gettext("Peer"),
        Footing.VOLUNTEER: gettext("Volunteer"),
    }[Footing(footing)]
