"""The tenant's page from which they take a certificate of attendance home."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.groups.after.attended import attended
from tenant_app.groups.after.certificate import certificate_of, to_pdf
from tenant_app.groups.titles import on_paper, programme
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import EARLIEST, LATEST, DayField, Form, RadioField, own_words
from tenant_app.web.house import house, session
from tenant_app.web.locale import language, language_of
from tenant_app.web.paper import Unprintable

room = Blueprint("group_certificate", __name__, template_folder="templates")

ENGLISH = "en"


class CertificateForm(Form):
    """Which group, which days, whose name, in which language."""

    kind = RadioField(_("Which group?"), validate_choice=False)
    first = DayField(_("From"), [validators.InputRequired(_("Choose a day"))])
    last = DayField(_("To"), [validators.InputRequired(_("Choose a day"))])
    name = own_words(
        _("The name to print"), _("As you want others to read it."), needed=_("Write the name to print"), longest=80
    )
    code = RadioField(_("In which language?"), validate_choice=False)

    def offer(self, kinds: Sequence[str]) -> None:
        """What there is to choose from."""
        self.kind.choices = [(kind, kind) for kind in kinds]
        self.code.choices = [(code, language_of(code).name) for code in dict.fromkeys((language().code, ENGLISH))]

    def validate_kind(self, field: RadioField) -> None:
        """One of those they came to."""
        if field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose a group"))

    def validate_code(self, field: RadioField) -> None:
        """Theirs or English."""
        if field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose a language"))

    def validate_last(self, field: DayField) -> None:
        """Not before the first."""
        if field.data and self.first.data and field.data < self.first.data:
            raise validators.StopValidation(gettext("Choose a day that is not before the first"))


@room.route("/groups/certificate", methods=["GET", "POST"])
@open_to(TENANT)
def make() -> str | tuple[str, int] | Response:
    """Ask what it should say, and answer with the PDF; 422 where there is nothing to certify."""
    lines = [line for line in attended(session(), tenant(), EARLIEST, LATEST) if on_paper(line.kind)]
    if not lines:
        page = render_template("groups/certificate.html", form=None, lines=lines)
        return page if request.method == "GET" else (page, 422)
    form = CertificateForm.asked(
        kind=lines[0].kind, first=min(line.first for line in lines), last=max(line.last for line in lines),
        name=tenant().name, code=language().code,
    )  # fmt: skip
    form.offer([line.kind for line in lines])
    if request.method == "POST" and form.valid():
        made = _made(form)
        if made is not None:
            return made
    page = render_template("groups/certificate.html", form=form, lines=lines, programme=programme)
    return page if request.method == "GET" else (page, 422)


def _made(form: CertificateForm) -> Response | None:
    """The PDF; None where the form now says why there is none."""
    first, last = form.first.data, form.last.data
    assert first
    assert last
    found = attended(session(), tenant(), first, last, form.kind.data)
    if not found:
        form.blame("last", gettext("The register does not say that you came to this group between these two days. "
                                   "Choose other days, or ask whoever runs it to look at the register"))  # fmt: skip
        return None
    settings = house().settings
    try:
        made = to_pdf(
            certificate_of(found[0], form.name.data, settings.association, form.code.data, clock.today(settings.zone)),
            settings.association,
        )
    except Unprintable as problem:
        form.blame("name", gettext("We have no print letters for this: %(texts)s", texts=", ".join(problem.texts)))
        return None
    # The file's name says nothing: it stays among the downloads of a phone that others may hold.
    return Response(
        made, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="certificate.pdf"'}
    )
