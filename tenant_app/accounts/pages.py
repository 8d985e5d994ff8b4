"""The tenants' way in and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenant_app.accounts import rules
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.forms import SignInForm
from tenant_app.accounts.gate import admit, safe_next, see_off, visit
from tenant_app.web.audience import ANYONE, TENANT, open_to
from tenant_app.web.house import keep_now, session

room = Blueprint("signin", __name__, template_folder="templates")
rooms = (room,)


@room.route("/sign-in", methods=["GET", "POST"])
@open_to(ANYONE)
def ask() -> str | tuple[str, int] | Response:
    """Sign in with a name and a PIN."""
    form = SignInForm.asked()
    if request.method == "GET":
        return render_template("accounts/sign_in.html", form=form)
    if not form.valid():
        return render_template("accounts/sign_in.html", form=form), 422
    tenant = rules.tenant_named(session(), form.name.data)
    key = f"pin:{tenant.id if tenant else form.name.data.lower()}"
    rules.count_try(session(), key)
    keep_now()
    if tenant is None or not rules.check_pin(tenant, form.pin.data):
        form.blame("pin", "wrong")
        return render_template("accounts/sign_in.html", form=form), 422
    rules.forget_tries(session(), key)
    begun, secret = Visit.begin(tenant, "tenant", shared=form.shared.data)
    session().add(begun)
    return admit(redirect(safe_next(request.args.get("next")), 303), secret, begun)


@room.post("/sign-out")
@open_to(TENANT)
def leave() -> Response:
    """Sign this phone out."""
    visit().end()
    return see_off(redirect(url_for("signin.ask"), 303))
