"""How a tenant wants to be reminded: of what, how early, and in which hours quietly. Kept, and judged purely."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenant_app.accounts.models import Tenant
from tenant_app.bulk import among
from tenant_app.database import Base

LAST_CALL = timedelta(minutes=1)
"""What is held back has to come this much before its window closes, or the worker could come too late for it."""


class Group(enum.StrEnum):
    """What a reminder is about, as tenants choose: by the part of its kind before the dot."""

    MEDICINES = "medication"
    RENT = "rent"
    GROUPS = "groups"
    REPAIRS = "repairs"
    GOALS = "goals"
    CHECK_INS = "check-ins"
    MESSAGES = "messages"
    CHATS = "chats"
    MOVE_ON = "move-on"
    SUPPORT_PLAN = "support-plan"
    KEY_WORK = "key-work"
    OTHER = "other"
    """Whatever no choice names: the test, and kinds of rooms that are newer than this list. Cannot be turned off."""


class Lead(enum.StrEnum):
    """How early a group session is announced on a phone."""

    BOTH = "both"
    DAY = "day"
    HOUR = "hour"


EVERYTHING = frozenset(Group) - {Group.OTHER}
"""All that can be turned off."""

_LEADS: Mapping[str, Lead] = {"groups.day_before": Lead.DAY, "groups.hour_before": Lead.HOUR}
"""Kinds of notices that differ by how early they come, and the choice that asks for each."""


def group_of(kind: str) -> Group:
    """The group of a kind of notice: `medication.dose` is about medicines. One that nobody knows is `OTHER`."""
    try:
        return Group(kind.partition(".")[0])
    except ValueError:
        return Group.OTHER


@dataclass(frozen=True)
class Preference:
    """What one tenant chose, apart from any session. As it stands here: everything, at any hour."""

    muted: frozenset[Group] = frozenset()
    quiet_from: time | None = None
    """Wall time; None on both: no quiet hours."""
    quiet_to: time | None = None
    leads: Mapping[Group, Lead] = field(default_factory=lambda: MappingProxyType({}))

    def wants(self, kind: str) -> bool:
        """Whether a phone may say notices of this kind at all."""
        group = group_of(kind)
        if group is Group.OTHER:
            return True
        chosen = self.leads.get(group, Lead.BOTH)
        return group not in self.muted and (chosen is Lead.BOTH or _LEADS.get(kind, chosen) is chosen)

    def quiet_until(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """The end (UTC) of the quiet hours that `moment` lies in; None outside them.

        Quiet hours are wall time, one stretch a night, from the first minute up to the last, which is outside.
        Where the clocks show one of the two times twice or not at all, the longer stretch is the quiet one.
        """
        if self.quiet_from is None or self.quiet_to is None or self.quiet_from == self.quiet_to:
            return None
        nights = timedelta(days=self.quiet_to < self.quiet_from)
        today = moment.astimezone(zone).date()
        for evening in (today - timedelta(days=1), today):
            begins = min(_both(evening, self.quiet_from, zone))
            ends = max(_both(evening + nights, self.quiet_to, zone))
            if begins <= moment < ends:
                return ends
        return None


USUAL = Preference()


class ReminderPreference(Base):
    """What one tenant chose. Tenants without a row have chosen nothing: `USUAL`."""

    __tablename__ = "reminder_preference"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey(Tenant.id, ondelete="CASCADE"), primary_key=True)
    muted: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Groups that phones say nothing of; the list in the app is complete all the same."""
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    leads: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Group to `Lead`, where they chose one."""

    @classmethod
    def of(cls, session: Session, tenant: Tenant) -> ReminderPreference:
        """This tenant's row, made if there is none."""
        row = session.get(cls, tenant.id)
        if row is None:
            row = cls(tenant_id=tenant.id, muted=[], leads={})
            session.add(row)
        return row

    def mute(self, group: Group, muted: bool) -> None:
        """Let phones say nothing of this group, or again. `OTHER` cannot be muted: raises `ValueError`."""
        if group is Group.OTHER:
            raise ValueError(group)
        self.muted = sorted({*self.muted, group.value} if muted else {*self.muted} - {group.value})

    def keep_quiet(self, begins: time, ends: time) -> None:
        """Quiet hours, by the wall clock; they may cross midnight. Raises `ValueError` if they are none or all."""
        if begins == ends:
            raise ValueError("quiet hours end at another time than they begin")
        self.quiet_from, self.quiet_to = begins, ends

    def stop_quiet(self) -> None:
        """No quiet hours any more."""
        self.quiet_from = self.quiet_to = None

    def lead(self, group: Group, lead: Lead) -> None:
        """How early phones announce what this group is about."""
        self.leads = {**self.leads, group.value: lead.value}


class Way(enum.Enum):
    """What is done with a notice that is due."""

    GO = "go"
    SILENT = "silent"
    """Deliver it without a sound."""
    HOLD = "hold"
    """Deliver it later; see `Verdict.until`."""
    IN_APP_ONLY = "in_app_only"
    """It stands in the app's list, and goes to no phone and no address."""


@dataclass(frozen=True)
class Verdict:
    """A way, and for `HOLD` the moment (UTC) at which to ask again."""

    way: Way
    until: datetime | None = None


GO, SILENT, IN_APP_ONLY = Verdict(Way.GO), Verdict(Way.SILENT), Verdict(Way.IN_APP_ONLY)


def when(
    kind: str, timely: bool, due_at: datetime, expires_at: datetime, now: datetime, preference: Preference,
    zone: ZoneInfo,
) -> Verdict:  # fmt: skip
    """What to do with a notice of `kind` (or of a whole group, by its word) at `now`, or at `due_at` if that is later.

    A timely notice is about the very moment at which it comes (`wording.is_timely`): in quiet hours it comes without
    a sound. Others wait for the end of the quiet hours, unless their window closes before.
    """
    if not preference.wants(kind):
        return IN_APP_ONLY
    ends = preference.quiet_until(max(now, due_at), zone)
    if ends is None:
        return GO
    if timely or ends >= expires_at - LAST_CALL:
        return SILENT
    return Verdict(Way.HOLD, ends)


def preference_of(session: Session, tenant: Tenant) -> Preference:
    """What this tenant chose."""
    return preferences_of(session, [tenant.id])[tenant.id]


def preferences_of(session: Session, tenant_ids: Iterable[UUID]) -> dict[UUID, Preference]:
    """What each of these tenants chose, in one question; `USUAL` for those who chose nothing."""
    found = dict.fromkeys(tenant_ids, USUAL)
    chosen = ReminderPreference
    rows = session.execute(
        select(chosen.tenant_id, chosen.muted, chosen.quiet_from, chosen.quiet_to, chosen.leads)
        .where(among(chosen.tenant_id, found))
    )  # fmt: skip
    for tenant_id, muted, quiet_from, quiet_to, leads in rows:
        found[tenant_id] = Preference(read_muted(muted), quiet_from, quiet_to, _read_leads(leads))
    return found


def read_muted(words: Iterable[str]) -> frozenset[Group]:
    """Muted groups as they are kept. A word that a later or earlier release wrote mutes nothing."""
    return frozenset(Group(word) for word in words if word in _GROUPS) - {Group.OTHER}


def _read_leads(words: Mapping[str, str]) -> Mapping[Group, Lead]:
    return {Group(group): Lead(lead) for group, lead in words.items() if group in _GROUPS and lead in _LEAD_WORDS}


_GROUPS, _LEAD_WORDS = {group.value for group in Group}, {lead.value for lead in Lead}


def _both(day: date, wall_time: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments that a wall time may stand for: two, an hour apart, where the clocks skip or repeat it."""
    shown = datetime.combine(day, wall_time, tzinfo=zone)
    # Moments, not wall times: two that are shown in one zone would be compared without their offsets.
    return tuple(shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
