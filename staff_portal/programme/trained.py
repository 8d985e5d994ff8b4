"""Whether those who are to run a session have done what it asks of them, on its day.

The programme knows nothing of training, and training nothing of the programme: they meet here, at the door.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import request

from tenant_app.accounts.models import Worker
from tenant_app.groups.programme.arranging import Arrangement
from tenant_app.training.courses import courses, pages_of_courses
from tenant_app.training.models import Duty
from tenant_app.training.rules import Gap, gaps, held
from tenant_app.web.content import Page
from tenant_app.web.house import session


@dataclass(frozen=True)
class Untrained:
    """What is missing, each person and course once."""

    gaps: Sequence[Gap] = ()

    @property
    def refused(self) -> list[Gap]:
        """What cannot be confirmed: a peer or a volunteer without a course that protects people."""
        return [gap for gap in self.gaps if gap.refused]

    @property
    def confirmed(self) -> list[Gap]:
        """What can be."""
        return [gap for gap in self.gaps if not gap.refused]

    @property
    def stops(self) -> bool:
        """Whether this request may not be acted on: something is refused, or nobody has said "all the same"."""
        return bool(self.refused) or (bool(self.gaps) and request.form.get("untrained") != "1")

    @property
    def pages(self) -> dict[str, Page]:
        """What the courses are called."""
        return pages_of_courses() if self.gaps else {}


def untrained(kind: str, arranged: Iterable[tuple[Arrangement, date]]) -> Untrained:
    """For sessions of a kind, each so arranged and on that day; two questions however many there are."""
    sessions = list(arranged)
    done = held(session(), {key for arrangement, _ in sessions for key in arrangement.workers})
    asked = courses()
    found: dict[tuple[UUID, str], Gap] = {}
    for arrangement, day in sessions:
        for gap in gaps(asked, _people(arrangement), kind, [day], done):
            # The first day says it; and where somebody helps as a volunteer once, that counts for all of it.
            known = found.setdefault((gap.worker.id, gap.course.slug), gap)
            refused, first = gap.refused or known.refused, min(gap.on, known.on)
            found[gap.worker.id, gap.course.slug] = replace(known, refused=refused, on=first)
    return Untrained(sorted(found.values(), key=lambda gap: (gap.worker.name.casefold(), gap.course.slug)))


def _people(arrangement: Arrangement) -> list[tuple[Worker, set[Duty]]]:
    lead = arrangement.lead
    beside = [(one, {Duty(part.value), Duty.of(one.footing)}) for one, part in arrangement.beside]
    return [(lead, {Duty.of(lead.footing)}), *beside]
