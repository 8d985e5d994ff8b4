"""What the answers of push services mean: whether a push was taken, and whether trying again makes sense."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from tenant_app import clock

LONGEST_WAIT = timedelta(days=1)
"""However long a push service asks us to wait."""

# 406 is how Windows' push service says "too fast"; 408 and 425 are temporary by their own definition.
_TEMPORARY = frozenset({406, 408, 425, 429})


class Kind(enum.StrEnum):
    """What became of one push to one browser."""

    ACCEPTED = "accepted"
    """The push service has it. Not: delivered, read, or acted on."""
    GONE = "gone"
    """The browser takes pushes no longer (404, 410), and never will again."""
    REFUSED = "refused"
    """This message will never be taken there: too large, malformed, or the endpoint or its keys are bad."""
    LATER = "later"
    """Busy, broken or out of reach; `wait` if the service said for how long."""
    OPERATOR = "operator"
    """Our own signature is refused (401, 403): for the operator to mend, and then for us to try again."""
    UNTRIED = "untried"
    """Not sent: its window closed, or the worker's time with it ended, before its turn came."""


@dataclass(frozen=True)
class Outcome:
    """How one push ended."""

    kind: Kind
    answer: int | None = None
    """HTTP status, if there was an answer."""
    wait: timedelta | None = None
    """What the push service asked for by `Retry-After`."""


def judge(status: int, retry_after: str | None) -> Outcome:
    """The outcome that an HTTP answer stands for (RFC 8030, sections 5 and 8.4). A redirect is a refusal."""
    if 200 <= status < 300:
        return Outcome(Kind.ACCEPTED, status)
    if status in (404, 410):
        return Outcome(Kind.GONE, status)
    if status in (401, 403):
        return Outcome(Kind.OPERATOR, status, read_wait(retry_after))
    if status in _TEMPORARY or status >= 500:
        return Outcome(Kind.LATER, status, read_wait(retry_after))
    return Outcome(Kind.REFUSED, status)


def read_wait(retry_after: str | None) -> timedelta | None:
    """`Retry-After` in seconds or as a date (RFC 9110, 10.2.3), at most `LONGEST_WAIT`; None if
    unreadable."""
    text = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]{1,200}", text):
        return timedelta(seconds=min(int(text), LONGEST_WAIT.total_seconds()))
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(moment - clock.now(), timedelta()), LONGEST_WAIT)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
