"""A new colleague, or one who lost their phone: a one-time code, then an app for codes, and last a password.

The password comes last because with it everything is there: whoever has one has confirmed an app as well, and so a
visit that was begun by a password alone can never set up a second factor of its own.
"""

from __future__ import annotations

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.signin.forms import JoinForm, PasswordForm, SecondForm
from tenant_app.accounts import choices, rules
from tenant_app.accounts.gate import let_in, safe_next, worker
from tenant_app.accounts.models import Worker
from tenant_app.accounts.second_step import check_totp, new_secret, open_totp, seal_totp, totp_address
from tenant_app.web.audience import ANYONE, HALFWAY, open_to
from tenant_app.web.house import house, keep_now, session

room = Blueprint("joining", __name__, template_folder="templates")


@room.route("/join", methods=["GET", "POST"])
@open_to(ANYONE)
def code() -> str | tuple[str, int] | Response:
    """Come in by the one-time code that an administrator gave."""
    form = JoinForm.asked()
    if request.method == "GET":
        return render_template("signin/join.html", form=form, refusal=None)
    if not form.valid():
        return render_template("signin/join.html", form=form, refusal=None), 422
    key = f"code:{request.remote_addr}"
    try:
        rules.count_try(session(), key)
        keep_now()
        person = rules.use_code(session(), form.code.data, Worker)
    except rules.Refused as refusal:
        return render_template("signin/join.html", form=form, refusal=refusal), choices.status_of(refusal)
    assert isinstance(person, Worker)
    rules.forget_tries(session(), key)
    seal_totp(person, new_secret(), house().keys.seal)
    return let_in(person, redirect(url_for("joining.app"), 303), complete=False)


@room.route("/join/app", methods=["GET", "POST"])
@open_to(HALFWAY)
def app() -> str | tuple[str, int] | Response:
    """Put the secret into an app, and show that it works."""
    here = worker()
    if here.password_hash:
        return redirect(url_for("signin.second"), 303)
    if here.totp_step:
        return redirect(url_for("joining.password"), 303)
    form = SecondForm.asked()
    if request.method == "GET":
        return _app(form)
    if not form.valid():
        return _app(form), 422
    key = rules.try_key("totp", here, "")
    try:
        rules.count_try(session(), key)
    except rules.Locked as locked:
        return _app(form, locked=locked), 429
    keep_now()
    if not check_totp(session(), here, form.code.data, house().keys.seal):
        form.blame("code", gettext("Enter the 6 numbers that your app shows now. Each code works once"))
        return _app(form), 422
    rules.forget_tries(session(), key)
    return redirect(url_for("joining.password"), 303)


def _app(form: SecondForm, *, locked: rules.Locked | None = None) -> str:
    secret = open_totp(worker(), house().keys.seal)
    address = totp_address(worker(), secret, house().settings.association)
    return render_template(
        "signin/join_app.html", form=form, locked=locked, picture=picture_of(address),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )  # fmt: skip


@room.route("/join/password", methods=["GET", "POST"])
@open_to(HALFWAY)
def password() -> str | tuple[str, int] | Response:
    """Choose a password; then they are in."""
    here = worker()
    if here.password_hash or not here.totp_step:
        return redirect(url_for("joining.app"), 303)
    form = PasswordForm.asked()
    if request.method == "GET":
        return render_template("signin/join_password.html", form=form)
    if form.valid():
        try:
            rules.choose_password(here, form.password.data)
            return let_in(here, redirect(safe_next(None), 303))
        except rules.TooEasy:
            form.blame("password", gettext("Choose at least 12 letters that are not your name or address"))
    return render_template("signin/join_password.html", form=form), 422


def picture_of(address: str) -> str:
    """A QR code as the `src` of an image: dark on white in every theme, because cameras read nothing else."""
    picture: str = segno.make(address, error="m").svg_data_uri(border=4, dark="#1c2b2e", light="#fff", omitsize=True)
    return picture
