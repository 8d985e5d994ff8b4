"""Pictures of an item, as they arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import abort

from tenant_app.accounts.gate import worker
from tenant_app.inspections.models import MOST_PHOTOS, Inspection, ItemPhoto
from tenant_app.web import photos
from tenant_app.web.house import house, keep_now, session
from tenant_app.web.uploads import keep_sent


@dataclass
class Taken:
    """What became of what was sent."""

    inspection: Inspection
    problems: list[str] = field(default_factory=list)
    later: bool = False
    """Whether the disk refused: the same may be sent again."""


def take_in(find_inspection: Callable[[], Inspection], item_id: str) -> Taken:
    """Keep the pictures of one item that were sent; of those that could not be, say which and why. 404 where there is
    no such item.

    `find_inspection` is asked before and after: to make a picture anew takes a second, for which no transaction is
    held. It aborts where there is none.
    """
    inspection = find_inspection()
    if inspection.item(item_id) is None:
        abort(404)
    room = MOST_PHOTOS - len(_known(inspection, item_id))
    keep_now()
    sent = keep_sent(room, MOST_PHOTOS)
    return Taken(_put(find_inspection(), item_id, sent.stored), sent.problems, sent.later)


def _put(inspection: Inspection, item_id: str, stored: list[photos.Stored]) -> Inspection:
    known = _known(inspection, item_id)
    for one in stored:
        if one.digest in known or len(known) >= MOST_PHOTOS:
            photos.remove(house().settings.photos, one.file)
            continue
        known.add(one.digest)
        inspection.photos.append(ItemPhoto(
            item=item_id, file=one.file, width=one.width, height=one.height, bytes=one.bytes, digest=one.digest,
            worker_id=worker().id,
        ))  # fmt: skip
    session().flush()
    return inspection


def _known(inspection: Inspection, item_id: str) -> set[str]:
    return {photo.digest for photo in inspection.photos if photo.item == item_id}
