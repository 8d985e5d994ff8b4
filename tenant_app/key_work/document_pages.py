"""A tenant's papers: their own, private unless they show one, and what staff put there."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.accounts.gate import tenant
from tenant_app.key_work.documents import Document
from tenant_app.key_work.keeping import answer_with, remove
from tenant_app.key_work.taking_in import DocumentForm, take_in
from tenant_app.key_work.words import paper_words, size_words
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session

room = Blueprint("documents", __name__, template_folder="templates")


@room.context_processor
def words() -> dict[str, object]:
    """What kinds of papers are called."""
    return {"paper_words": paper_words, "size_words": size_words}


@room.get("/documents")
@open_to(TENANT)
def index() -> str:
    """All of them, the newest first."""
    return render_template(
        "key_work/documents.html", documents=session().scalars(Document.of(tenant())).all(),
        keyworker=tenant().keyworker,
    )  # fmt: skip


@room.route("/documents/new", methods=["GET", "POST"])
@open_to(TENANT)
def add() -> str | tuple[str, int] | AnyResponse:
    """Put one there."""
    form = DocumentForm.asked()
    if request.method == "GET":
        return render_template("key_work/add_document.html", form=form)
    if take_in(tenant(), form) is None:
        return render_template("key_work/add_document.html", form=form), 422
    flash(gettext("It is kept."))
    return redirect(url_for("documents.index"), 303)


@room.get("/documents/<uuid:document_id>")
@open_to(TENANT)
def document(document_id: UUID) -> Response:
    """The paper itself."""
    return answer_with(find(Document.of(tenant()), document_id))


@room.post("/documents/<uuid:document_id>/share")
@open_to(TENANT)
def share(document_id: UUID) -> AnyResponse:
    """Let one's keyworker see it (`shared=1`), or no longer (`shared=0`)."""
    find(Document.by(tenant()), document_id).share(stated("shared"))
    return redirect(url_for("documents.index", _anchor=f"document-{document_id}"), 303)


@room.post("/documents/<uuid:document_id>/remove")
@open_to(TENANT)
def take_away(document_id: UUID) -> AnyResponse:
    """Take one's own away for good (`kept=0`)."""
    found = find(Document.by(tenant()), document_id)
    if stated("kept"):
        abort(400)
    session().delete(found)
    keep_now()
    remove(house().settings, found.file)
    flash(gettext("It is gone."))
    return redirect(url_for("documents.index"), 303)
