"""Taking in photos of a repair: each by itself, so that one that is no photo costs none of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from flask import request
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from tenant_app.repairs.models import MOST_PHOTOS, Repair, RepairPhoto
from tenant_app.repairs.visits.rules import photos_came
from tenant_app.web import photos
from tenant_app.web.forms import tidy
from tenant_app.web.house import house, keep_now, session


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
    room, problems, later = MOST_PHOTOS - len(_known(repair, contractor_id)), [], False
    keep_now()
    stored: list[photos.Stored] = []
    sent = [upload for upload in request.files.getlist("photos") if upload.filename]
    if not sent and not request.form and not request.files and request.content_length:
        problems.append(gettext("The photos did not arrive. Send them again."))
    for upload in sent:
        if len(stored) >= max(room, 0):
            problems.append(_no_more())
            break
        try:
            one = photos.keep(upload.stream, house().settings.photos)
            if one.digest in {each.digest for each in stored}:
                photos.remove(house().settings.photos, one.file)
            else:
                stored.append(one)
        except photos.TooLarge:
            problems.append(gettext("“%(file)s” is too large a picture. Take it again, smaller.", file=_name(upload)))
        except photos.NotAPhoto:
            problems.append(gettext("“%(file)s” is not a photo we can open. Send a JPEG or PNG.", file=_name(upload)))
        except OSError:
            later = True
            problems.append(gettext("“%(file)s” could not be kept just now. Send it again later.", file=_name(upload)))
    return Taken(_put(find_repair(), stored, problems, contractor_id), problems, later)


def _known(repair: Repair, contractor_id: UUID | None) -> list[RepairPhoto]:
    return repair.work_photos if contractor_id else repair.photos


def _put(repair: Repair, stored: list[photos.Stored], problems: list[str], contractor_id: UUID | None) -> Repair:
    known, new = {photo.digest for photo in _known(repair, contractor_id)}, []
    for one in stored:
        full = len(known) >= MOST_PHOTOS
        if full and one.digest not in known and _no_more() not in problems:
            problems.append(_no_more())
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


def _no_more() -> str:
    return ngettext(
        "One photo is the most we can take. The others were left out.",
        "%(num)s photos are the most we can take. The others were left out.", MOST_PHOTOS,
    )  # fmt: skip


def _name(upload: FileStorage) -> str:
    return (tidy(upload.filename) or "")[:60]
