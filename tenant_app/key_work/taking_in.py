"""The question for a paper, at both doors, and what is done with the answer."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, validators

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.key_work.documents import Document, Kind, TooMany, add_document
from tenant_app.key_work.keeping import NotADocument, TooLarge, keep, remove
from tenant_app.key_work.words import paper_words
from tenant_app.web.forms import Form, RadioField, own_words
from tenant_app.web.house import house, session
from tenant_app.web.locale import language
from tenant_app.web.photos import ACCEPTED


class DocumentForm(Form):
    """A file, what it is called, and what kind of paper it is."""

    file = FileField(
        _("A photo of it, or a PDF"), description=_("A PDF of at most 10 MB, or a JPEG or PNG."),
        render_kw={"accept": f"{ACCEPTED},application/pdf", "data-shrink": True},
    )  # fmt: skip
    title = own_words(
        _("What paper is it?"), _("For example: letter of 12 November about Housing Benefit."),
        needed=_("Write what it is"), longest=120,
    )  # fmt: skip
    kind = RadioField(_("What kind of paper is it?"), [validators.InputRequired(_("Choose what kind of paper it is"))])
    shared = BooleanField(
        _("My keyworker may see this"), description=_("You can change this at any time, with one tap.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, paper_words(kind).words) for kind in Kind]


def take_in(tenant: Tenant, form: DocumentForm, *, worker: Worker | None = None) -> Document | None:
    """Keep what was sent with the form. None where something is amiss, which the form then says; nothing is kept of it
    but what was typed."""
    fine, upload = form.valid(), request.files.get("file")
    if upload is None or not upload.filename:
        form.blame("file", gettext("Choose a file"))
    if not fine or upload is None or not upload.filename:
        return None
    settings = house().settings
    try:
        stored = keep(upload.stream, settings)
    except TooLarge:
        form.blame("file", gettext("This file is too large. A PDF can have 10 MB. Take a photo again, smaller"))
        return None
    except NotADocument:
        form.blame("file", gettext("We cannot open this file. Choose a PDF, a JPEG or a PNG"))
        return None
    try:
        document = add_document(
            session(), tenant, form.title.data, Kind(form.kind.data), file=stored.file, size=stored.bytes,
            digest=stored.digest, worker=worker, shared=bool(form.shared.data), language=language().code,
        )  # fmt: skip
    except TooMany:
        remove(settings, stored.file)
        form.blame("file", gettext("There are 200 documents here already. Remove one first"))
        return None
    if document.file != stored.file:  # sent twice
        remove(settings, stored.file)
    return document
