"""Bringing a contractor their link by e-mail, and what the desk needs where no e-mail went.

Nothing tries again later by itself: a letter that waits would hold the link, which is kept nowhere. So whoever gave the
job is told at once, while their page still has it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tenant_app.reminders.addresses import Carrier
from tenant_app.reminders.answers import Kind
from tenant_app.reminders.carriers import deliver_now, offered
from tenant_app.repairs.contractors.letters import job_address, job_letter, job_mailto
from tenant_app.repairs.contractors.models import RepairJob
from tenant_app.web.house import house, session


@dataclass(frozen=True)
class Unsent:
    """A link that no e-mail brought, as the one page that shows it has it."""

    token: str
    address: str
    """Where the link leads."""
    mailto: str
    tried: bool
    """Whether there is a mail server, so that the same can be tried again."""
    wrong_address: bool
    """Whether the server said that there is no such address."""


def send_link(job: RepairJob, token: str) -> Unsent | None:
    """Hand the letter with this link to the mail server, once more where it was tried before: it is then known as the
    same letter. None where it was taken. Nobody may wait in the database while the server thinks: what is to be kept is
    kept before."""
    settings, keys = house().settings, house().keys
    address, mailto = job_address(settings, token), job_mailto(settings, job, token)
    if Carrier.EMAIL not in offered(settings):
        return Unsent(token, address, mailto, tried=False, wrong_address=False)
    letter, to = job_letter(settings, keys, job, token), job.contractor.email
    session().rollback()
    outcome = deliver_now(settings, keys, Carrier.EMAIL, to, letter)
    if outcome.kind is Kind.ACCEPTED:
        return None
    return Unsent(token, address, mailto, tried=True, wrong_address=outcome.kind is Kind.REFUSED)
