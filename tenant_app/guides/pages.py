"""Get help now, and the guides."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from tenant_app.web import content
from tenant_app.web.audience import ANYONE, open_to

room = Blueprint("help", __name__, template_folder="templates")


@room.get("/help")
@open_to(ANYONE)
def show() -> str:
    """Whom to call, for anyone, signed in or not, and kept on the phone for when there is no signal."""
    return render_template("guides/help.html", page=content.page("contacts", "crisis"))


@room.get("/guides")
@open_to(ANYONE)
def guides() -> str:
    """All guides."""
    return render_template("guides/guides.html", pages=content.pages("guides"))


@room.get("/guides/<slug>")
@open_to(ANYONE)
def guide(slug: str) -> str:
    """One guide."""
    known = {page.slug: page for page in content.pages("guides")}
    if slug not in known:
        abort(404)
    return render_template("guides/guide.html", page=known[slug])
