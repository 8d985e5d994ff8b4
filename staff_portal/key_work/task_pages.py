"""What was promised to a tenant: all of it, a new task, one from a note in one tap, and that it is done."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from staff_portal.key_work.forms import TaskForm
from staff_portal.key_work.room import note_of, refused, room, tenant_of
from staff_portal.roles import SUPPORTERS
from staff_portal.today.looking import look_once_a_day
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.key_work.tasks import LONGEST, Task, TooMany, add_task
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

MOST_DONE = 50
MOST_MINE = 500


@room.get("/tasks")
@open_to(*SUPPORTERS)
def my_tasks() -> str:
    """What this worker has still to do, what is due soonest first."""
    mine = Task.seen_by(worker()).where(Task.worker_id == worker().id, Task.done_at.is_(None))
    tasks = session().scalars(mine.options(joinedload(Task.tenant)).limit(MOST_MINE)).all()
    look_once_a_day(session(), worker(), [task.tenant for task in tasks], "tasks")
    return render_template("record/my_tasks.html", tasks=tasks, today=clock.today(house().settings.zone))


@room.get("/caseload/<uuid:tenant_id>/tasks")
@open_to(*SUPPORTERS)
def tasks(tenant_id: UUID) -> str:
    """What is open for this tenant, what was done lately, and a place to add one."""
    tenant = tenant_of(tenant_id, "tasks")
    return _page(tenant, TaskForm.offered(tenant))


@room.post("/caseload/<uuid:tenant_id>/tasks")
@open_to(*SUPPORTERS)
def add(tenant_id: UUID) -> Response | tuple[str, int]:
    """Promise something; with `note`, something that was agreed in that note."""
    tenant = tenant_of(tenant_id, "tasks")
    note_id = _note_asked(tenant)
    form = TaskForm.offered(tenant)
    if not form.valid():
        return refused(_page(tenant, form, note_id=note_id), 422)
    try:
        add_task(
            session(), worker(), tenant, form.words.data, form.due_on.data, zone=house().settings.zone,
            who=form.chosen(tenant), note_id=note_id, language=language().code,
        )  # fmt: skip
    except TooMany:
        form.blame("words", gettext("100 tasks are open here already. Finish one first"))
        return refused(_page(tenant, form, note_id=note_id), 409)
    flash(gettext("Kept. %(name)s can see it.", name=tenant.known_as))
    if note_id is not None:
        return redirect(url_for("record.note", note_id=note_id), 303)
    return redirect(url_for("record.tasks", tenant_id=tenant.id), 303)


@room.post("/tasks/<uuid:task_id>")
@open_to(*SUPPORTERS)
def mark(task_id: UUID) -> Response:
    """It is done, or not after all (`done`); or it is this worker's from now on (`mine=1`)."""
    task = find(Task.seen_by(worker()).with_for_update(of=Task), task_id)
    look_at(session(), worker(), task.tenant, "tasks")
    if "mine" in request.form:
        if not stated("mine"):
            abort(400)
        task.take_over(worker())
    else:
        task.mark(worker(), stated("done"))
    if request.form.get("from") == "mine":
        return redirect(url_for("record.my_tasks"), 303)
    return redirect(url_for("record.tasks", tenant_id=task.tenant_id), 303)


def suggested(agreed: str) -> str:
    """The first line of what was agreed, as long as a task can be."""
    return agreed.strip().partition("\n")[0][:LONGEST]


def _note_asked(tenant: Tenant) -> UUID | None:
    given = request.form.get("note")
    if not given:
        return None
    try:
        note = note_of(UUID(given))
    except ValueError:
        abort(404)
    if note.tenant_id != tenant.id:
        abort(404)
    return note.id


def _page(tenant: Tenant, form: TaskForm, *, note_id: UUID | None = None) -> str:
    of_theirs = Task.of(tenant)
    done = of_theirs.where(Task.done_at.is_not(None)).order_by(None).order_by(Task.done_at.desc(), Task.id)
    return render_template(
        "record/tasks.html", tenant=tenant, form=form, note_id=note_id, today=clock.today(house().settings.zone),
        open=session().scalars(of_theirs.where(Task.done_at.is_(None))).all(),
        done=session().scalars(done.limit(MOST_DONE)).all(),
    )  # fmt: skip
