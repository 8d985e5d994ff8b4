"""A tenant's papers at the desk: what staff put there, and what the tenant shows."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from staff_portal.key_work.room import refused, room, tenant_of
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.key_work.documents import Document
from tenant_app.key_work.keeping import answer_with, remove
from tenant_app.key_work.taking_in import DocumentForm, take_in
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session


@room.get("/caseload/<uuid:tenant_id>/documents")
@open_to(*SUPPORTERS)
def documents(tenant_id: UUID) -> str:
    """What this worker may see, the newest first, and a place to add one."""
    return _page(tenant_of(tenant_id, "documents"), DocumentForm.asked())


@room.post("/caseload/<uuid:tenant_id>/documents")
@open_to(*SUPPORTERS)
def add_document(tenant_id: UUID) -> AnyResponse | tuple[str, int]:
    """Put a paper there; the tenant sees it."""
    tenant, form = tenant_of(tenant_id, "documents"), DocumentForm.asked()
    if take_in(tenant, form, worker=worker()) is None:
        return refused(_page(tenant, form), 422)
    flash(gettext("It is kept. %(name)s can see it.", name=tenant.known_as))
    return redirect(url_for("record.documents", tenant_id=tenant.id), 303)


@room.get("/documents/<uuid:document_id>")
@open_to(*SUPPORTERS)
def document(document_id: UUID) -> Response:
    """The paper itself."""
    found = find(Document.read_by(worker()), document_id)
    look_at(session(), worker(), found.tenant, "documents")
    return answer_with(found)


@room.post("/documents/<uuid:document_id>/remove")
@open_to(*SUPPORTERS)
def remove_document(document_id: UUID) -> AnyResponse:
    """Take away for good what one put there oneself (`kept=0`)."""
    found = find(Document.read_by(worker()).where(Document.worker_id == worker().id), document_id)
    look_at(session(), worker(), found.tenant, "documents")
    if stated("kept"):
        abort(400)
    session().delete(found)
    keep_now()
    remove(house().settings, found.file)
    flash(gettext("It is gone."))
    return redirect(url_for("record.documents", tenant_id=found.tenant_id), 303)


def _page(tenant: Tenant, form: DocumentForm) -> str:
    seen = Document.read_by(worker()).where(Document.tenant_id == tenant.id)
    return render_template(
        "record/documents.html", tenant=tenant, form=form, documents=session().scalars(seen).all()
    )
