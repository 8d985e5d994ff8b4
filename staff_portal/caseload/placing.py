"""Where a tenant is on their way, and how much support was agreed. The tenant reads it too."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from staff_portal.caseload.room import room
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Intensity, Stage
from tenant_app.accounts.placement import intensity_words, stage_words
from tenant_app.accounts.rules import look_at
from tenant_app.web.audience import open_to
from tenant_app.web.forms import Form, SelectField
from tenant_app.web.house import find, session


class PlacementForm(Form):
    """Both may be left unsaid."""

    stage = SelectField(_("Where they are on their way"))
    intensity = SelectField(_("Support that was agreed"))

    def offer(self) -> PlacementForm:
        """Fill in what can be chosen."""
        nothing = ("", gettext("Not said"))
        self.stage.choices = [nothing, *((one.value, stage_words(one)) for one in Stage)]
        self.intensity.choices = [nothing, *((one.value, intensity_words(one)) for one in Intensity)]
        return self


@room.app_context_processor
def words() -> dict[str, object]:
    """For rows and pages that say it."""
    return {"stage_words": stage_words, "intensity_words": intensity_words}


@room.route("/caseload/<uuid:tenant_id>/placement", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def placement(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """Say both, or that neither is said. The tenant reads it with the day and the name of who said it."""
    tenant = find(worker().caseload, tenant_id)
    form = PlacementForm.asked(stage=tenant.stage or "", intensity=tenant.intensity or "").offer()
    if request.method == "GET":
        look_at(session(), worker(), tenant, "overview")
        return render_template("caseload/placement.html", tenant=tenant, form=form)
    if not form.valid():
        return render_template("caseload/placement.html", tenant=tenant, form=form), 422
    tenant.place(
        worker(), Stage(form.stage.data) if form.stage.data else None,
        Intensity(form.intensity.data) if form.intensity.data else None,
    )  # fmt: skip
    flash(gettext("Saved. %(name)s can see it too.", name=tenant.known_as))
    return redirect(url_for("caseload.tenant", tenant_id=tenant.id), 303)
