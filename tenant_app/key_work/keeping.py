"""Taking in a paper: a photo, made anew, or a PDF, kept as it is. What arrives decides by its content what it is."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import Response, abort, send_file

from tenant_app.database import new_id
from tenant_app.key_work.documents import Document
from tenant_app.settings import Settings
from tenant_app.web import photos
from tenant_app.web.house import house

LARGEST_PDF = 10 * 1024 * 1024
"""Bytes."""


class NotADocument(ValueError):
    """Neither a photo nor a PDF."""


class TooLarge(NotADocument):
    """It is one of the two, and larger than we take."""


@dataclass(frozen=True)
class Stored:
    """A paper as it now lies in its folder."""

    file: str
    bytes: int
    digest: str


def keep(upload: IO[bytes], settings: Settings) -> Stored:
    """Look at what arrived, and write it down. Raises `NotADocument`, `TooLarge`; `OSError` where the disk refuses."""
    if upload.read(5) == b"%PDF-":
        upload.seek(0)
        return _keep_pdf(upload, settings.documents)
    upload.seek(0)
    try:
        photo = photos.keep(upload, settings.photos)
    except photos.TooLarge as error:
        raise TooLarge from error
    except photos.NotAPhoto as error:
        raise NotADocument from error
    return Stored(photo.file, photo.bytes, photo.digest)


def remove(settings: Settings, *files: str) -> None:
    """Take files away for good, once the rows that named them are gone."""
    for file in files:
        photos.remove(_folder(settings, file), file)


def answer_with(document: Document) -> Response:
    """The paper itself, for whoever was found to be allowed to see it; 404 where its file is gone. A PDF is only ever
    saved: what stands in one may be a program, and must not run as a page of ours."""
    if not document.pdf:
        return photos.photo_answer(document.file, document.digest)
    path = house().settings.documents / document.file
    if not path.is_file():
        abort(404)
    answer = send_file(path, mimetype="application/pdf", as_attachment=True, download_name=_called(document.title))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _keep_pdf(upload: IO[bytes], folder: Path) -> Stored:
    content = upload.read(LARGEST_PDF + 1)
    if len(content) > LARGEST_PDF:
        raise TooLarge
    if b"%%EOF" not in content[-2048:]:
        raise NotADocument  # it begins like one, and the rest never came
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{new_id().hex}.pdf"
    unfinished = folder / f"{name}.part"
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, folder / name)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
    return Stored(name, len(content), hashlib.sha256(content).hexdigest())


def _folder(settings: Settings, file: str) -> Path:
    return settings.documents if file.endswith(".pdf") else settings.photos


def _called(title: str) -> str:
    """A name for the file on somebody's phone: letters, digits and spaces of the title."""
    return ("".join(sign if sign.isalnum() else " " for sign in title).strip()[:80] or "document") + ".pdf"
