"""Taking in photos of a repair: each by itself, so that one that is no photo costs none of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from tenant_app.repairs.models import MOST_PHOTOS, Repair, RepairPhoto
from tenant_app.repairs.visits.rules import photos_came
from tenant_app.web import photos
from tenant_app.web.house import house, keep_now, session
from tenant_app.web.uploads import Sent, keep_sent, no_more


@dataclass
class Taken:
    """What became of what was sent."""

    repair: Repair
    problems: list[str] = field(default_factory=list)
    later: bool = False
    """Whether the disk refused: the same may be sent again."""


def take_in(find_repair: Callable[[], Repair], contractor_id: UUID | None = None) -> Taken:
    """Make the pictures of this request anew and put them to the repair; of those that could not be, say which and why.

    `find_repair` is asked before, so that nothing is done for strangers, and again after: to make a picture anew takes
    a second, for which no transaction is held, or on SQLite nobody else could write. It aborts where there is none.
    With `contractor_id` they show this contractor's work, of which there can be as many again.
    """
    repair = find_repair()
    room = MOST_PHOTOS - len(_known(repair, contractor_id))
    keep_now()
    sent = keep_sent(room, MOST_PHOTOS)
    return Taken(_put(find_repair(), sent, contractor_id), sent.problems, sent.later)


def _known(repair: Repair, contractor_id: UUID | None) -> list[RepairPhoto]:
    return repair.work_photos if contractor_id else repair.photos


def _put(repair: Repair, sent: Sent, contractor_id: UUID | None) -> Repair:
    known, new = {photo.digest for photo in _known(repair, contractor_id)}, []
    for one in sent.stored:
        full = len(known) >= MOST_PHOTOS
        if full and one.digest not in known and no_more(MOST_PHOTOS) not in sent.problems:
            sent.problems.append(no_more(MOST_PHOTOS))
        if full or one.digest in known:
            photos.remove(house().settings.photos, one.file)
            continue
        known.add(one.digest)
        new.append(RepairPhoto(
            file=one.file, width=one.width, height=one.height, bytes=one.bytes, digest=one.digest,
            contractor_id=contractor_id,
        ))  # fmt: skip
    if contractor_id:
        for photo in new:
            photo.repair_id = repair.id
        session().add_all(new)
    elif repair.draft:
        repair.photos.extend(new)
    else:
        photos_came(session(), repair, new)
    return repair
