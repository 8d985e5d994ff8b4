"""Pictures of an item, as they arrive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import abort, request
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from tenant_app.accounts.gate import worker
from tenant_app.inspections.models import MOST_PHOTOS, Inspection, ItemPhoto
from tenant_app.web import photos
from tenant_app.web.forms import tidy
from tenant_app.web.house import house, keep_now, session


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
    room, problems, later = MOST_PHOTOS - len(_known(inspection, item_id)), [], False
    keep_now()
    stored: list[photos.Stored] = []
    sent = [upload for upload in request.files.getlist("photos") if upload.filename]
    if not sent and not request.form and not request.files and request.content_length:
        problems.append(gettext("The photos did not arrive. Send them again."))
    for upload in sent:
        if len(stored) >= max(room, 0):
            problems.append(ngettext(
                "One photo is the most we can take. The others were left out.",
                "%(num)s photos are the most we can take. The others were left out.", MOST_PHOTOS,
            ))  # fmt: skip
            break
        try:
            stored.append(photos.keep(upload.stream, house().settings.photos))
        except photos.TooLarge:
            problems.append(gettext("“%(file)s” is too large a picture. Take it again, smaller.", file=_name(upload)))
        except photos.NotAPhoto:
            problems.append(gettext("“%(file)s” is not a photo we can open. Send a JPEG or PNG.", file=_name(upload)))
        except OSError:
            later = True
            problems.append(gettext("“%(file)s” could not be kept just now. Send it again later.", file=_name(upload)))
    return Taken(_put(find_inspection(), item_id, stored), problems, later)


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


def _name(upload: FileStorage) -> str:
    return (tidy(upload.filename) or "")[:60]
