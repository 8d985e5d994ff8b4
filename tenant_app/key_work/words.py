"""What is said of key work, in the reader's language, at both doors."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from tenant_app.key_work.documents import Kind
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


def paper_words(kind: Kind) -> Named:
    """What kind of paper it is."""
    return {
        Kind.IDENTITY: Named(gettext("ID"), "user"),
        Kind.AGREEMENT: Named(gettext("Tenancy or licence agreement"), "key"),
        Kind.BENEFIT: Named(gettext("Benefit letter"), "pound"),
        Kind.SUPPORT_PLAN: Named(gettext("Support plan"), "goal"),
        Kind.OTHER: Named(gettext("Something else"), "receipt"),
    }[Kind(kind)]


def size_words(size: int) -> str:
    """How large a file of `size` bytes is: `240 KB`, `1.5 MB`."""
    if size < 1_000_000:
        return gettext("%(number)s KB", number=max(size // 1000, 1))
    return gettext("%(number)s MB", number=f"{size / 1_000_000:.1f}")
