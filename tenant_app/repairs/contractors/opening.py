"""Whether a contractor's link leads anywhere, and what holds for every page behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

import flask_babel
from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for

from tenant_app.accounts.rules import Locked, count_try
from tenant_app.repairs.contractors.models import RepairJob
from tenant_app.repairs.contractors.showing import in_templates
from tenant_app.repairs.contractors.work import job_behind
from tenant_app.repairs.models import Repair
from tenant_app.web.house import house, session
from tenant_app.web.locale import offered

room = Blueprint("contractor_job", __name__, template_folder="templates", url_prefix="/job/<token>")
room.context_processor(in_templates)

COOKIE = "homeward_job_language"
"""The language that a contractor chose on this device. Not a secret, and not that of a tenant who lives with one."""
COOKIE_LASTS = timedelta(days=400)

WITHIN = timedelta(minutes=15)
MOST_WRONG = 30
"""Links that lead nowhere, from one address within that time: one who mistypes, or a mail program that looks ahead."""
MOST_DONE = 60
"""What is sent about one job within that time."""


@room.before_request
def speak() -> None:
    """English, or what was chosen here. Whoever else is signed in on this device has no part in it."""
    codes = [known.code for known in offered()]
    chosen = request.cookies.get(COOKIE)
    g.language = chosen if chosen in codes else codes[0]
    flask_babel.refresh()


@room.after_request
def keep_quiet(response: Response) -> Response:
    """The address is told to nobody. Not `no-referrer`: browsers would then hide where a form comes from, and older
    ones say that in no other way."""
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def job_here(token: str, *, again: bool = False) -> RepairJob:
    """The job that this link leads to, its repair held for a POST. For every link that leads nowhere the same page:
    nobody learns whether it was made up, is over, or was taken back. `again` is for a POST that asks twice."""
    seal = house().keys.seal
    job = job_behind(session(), seal, token)
    if job is None:
        _count(f"job-wrong:{request.remote_addr}", MOST_WRONG)
        gone()
    if request.method != "POST":
        return job
    if not again:
        _count(f"job:{job.id}", MOST_DONE)
    return job_behind(session(), seal, token, lock=True) or gone()


def job_to_do(token: str) -> RepairJob:
    """The same, for what can be done about it. Once it is finished, the way leads to the page that says so."""
    job = job_here(token)
    if job.just_finished:
        abort(redirect(url_for("contractor_job.show", token=token), 303))
    return job


def repair_under_way(token: str) -> Repair:
    """Its repair, once more in the same POST, as long as there is something to do about it."""
    job = job_here(token, again=True)
    return gone() if job.just_finished else job.repair


def _count(key: str, most: int) -> None:
    # Reading ends first: on SQLite whoever still reads would keep the count from being written.
    session().rollback()
    try:
        with house().database.step() as counting:
            count_try(counting, key, most, WITHIN)
    except Locked:
        abort(429)


def gone() -> NoReturn:
    """Answer that a link leads nowhere, and whom to ring."""
    abort(make_response(render_template("contractors/gone.html"), 404))
