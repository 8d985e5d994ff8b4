"""What roles are called, and the groups of them that pages are for."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.accounts.models import Role

SUPPORTERS = (Role.KEYWORKER, Role.COORDINATOR)
"""Those who support tenants towards their goals."""


def role_words(role: Role) -> str:
    """What a role is called, in the reader's language."""
    return {
        Role.KEYWORKER: gettext("Keyworker"),
        Role.COORDINATOR: gettext("Coordinator"),
        Role.FACILITATOR: gettext("Group facilitator"),
        Role.HOUSING_OFFICER: gettext("Housing officer"),
        Role.ADMINISTRATOR: gettext("Administrator"),
    }[role]
