"""Ways to a home of one's own: content, a page each, for any tenant."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to

room = Blueprint("move_on_options", __name__, template_folder="templates")
KIND = "move-on/options"


@room.get("/move-on/options")
@open_to(TENANT)
def index() -> str:
    """All of them, in the order that the association gives them."""
    pages = sorted(content.pages(KIND), key=lambda page: (page.get("order", 99), page.slug))
    return render_template("move_on/options.html", pages=pages)


@room.get("/move-on/options/<slug>")
@open_to(TENANT)
def show(slug: str) -> str:
    """One of them."""
    known = {page.slug: page for page in content.pages(KIND)}
    if slug not in known:
        abort(404)
    return render_template("move_on/option.html", page=known[slug])
