"""Pictures of an item, as they arrive."""

from __future__ import annotations

from flask import request
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from staff_portal.inspections.forms import PhotosForm
from tenant_app.accounts.gate import worker
from tenant_app.inspections.models import MOST_PHOTOS, Inspection, ItemPhoto
from tenant_app.web import photos
from tenant_app.web.forms import tidy
from tenant_app.web.house import house, session


def take_in(inspection: Inspection, item_id: str, form: PhotosForm) -> None:
    """Keep the pictures that were sent; of those that could not be, say which and why."""
    known = {photo.digest for photo in inspection.photos if photo.item == item_id}
    for upload in request.files.getlist("photos"):
        if not upload.filename:
            continue  # a browser sends an empty part where nothing was chosen
        if len(known) >= MOST_PHOTOS:
            form.blame("photos", ngettext(
                "One photo is the most we can take. The others were left out.",
                "%(num)s photos are the most we can take. The others were left out.", MOST_PHOTOS,
            ))  # fmt: skip
            break
        try:
            stored = photos.keep(upload.stream, house().settings.photos)
        except photos.TooLarge:
            form.blame("photos", gettext("“%(file)s” is too large a picture. Take it again, smaller.",
                                         file=_name(upload)))  # fmt: skip
            continue
        except photos.NotAPhoto:
            form.blame("photos", gettext("“%(file)s” is not a photo we can open. Send a JPEG or PNG.",
                                         file=_name(upload)))  # fmt: skip
            continue
        if stored.digest in known:
            photos.remove(house().settings.photos, stored.file)
            continue
        known.add(stored.digest)
        inspection.photos.append(ItemPhoto(
            item=item_id, file=stored.file, width=stored.width, height=stored.height, bytes=stored.bytes,
            digest=stored.digest, worker_id=worker().id,
        ))  # fmt: skip
    session().flush()


def _name(upload: FileStorage) -> str:
    return (tidy(upload.filename) or "")[:80]
