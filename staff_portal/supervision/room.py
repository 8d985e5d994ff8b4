"""The room of supervision, and what other pages of the desk ask it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint

from tenant_app.accounts.cover import covered_now
from tenant_app.accounts.gate import visitor
from tenant_app.accounts.keyworking import Keyworking
from tenant_app.accounts.models import Cover, Worker
from tenant_app.web.house import session

room = Blueprint("supervision", __name__, template_folder="templates")


@room.app_context_processor
def asked_elsewhere() -> dict[str, object]:
    """For pages about tenants."""
    return {"covered_caseloads": covered_caseloads, "keyworking_news": keyworking_news}


def covered_caseloads() -> Mapping[UUID, Cover]:
    """By which covers whoever is here stands in now, by whose caseload it is."""
    here = visitor()
    return covered_now(session(), here) if isinstance(here, Worker) else {}


def keyworking_news() -> Sequence[Keyworking]:
    """Which tenants came to whoever is here lately, and which went to somebody else."""
    here = visitor()
    return session().scalars(Keyworking.news_for(here)).all() if isinstance(here, Worker) else ()
