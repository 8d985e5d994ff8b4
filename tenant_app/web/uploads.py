"""Pictures that a form sends: each is taken in by itself, so that one that is no photo costs none of the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext, ngettext

from tenant_app.web import photos
from tenant_app.web.forms import tidy
from tenant_app.web.house import house


@dataclass
class Sent:
    """What became of what was sent."""

    stored: list[photos.Stored] = field(default_factory=list)
    """Each picture once. Whoever does not put one to a record removes its file."""
    problems: list[str] = field(default_factory=list)
    """What could not be kept and why, in words for whoever sent it."""
    later: bool = False
    """Whether the disk refused: the same may be sent again."""


def keep_sent(room: int, most: int) -> Sent:
    """Make the pictures of this request (`photos`) anew and keep them, at most `room`, where there can be `most`.

    A second each, so no transaction is to be held meanwhile: on SQLite nobody else could write.
    """
    sent = Sent()
    uploads = [upload for upload in request.files.getlist("photos") if upload.filename]
    if not uploads and not request.form and not request.files and request.content_length:
        sent.problems.append(gettext("The photos did not arrive. Send them again."))
    for upload in uploads:
        name = (tidy(upload.filename) or "")[:60]
        if len(sent.stored) >= max(room, 0):
            sent.problems.append(no_more(most))
            break
        try:
            one = photos.keep(upload.stream, house().settings.photos)
        except photos.TooLarge:
            sent.problems.append(gettext("“%(file)s” is too large a picture. Take it again, smaller.", file=name))
        except photos.NotAPhoto:
            sent.problems.append(gettext("“%(file)s” is not a photo we can open. Send a JPEG or PNG.", file=name))
        except OSError:
            sent.later = True
            sent.problems.append(gettext("“%(file)s” could not be kept just now. Send it again later.", file=name))
        else:
            if one.digest in {each.digest for each in sent.stored}:
                photos.remove(house().settings.photos, one.file)
            else:
                sent.stored.append(one)
    return sent


def no_more(most: int) -> str:
    """That there can be so many, and no more."""
    return ngettext(
        "One photo is the most we can take. The others were left out.",
        "%(num)s photos are the most we can take. The others were left out.", most,
    )  # fmt: skip
