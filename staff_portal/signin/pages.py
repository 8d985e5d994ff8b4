"""Signing in and out at the staff door: password, then second factor, and only then a visit that opens anything."""

from __future__ import annotations

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.signin.forms import SecondForm, SignInForm
from tenant_app.accounts import choices, passkeys, rules
from tenant_app.accounts.drafts import open_draft
from tenant_app.accounts.entry import Passkey
from tenant_app.accounts.gate import let_in, safe_next, see_off, site, visit, visitor, worker
from tenant_app.accounts.models import Role, Worker
from tenant_app.accounts.second_step import check_totp, open_totp, totp_now
from tenant_app.web.audience import ANYONE, HALFWAY, open_to
from tenant_app.web.forms import sent_json
from tenant_app.web.house import house, keep_now, session

room = Blueprint("signin", __name__, template_folder="templates")


@room.route("/sign-in", methods=["GET", "POST"])
@open_to(ANYONE)
def ask() -> str | tuple[str, int] | Response:
    """The first question: address and password. The right answer opens nothing but the second."""
    if "draft" in g:  # the gate's: a form was sent by someone who is signed out, and this page answers it
        return _first(SignInForm(), draft=g.draft), 401
    form = SignInForm.asked()
    if request.method == "GET":
        return redirect(safe_next(request.args.get("next")), 303) if visitor() else _first(form)
    draft = request.form.get("draft", "")
    if not form.valid():
        return _first(form, draft=draft), 422
    found = rules.worker_at(session(), form.email.data)
    key = rules.try_key("password", found, form.email.data)
    try:
        rules.count_try(session(), key)
    except rules.Locked as locked:
        return _first(form, draft=draft, locked=locked), 429
    keep_now()
    if found is None or not rules.check_password(found, form.password.data):
        form.blame("password", gettext("This address and password do not belong together. Look at both once more"))
        return _first(form, draft=draft), 422
    rules.forget_tries(session(), key)
    if draft:  # carried on in the next page itself: it has no place in an address
        answer: Response = current_app.make_response(_second(SecondForm(), found, draft=draft))
    else:
        answer = redirect(url_for("signin.second", next=request.args.get("next")), 303)
    return let_in(found, answer, complete=False)


def _first(form: SignInForm, *, draft: str = "", locked: rules.Locked | None = None) -> str:
    return render_template(
        "signin/ask.html", form=form, draft=draft, locked=locked, next=request.args.get("next", ""),
        demo=choices.demo_people(),
    )  # fmt: skip


@room.route("/sign-in/second", methods=["GET", "POST"])
@open_to(HALFWAY, *Role)
def second() -> str | tuple[str, int] | Response:
    """The second question: a code from their app. Only a new visit opens the desk; the one that got here is over."""
    if visit().complete:
        return redirect(safe_next(request.args.get("next")), 303)
    if not worker().password_hash:  # they came by a code, and have yet to choose both factors
        return redirect(url_for("joining.app"), 303)
    form = SecondForm.asked()
    if request.method == "GET":
        return _second(form, worker())
    draft = request.form.get("draft", "")
    if not form.valid():
        return _second(form, worker(), draft=draft), 422
    key = rules.try_key("totp", worker(), "")
    try:
        rules.count_try(session(), key)
    except rules.Locked as locked:
        return _second(form, worker(), draft=draft, locked=locked), 429
    keep_now()
    if not check_totp(session(), worker(), form.code.data, house().keys.seal):
        form.blame("code", gettext("Enter the 6 numbers that your app shows now. Each code works once"))
        return _second(form, worker(), draft=draft), 422
    rules.forget_tries(session(), key)
    kept = open_draft(house().keys.seal, draft, worker())
    here = worker()
    answer = let_in(here, redirect(safe_next(request.args.get("next")), 303))
    if kept:  # written now that the visit is complete, or the page would come without its sidebar
        answer.status_code = 200
        answer.headers.remove("Location")
        answer.set_data(render_template("kept.html", draft=kept))
    return answer


def _second(form: SecondForm, person: Worker, *, draft: str = "", locked: rules.Locked | None = None) -> str:
    demo = [one for one in choices.demo_people() if one.get("sign_in") == person.email]
    secret = open_totp(person, house().keys.seal)
    return render_template(
        "signin/second.html", form=form, draft=draft, locked=locked, next=request.args.get("next", ""),
        has_app=bool(secret), has_passkey=session().scalars(Passkey.of(person).limit(1)).first() is not None,
        demo_code=totp_now(secret) if demo and secret else "",
    )  # fmt: skip


@room.post("/sign-in/second/passkey/options")
@open_to(HALFWAY)
def ask_passkey() -> Response:
    """What to ask this worker's phone or security key for."""
    return jsonify(passkeys.ask_to_enter(session(), site(), worker()))


@room.post("/sign-in/second/passkey")
@open_to(HALFWAY)
def enter_by_passkey() -> Response | tuple[Response, int]:
    """The second question, answered by a phone's own lock or a security key."""
    body = sent_json()
    here = worker()
    try:
        if not here.password_hash:
            raise rules.Wrong
        passkeys.recognise(session(), site(), body.get("answer"), Worker, here)
    except rules.Wrong:
        keep_now()  # the challenge is spent, whatever came back to it
        return jsonify(problem=gettext("That did not work. Use a code from your app, or try once more.")), 422
    wanted = body.get("next")
    return let_in(here, jsonify(next=safe_next(wanted if isinstance(wanted, str) else None)))


@room.post("/kept")
@open_to(*Role)
def kept() -> str | Response:
    """What someone had typed before they were asked to sign in again; for those who came in by passkey."""
    draft = open_draft(house().keys.seal, request.form.get("draft", ""), worker())
    return render_template("kept.html", draft=draft) if draft else redirect(safe_next(None), 303)


@room.post("/sign-out")
@open_to(HALFWAY, *Role)
def leave() -> Response:
    """Sign this browser out."""
    visit().end()
    return see_off(redirect(url_for("signin.ask"), 303))


@room.post("/language")
@open_to(ANYONE)
def language() -> Response:
    """The choice of a language, remembered in this browser and, for someone signed in, with them."""
    return choices.choose_language()
