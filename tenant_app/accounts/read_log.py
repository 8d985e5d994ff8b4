"""The read log: who read whose record, in a chain for each tenant that shows whatever is changed, taken or added.

Each row carries the digest of itself and of the row before it, and the tenant's head keeps the last number and digest,
so that rows cut off the end are missed too. Whoever may write to the database could forge all of it, head included;
so each row is also told to the structured log (`read log`), which belongs somewhere that they cannot reach.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, String, Table, bindparam, event, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column

from tenant_app import clock
from tenant_app.accounts import read_alerts
from tenant_app.accounts.models import Look, Tenant
from tenant_app.accounts.telling_log import once_kept
from tenant_app.database import Base, new_id


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete a row of the read log, or to write one past its chain."""


class ReadLogHead(Base):
    """Where a tenant's chain ends. There from the day they are welcomed, so that a whole chain cannot vanish."""

    __tablename__ = "read_log_head"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    """Of the last row; 0 before the first."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Of the last row."""
    earlier: Mapped[int] = mapped_column(default=0)
    """Rows without a number: read before readings were chained."""


def digest_of(before: str, row: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of a row of `look` behind the row with digest `before`.

    Over a JSON list of: `before`, tenant, number, id, worker, what, reason, moment (UTC, microseconds), override.
    """
    moment: datetime = row["looked_at"]
    override = row["override_id"]
    parts = [
        before, row["tenant_id"].hex, row["number"], row["id"].hex, row["worker_id"].hex, row["what"], row["reason"],
        moment.astimezone(UTC).isoformat(timespec="microseconds"), override.hex if override else None,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


def _append(session: Session, looks: Sequence[Look]) -> None:
    """Give new rows their places, at the cost of two statements however many they are.

    Held from here to the end of the transaction are these tenants' heads and nothing else: keyworkers who read
    different tenants' records never wait for each other.
    """
    of_tenant = defaultdict(list)
    for look in looks:
        look.id = look.id or new_id()
        look.looked_at = look.looked_at or clock.now()
        look.worker_id = look.worker_id or look.worker.id
        look.reason = look.reason or ""
        of_tenant[look.tenant_id].append(look)
    heads, others = _hold(session, of_tenant, looks)
    if missing := of_tenant.keys() - heads.keys():
        # People who were written past `Tenant`'s mapper, all at once. Two that find this out together write it once.
        begin = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        absent = begin(cast("Table", ReadLogHead.__table__)).on_conflict_do_nothing()
        session.connection().execute(absent, [_begun(tenant_id) for tenant_id in missing])
        heads |= _hold(session, missing)[0]
    moved = []
    for tenant_id, theirs in of_tenant.items():
        number, digest = heads[tenant_id]
        for look in theirs:
            number += 1
            look.number = number
            row = {name: getattr(look, name) for name in _ROW}
            look.digest = digest = digest_of(digest, row)
        moved.append({"_tenant_id": tenant_id, "_number": number, "_digest": digest})
    table = cast("Table", ReadLogHead.__table__)
    session.connection().execute(
        update(table)
        .where(table.c.tenant_id == bindparam("_tenant_id"))
        .values(number=bindparam("_number"), digest=bindparam("_digest")),
        moved,
    )
    counted = read_alerts.counted(looks)
    if counted:
        read_alerts.weigh(session, looks[0].worker_id, others + len(counted))
    for look in looks:
        once_kept(session, "read log", tenant=str(look.tenant_id), number=look.number, digest=look.digest)


# Columns of `look` that its digest is over.
_ROW = ("tenant_id", "number", "id", "worker_id", "what", "reason", "looked_at", "override_id")


def _hold(
    session: Session, tenant_ids: Collection[UUID], looks: Sequence[Look] = ()
) -> tuple[dict[UUID, tuple[int, str]], int]:
    """Number and digest of these heads, locked; and how many other people's records the reader opened lately. The heads
    in one order for everybody, or two pages could wait for each other."""
    counted = read_alerts.counted(looks)
    others = read_alerts.opened_lately(looks[0].worker_id, counted) if counted else literal(0)
    found = session.connection().execute(
        select(ReadLogHead.tenant_id, ReadLogHead.number, ReadLogHead.digest, others)
        .where(ReadLogHead.tenant_id.in_(tenant_ids))
        .order_by(ReadLogHead.tenant_id)
        .with_for_update(of=ReadLogHead)
    )
    heads, lately = {}, 0
    for tenant_id, number, digest, lately in found:  # noqa: B007 - the same in every row
        heads[tenant_id] = number, digest
    return heads, lately


def _begun(tenant_id: UUID) -> dict[str, Any]:
    return {"tenant_id": tenant_id, "number": 0, "digest": "", "earlier": 0}


@event.listens_for(Tenant, "after_insert")
def _begin_chain(_mapper: Mapper[Tenant], connection: Connection, tenant: Tenant) -> None:
    connection.execute(insert(ReadLogHead).values(_begun(tenant.id)))


@event.listens_for(Session, "before_flush")
def _chain(session: Session, _context: object, _instances: object) -> None:
    for kept in (*session.dirty, *session.deleted):
        if isinstance(kept, Look) and (kept in session.deleted or session.is_modified(kept)):
            raise AppendOnly("a reading that was written down stays as it is")
    looks = [new for new in session.new if isinstance(new, Look)]
    if looks:
        _append(session, looks)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if not (state.is_select or state.bind_mapper is None) and state.bind_mapper.class_ is Look:
        raise AppendOnly("the read log is written by `look_at`, and changed by nobody")
