"""The tenants' way in and out."""

from __future__ import annotations

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenant_app.accounts import choices, own_pages, passkey_pages, rules, settling_pages
from tenant_app.accounts.drafts import open_draft
from tenant_app.accounts.forms import CodeForm, SignInForm
from tenant_app.accounts.gate import let_in, safe_next, see_off, visit, visitor
from tenant_app.accounts.leaving import leave as leave_device
from tenant_app.accounts.models import Tenant
from tenant_app.web import locale
from tenant_app.web.audience import ANYONE, SETTLING, TENANT, open_to
from tenant_app.web.house import house, keep_now, session

room = Blueprint("signin", __name__, template_folder="templates")
rooms = (room, settling_pages.room, own_pages.room, passkey_pages.room)


@room.route("/sign-in", methods=["GET", "POST"])
@open_to(ANYONE)
def ask() -> str | tuple[str, int] | Response:
    """Sign in with a name and a PIN."""
    if "draft" in g:  # the gate's: a form was sent by someone who is signed out, and this page answers it
        return _sign_in(SignInForm(), draft=g.draft), 401
    form = SignInForm.asked()
    if request.method == "GET":
        return redirect(safe_next(request.args.get("next")), 303) if visitor() else _sign_in(form)
    draft = request.form.get("draft", "")
    if not form.valid():
        return _sign_in(form, draft=draft), 422
    tenant = rules.tenant_named(session(), form.name.data)
    key = rules.try_key("pin", tenant, form.name.data)
    try:
        rules.count_try(session(), key)
    except rules.Locked as locked:
        return _sign_in(form, draft=draft, locked=locked), 429
    keep_now()
    if tenant is None or not rules.check_pin(tenant, form.pin.data):
        form.blame("pin", choices.say_wrong_pin())
        return _sign_in(form, draft=draft), 422
    rules.forget_tries(session(), key)
    kept = open_draft(house().keys.seal, draft, tenant)
    answer = current_app.make_response(
        render_template("kept.html", draft=kept) if kept else redirect(safe_next(request.args.get("next")), 303)
    )
    return let_in(tenant, answer, shared=form.shared.data)


def _sign_in(form: SignInForm, *, draft: str = "", locked: rules.Locked | None = None) -> str:
    return render_template(
        "accounts/sign_in.html", form=form, draft=draft, locked=locked, next=request.args.get("next", ""),
        demo=choices.demo_people(),
    )  # fmt: skip


@room.post("/kept")
@open_to(TENANT)
def kept() -> str | Response:
    """What someone had typed before they were asked to sign in again; for those who came in by their phone's lock."""
    draft = open_draft(house().keys.seal, request.form.get("draft", ""), visit().person)
    return render_template("kept.html", draft=draft) if draft else redirect(safe_next(None), 303)


@room.route("/welcome", methods=["GET", "POST"])
@open_to(ANYONE)
def welcome() -> str | tuple[str, int] | Response:
    """Come in by the one-time code that a keyworker gave."""
    form = CodeForm.asked()
    if request.method == "GET":
        return render_template("accounts/welcome.html", form=form, refusal=None)
    if not form.valid():
        return render_template("accounts/welcome.html", form=form, refusal=None), 422
    key = f"code:{request.remote_addr}"
    try:
        rules.count_try(session(), key)
        keep_now()
        person = rules.use_code(session(), form.code.data, Tenant)
    except rules.Refused as refusal:
        page = render_template("accounts/welcome.html", form=form, refusal=refusal)
        return page, choices.status_of(refusal)
    rules.forget_tries(session(), key)
    if (chosen := request.cookies.get(locale.COOKIE)) in [known.code for known in locale.offered()]:
        person.language = chosen  # by them, on this phone; what there was, a worker wrote down for them
    return let_in(person, redirect(url_for("settling.language"), 303), shared=form.shared.data)


@room.post("/sign-out")
@open_to(SETTLING, TENANT)
def leave() -> Response:
    """Sign this phone out."""
    leave_device(session(), visit(), request.form.get("endpoint", ""))
    return see_off(redirect(url_for("signin.ask"), 303))


@room.route("/language", methods=["GET", "POST"])
@open_to(ANYONE)
def language() -> str | Response:
    """All languages; and the choice of one, remembered on this phone and, for someone signed in, with them."""
    if request.method == "GET":
        return render_template("accounts/language.html", next=request.args.get("next", ""))
    return choices.choose_language()


@room.get("/settings")
@open_to(TENANT)
def settings() -> str:
    """All that someone may set for themselves."""
    return render_template("accounts/settings.html", tenant=visit().person)


@room.post("/scheme")
@open_to(TENANT)
def scheme() -> Response:
    """Light, dark, or as the phone has it."""
    return choices.choose_scheme()
