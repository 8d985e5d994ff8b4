"""What is said of key work, in the reader's language, at both doors."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tenant_app.key_work.models import How


@dataclass(frozen=True)
class Named:
    """One of several, by word and icon."""

    words: str
    icon: str


def how_words(how: How) -> Named:
    """How a worker and a tenant were in touch."""
    return {
        How.VISIT: Named(gettext("Visit at home"), "home"),
        How.CALL: Named(gettext("Phone call"), "phone"),
        How.HERE: Named(gettext("Here at the office"), "door"),
        How.MESSAGE: Named(gettext("Message"), "message"),
        How.OTHER: Named(gettext("Something else"), "talk"),
    }[How(how)]
