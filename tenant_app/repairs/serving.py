"""Handing out a picture, at either door, to whoever was found to be allowed to see it."""

from __future__ import annotations

from flask import Response, abort, send_file

from tenant_app.repairs.models import RepairPhoto
from tenant_app.web.house import house


def photo_answer(photo: RepairPhoto) -> Response:
    """The picture itself, kept for a day by this browser alone; 404 where its file is gone."""
    path = house().settings.photos / photo.file
    if not path.is_file():
        abort(404)
    # Named by its id, its content never changes: a browser that has it need not ask again.
    answer = send_file(path, mimetype="image/jpeg", etag=photo.digest, conditional=True)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
