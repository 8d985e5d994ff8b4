"""The list of medicines to show to a pharmacist or an ambulance crew: a page to print, and a PDF."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.medication.models import Medicine
from tenant_app.medication.sheet.contents import Sheet, sheet_of
from tenant_app.medication.sheet.printing import Unprintable, to_pdf
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session

room = Blueprint("medicine_list", __name__)


@room.get("/medicines/list")
@open_to(TENANT)
def show() -> str:
    """All that is taken now, as a page that prints well."""
    return render_template("medication/list.html", sheet=_sheet())


@room.get("/medicines/list.pdf")
@open_to(TENANT)
def pdf() -> Response | tuple[str, int]:
    """The same as a PDF; 422 and the lines that cannot be printed, where a font lacks one of their characters."""
    try:
        made = to_pdf(_sheet())
    except Unprintable as problem:
        return render_template("medication/unprintable.html", texts=problem.texts), 422
    # The file's name says nothing: it stays among the downloads of a phone that others may hold.
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="list.pdf"'})


def _sheet() -> Sheet:
    settings = house().settings
    medicines = session().scalars(Medicine.of(tenant())).all()
    return sheet_of(tenant(), medicines, settings.association, clock.today(settings.zone))
