"""repairs of a house: what staff find in a shared part is a repair, with clocks, instead of a note at the desk"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from tenant_app.database import UtcDateTime, new_id


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

HAZARDS = frozenset({"damp-mould"})
"""Kinds that the content named as hazards when this was written."""

OF_A_REPAIR = (
    "repair_clock", "repair_cost", "repair_course", "repair_details", "repair_job", "repair_pause", "repair_photo",
    "repair_rating", "repair_stay", "repair_summary", "repair_update", "visit_slot",
)

finding = sa.table(
    "inspection_finding", sa.column("id", sa.Uuid), sa.column("inspection_id", sa.Uuid), sa.column("kind", sa.String),
    sa.column("rooms", sa.JSON), sa.column("words", sa.Text), sa.column("language", sa.String),
    sa.column("worker_id", sa.Uuid), sa.column("aware_at", UtcDateTime), sa.column("repair_id", sa.Uuid),
    sa.column("settled_at", UtcDateTime), sa.column("settled_by_id", sa.Uuid), sa.column("settled_words", sa.Text),
    sa.column("settled_language", sa.String),
)
inspection = sa.table(
    "inspection", sa.column("id", sa.Uuid), sa.column("property_id", sa.Uuid), sa.column("flat", sa.String),
)
repair = sa.table(
    "repair", sa.column("id", sa.Uuid), sa.column("tenant_id", sa.Uuid), sa.column("property_id", sa.Uuid),
    sa.column("flat", sa.String), sa.column("kind", sa.String), sa.column("rooms", sa.JSON),
    sa.column("urgent", sa.String), sa.column("words", sa.Text), sa.column("since", sa.String),
    sa.column("access", sa.Text), sa.column("language", sa.String), sa.column("state", sa.String),
    sa.column("hazard", sa.Boolean), sa.column("begun_at", UtcDateTime), sa.column("reported_at", UtcDateTime),
    sa.column("aware_at", UtcDateTime), sa.column("visit_window", sa.String), sa.column("version", sa.Integer),
    sa.column("unread", sa.Boolean), sa.column("part", sa.String), sa.column("shared", sa.Boolean),
    sa.column("leads_id", sa.Uuid),
)
line = sa.table(
    "repair_update", sa.column("id", sa.Uuid), sa.column("repair_id", sa.Uuid), sa.column("state", sa.String),
    sa.column("words", sa.Text), sa.column("language", sa.String), sa.column("worker_id", sa.Uuid),
    sa.column("visit_window", sa.String), sa.column("at", UtcDateTime), sa.column("event", sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table('repair', schema=None) as batch_op:
        batch_op.alter_column('tenant_id', existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index('ix_repair_house', ['property_id'], unique=False, postgresql_where=sa.text('tenant_id IS NULL'), sqlite_where=sa.text('tenant_id IS NULL'))

    of_no_repair = sa.select(finding, inspection.c.property_id, inspection.c.flat).join(
        inspection, inspection.c.id == finding.c.inspection_id
    ).where(finding.c.repair_id.is_(None))
    for found in op.get_bind().execute(of_no_repair).mappings().all():
        _become_repair(found)

    with op.batch_alter_table('inspection_finding', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_inspection_finding_settled_by_id'), type_='foreignkey')
        batch_op.drop_column('settled_words')
        batch_op.drop_column('settled_language')
        batch_op.drop_column('settled_by_id')
        batch_op.drop_column('settled_at')


def downgrade() -> None:
    with op.batch_alter_table('inspection_finding', schema=None) as batch_op:
        batch_op.add_column(sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('settled_by_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('settled_language', sa.String(length=12), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('settled_words', sa.Text(), nullable=False, server_default=''))
        batch_op.create_foreign_key(batch_op.f('fk_inspection_finding_settled_by_id'), 'worker', ['settled_by_id'], ['id'])
    with op.batch_alter_table('inspection_finding', schema=None) as batch_op:
        batch_op.alter_column('settled_language', existing_type=sa.String(length=12), server_default=None)
        batch_op.alter_column('settled_words', existing_type=sa.Text(), server_default=None)

    _become_findings()

    with op.batch_alter_table('repair', schema=None) as batch_op:
        batch_op.drop_index('ix_repair_house', postgresql_where=sa.text('tenant_id IS NULL'), sqlite_where=sa.text('tenant_id IS NULL'))
        batch_op.alter_column('tenant_id', existing_type=sa.Uuid(), nullable=False)


def _become_repair(found: Mapping[Any, Any]) -> None:
    """A repair with what was found and, where somebody wrote that it is mended, that. The worker begins its clocks."""
    bind, id_ = op.get_bind(), new_id()
    mended = found["settled_at"] is not None
    said = {"id": id_, "property_id": found["property_id"], "flat": found["flat"], "kind": found["kind"],
            "rooms": found["rooms"] or ["other"], "words": found["words"], "language": found["language"]}
    bind.execute(repair.insert().values(
        **said, tenant_id=None, urgent="", since="", access="", state="fixed" if mended else "reported",
        hazard=found["kind"] in HAZARDS, begun_at=found["aware_at"], reported_at=found["aware_at"],
        aware_at=found["aware_at"], visit_window="", version=1, unread=False, part="", shared=not found["flat"],
    ))
    _write(id_, "reported", found["worker_id"], found["aware_at"])
    if mended:
        _write(id_, "fixed", found["settled_by_id"], found["settled_at"], found["settled_words"],
               found["settled_language"])
    bind.execute(finding.update().where(finding.c.id == found["id"]).values(repair_id=id_))


def _write(repair_id: Any, state: str, worker_id: Any, at: Any, words: str = "", language: str = "") -> None:
    op.get_bind().execute(line.insert().values(
        id=new_id(), repair_id=repair_id, state=state, words=words, language=language, worker_id=worker_id,
        visit_window="", at=at, event="change",
    ))


def _become_findings() -> None:
    """What is of a house is a note again; of what was done about it, what was said last."""
    bind = op.get_bind()
    of_houses = sa.select(repair.c.id).where(repair.c.tenant_id.is_(None))
    done = sa.select(line).where(line.c.repair_id.in_(of_houses), line.c.state == "fixed", line.c.worker_id.is_not(None))
    for last in bind.execute(done.order_by(line.c.at)).mappings().all():
        bind.execute(finding.update().where(finding.c.repair_id == last["repair_id"]).values(
            settled_at=last["at"], settled_by_id=last["worker_id"], settled_words=last["words"],
            settled_language=last["language"],
        ))
    bind.execute(finding.update().where(finding.c.repair_id.in_(of_houses)).values(repair_id=None))
    bind.execute(repair.update().where(repair.c.leads_id.in_(of_houses)).values(leads_id=None))
    for name in OF_A_REPAIR:  # SQLite follows no foreign key while it migrates
        table = sa.table(name, sa.column("repair_id", sa.Uuid))
        bind.execute(table.delete().where(table.c.repair_id.in_(of_houses)))
    bind.execute(repair.delete().where(repair.c.tenant_id.is_(None)))
