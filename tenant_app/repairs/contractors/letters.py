"""The letter that brings a contractor a link. Anyone may read it on the way: it names no tenant, home or room."""

from __future__ import annotations

from urllib.parse import quote

from flask_babel import gettext

from tenant_app.keys import Keys
from tenant_app.reminders.letters import Letter, work_letter
from tenant_app.repairs.contractors.models import RepairJob
from tenant_app.repairs.words import kind_of
from tenant_app.settings import Settings
from tenant_app.web.locale import offered, speaking, tell_day


def job_address(settings: Settings, token: str) -> str:
    """Where the link leads."""
    return f"{settings.tenant_url}/job/{token}"


def job_letter(settings: Settings, keys: Keys, job: RepairJob, token: str) -> Letter:
    """In the association's own language, which contractors can change behind the link. Needs an app context."""
    with speaking(offered()[0].code):
        subject, said, foot = _words(settings, job)
        return work_letter(settings, keys, job.contractor.email, subject, said, job_address(settings, token), foot)


def job_mailto(settings: Settings, job: RepairJob, token: str) -> str:
    """The same for a worker's own mail program."""
    with speaking(offered()[0].code):
        subject, said, foot = _words(settings, job)
    body = f"{said}\n\n{job_address(settings, token)}\n\n{foot}"
    return f"mailto:{quote(job.contractor.email, safe='@')}?subject={quote(subject)}&body={quote(body)}"


def _words(settings: Settings, job: RepairJob) -> tuple[str, str, str]:
    what = kind_of(job.repair.kind).name
    return (
        gettext("A job from %(name)s: %(what)s", name=settings.association, what=what),
        gettext("%(name)s asks you to mend something: %(what)s. This link shows you the job.",
                name=settings.association, what=what),
        gettext("It is for you alone. It works until %(day)s. Do not pass it on.", day=tell_day(job.expires_at)),
    )  # fmt: skip
