"""The list of erasures, in the database and beside it: what was erased stays erased when an older copy is restored."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.settings import Settings
from tenant_app.support.record.erasing import erase, remove_files
from tenant_app.support.record.models import Erasure, digest_of

log = structlog.get_logger()

NAME = "erasures.jsonl"


@dataclass(frozen=True)
class Noted:
    """One line of the list."""

    id: UUID
    subject: str
    """`digest_of` a tenant's id."""
    parts: list[str]
    files: list[str]
    erased_at: datetime

    @property
    def line(self) -> str:
        facts: dict[str, Any] = {
            "id": str(self.id), "subject": self.subject, "parts": self.parts, "files": self.files,
            "erased_at": self.erased_at.isoformat(),
        }  # fmt: skip
        return json.dumps(facts) + "\n"


def list_of(instance: Path) -> Path:
    """Where the list lies. It names nobody; whoever restores an older copy leaves this file as it is."""
    return instance / NAME


def noted(path: Path) -> dict[UUID, Noted]:
    """What the list says. A line that broke off, when the power went, is none."""
    found = {}
    for line in path.read_text("utf-8").splitlines() if path.is_file() else []:
        try:
            facts = json.loads(line)
            one = Noted(UUID(facts["id"]), facts["subject"], list(facts["parts"]), list(facts["files"]),
                        datetime.fromisoformat(facts["erased_at"]))  # fmt: skip
        except (ValueError, KeyError, TypeError):
            log.warning("erasure_unreadable")
            continue
        found[one.id] = one
    return found


def finish(settings: Settings, erasure: Erasure) -> None:
    """After an erasure is kept: its files go, and it is put on the list. Where a machine stops before that,
    `settle_erasures` does it a minute later. Twice is once, but for a second line."""
    remove_files(settings, erasure.files)
    path = list_of(settings.instance)
    one = Noted(erasure.id, erasure.subject_digest, erasure.parts, erasure.files, erasure.erased_at)
    broken_off = path.is_file() and path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n" * broken_off + one.line)
        file.flush()
        os.fsync(file.fileno())


def to_do_again(session: Session, path: Path) -> list[Noted]:
    """Erasures on the list that this database knows nothing of: it is a copy of before they were done."""
    listed = noted(path)
    known = set(session.scalars(select(Erasure.id))) if listed else set()
    return sorted((one for key, one in listed.items() if key not in known), key=lambda one: one.erased_at)


def settle_erasures(session: Session, settings: Settings, path: Path | None = None) -> int:
    """Do again what a restore brought back, and put on the list what is missing there. Returns how many were done
    again.

    For the worker, about once a minute, and for the command `homeward erasures`. The files go now, the rows when the
    caller commits.
    """
    own = list_of(settings.instance)
    again = to_do_again(session, path or own)
    if again:
        people = {digest_of(key): key for key in session.scalars(select(Tenant.id))}
        for one in again:
            remove_files(settings, one.files)
            _do_again(session, settings, one, people.get(one.subject))
    listed = noted(own)
    for erasure in session.scalars(select(Erasure).order_by(Erasure.erased_at)):
        if erasure.id not in listed:
            finish(settings, erasure)
    return len(again)


def _do_again(session: Session, settings: Settings, one: Noted, tenant_id: UUID | None) -> None:
    tenant = session.get(Tenant, tenant_id) if tenant_id else None
    if tenant is None:
        # They had not come yet, or are gone already: all there is to do is to know of it.
        session.add(Erasure(id=one.id, subject_digest=one.subject, parts=one.parts, files=one.files,
                            erased_at=one.erased_at))  # fmt: skip
        session.flush()
        return
    erasure = erase(session, tenant, None, one.parts, erasure_id=one.id)
    remove_files(settings, erasure.files)
    erasure.erased_at = one.erased_at
    erasure.files = sorted({*erasure.files, *one.files})
    session.flush()
