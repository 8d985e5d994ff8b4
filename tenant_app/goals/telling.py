"""What the pages of both doors ask and say of a goal's story."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request

from tenant_app.goals.story import Story


def asked_until() -> datetime | None:
    """`?until=`, before which the reader wants to read on; None where nothing that can be read was asked."""
    try:
        asked = datetime.fromisoformat(request.args.get("until", ""))
        return (asked if asked.tzinfo else asked.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def until_word(story: Story) -> str:
    """The other way round, for the link to what lies before; empty where there is nothing."""
    return story.earlier.astimezone(UTC).isoformat().replace("+00:00", "Z") if story.earlier else ""
