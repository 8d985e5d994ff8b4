"""What a claimed notice becomes: words in its tenant's language, and the browsers or addresses they go to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from sqlalchemy import Row, Text, cast, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.bulk import among
from tenant_app.reminders.addresses import Address, Carrier, fall_back_targets
from tenant_app.reminders.answers import Kind
from tenant_app.reminders.messages import Message
from tenant_app.reminders.models import Delivery, Notice, State, Subscription
from tenant_app.reminders.preferences import Preference, Way, preferences_of, when
from tenant_app.reminders.vetoes import Silence
from tenant_app.reminders.wording import Words, is_timely, is_urgent, lock_screen_words
from tenant_app.web.house import house
from tenant_app.web.locale import language_of, speaking
from tenant_app.web.whose import tags

log = structlog.get_logger()

STANDS_IN_AT = 4
"""The try at which an address stands in for phones whose push service keeps putting us off: after two minutes or so."""


class Browser(NamedTuple):
    """Where one push goes: a subscription, apart from any session."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str
    signed_with: str


class Post(NamedTuple):
    """An address that stands in for phones, apart from any session."""

    address_id: UUID
    carrier: Carrier
    value: str


@dataclass(frozen=True)
class Parcel:
    """One notice with its words and where to try now; or without words, and with a verdict."""

    notice_id: UUID
    message: Message | None = None
    browsers: Sequence[Browser] = ()
    post: Sequence[Post] = ()
    """Addresses that stand in if no browser takes it."""
    resting: Sequence[datetime] = ()
    taken: bool = False
    patient: bool = True
    """Whether a phone that puts us off is waited for, before an address stands in."""
    verdict: State | None = None

    def given_up_on_phones(self, kinds: Collection[Kind]) -> bool:
        """Whether an address is to stand in, after tries at all browsers ended so."""
        may_arrive = {Kind.ACCEPTED, Kind.UNTRIED} | ({Kind.LATER, Kind.OPERATOR} if self.patient else set())
        return not self.taken and not may_arrive & set(kinds) and not (self.patient and self.resting)


def pack(session: Session, name: str, ids: Sequence[UUID], carriers: Collection[Carrier] = frozenset()) -> list[Parcel]:
    """Look again at claimed notices and word what is still to be sent. What was withdrawn meanwhile is left out; what a
    feature vetoes now is to be withdrawn.

    `carriers` are those that may stand in for phones.

    Rows are read as columns, and what says the same in the same language is worded once: at nine o'clock thousands of
    notices differ in nothing but whom they are for.
    """
    notices = session.execute(
        select(
            Notice.id, Notice.tenant_id, Notice.kind, Notice.source, Notice.occurrence,
            cast(Notice.facts, Text).label("facts"), Notice.due_at, Notice.expires_at, Notice.tries, Tenant.language,
            Tenant.named_on_lock_screen, Tenant.left_at,
        )
        .join(Tenant, Tenant.id == Notice.tenant_id)
        .where(among(Notice.id, ids), Notice.waits(), Notice.leased_by == name)
        .order_by(Notice.due_at, Notice.id)
    ).all()  # fmt: skip
    tenants = {notice.tenant_id for notice in notices}
    browsers: defaultdict[UUID, list[Browser]] = defaultdict(list)
    for owned in session.execute(
        select(
            Subscription.person_id, Subscription.id, Subscription.endpoint, Subscription.p256dh, Subscription.auth,
            Subscription.signed_with,
        )
        .where(among(Subscription.person_id, tenants))
        .order_by(Subscription.made_at, Subscription.id)
    ):  # fmt: skip
        browsers[owned.person_id].append(Browser(owned.id, owned.endpoint, owned.p256dh, owned.auth, owned.signed_with))
    earlier: defaultdict[UUID, list[Delivery]] = defaultdict(list)
    again = [notice.id for notice in notices if notice.tries > 1]
    for delivery in session.scalars(select(Delivery).where(among(Delivery.notice_id, again))) if again else ():
        earlier[delivery.notice_id].append(delivery)
    preferences = preferences_of(session, tenants)
    addresses = fall_back_targets(session, tenants, carriers) if carriers else {}
    packer = _Packer(Silence(session, ((notice.kind, notice.tenant_id) for notice in notices)))
    parcels = []
    for notice in notices:
        try:
            known = Known(
                browsers[notice.tenant_id], earlier[notice.id], addresses.get(notice.tenant_id, ()),
                preferences[notice.tenant_id],
            )  # fmt: skip
            parcels.append(packer.pack(notice, known))
        except Exception as error:
            # A feature that stumbles over one notice must not silence the others; and no words go to the log.
            log.error("notice_without_words", notice=str(notice.id), kind=notice.kind, error=type(error).__name__)
            parcels.append(Parcel(notice.id, verdict=State.WAITING))
    return parcels


class Known(NamedTuple):
    """What decides where one notice goes."""

    browsers: Sequence[Browser]
    earlier: Sequence[Delivery]
    addresses: Sequence[Address]
    preference: Preference


class _Said(NamedTuple):
    """What the words of a notice are made from, as `wording.Sayable` has it."""

    kind: str
    occurrence: str
    facts: dict[str, Any]
    due_at: datetime
    expires_at: datetime


class _Packer:
    """Packs the notices of one batch. Its rows hold `facts` as text: most need not be read, because the same was said
    before."""

    def __init__(self, silence: Silence) -> None:
        self._silence = silence
        self._zone = house().settings.zone
        self._tag_of = tags()
        self._worded: dict[tuple[object, ...], Words] = {}

    def pack(self, notice: Row[*tuple[Any, ...]], known: Known) -> Parcel:
        now = clock.now()
        if notice.left_at is not None or self._silence.covers(notice.kind, notice.tenant_id):
            return Parcel(notice.id, verdict=State.WITHDRAWN)
        if notice.expires_at <= now:
            return Parcel(notice.id, verdict=State.MISSED)
        wanted = when(
            notice.kind, is_timely(notice.kind), notice.due_at, notice.expires_at, now, known.preference, self._zone
        )
        if wanted.way is Way.IN_APP_ONLY:
            return Parcel(notice.id, verdict=State.UNDELIVERED)
        if wanted.until is not None:
            return Parcel(notice.id, resting=[wanted.until])
        final = (Kind.ACCEPTED, Kind.REFUSED)
        settled = {delivery.subscription_id for delivery in known.earlier if delivery.outcome in final}
        resting = {
            delivery.subscription_id: delivery.again_at
            for delivery in known.earlier
            if delivery.again_at is not None and delivery.again_at > now
        }
        browsers = {browser.id for browser in known.browsers}
        taken = any(delivery.outcome == Kind.ACCEPTED for delivery in known.earlier)
        waits = [moment for browser_id, moment in resting.items() if browser_id in browsers]
        to_try = [browser for browser in known.browsers if browser.id not in settled | resting.keys()]
        patient = notice.tries < STANDS_IN_AT
        post = () if taken or (waits and patient) else known.addresses
        if not to_try and not post:
            return Parcel(notice.id, resting=waits, taken=taken)
        message = self._message(notice, silent=wanted.way is Way.SILENT)
        stand_in = [Post(address.id, address.carrier, address.value) for address in post]
        return Parcel(notice.id, message, to_try, stand_in, waits, taken, patient)

    def _message(self, notice: Row[*tuple[Any, ...]], *, silent: bool) -> Message:
        """What a locked phone may show of a notice, in its tenant's language."""
        words = self._words(notice)
        spoken = language_of(notice.language)
        return Message(
            title=words.title, body=words.body, address=words.address, source=notice.source, language=spoken.code,
            direction=spoken.direction, expires_at=notice.expires_at, urgent=is_urgent(notice.kind), silent=silent,
            actions=words.actions, whose=self._tag_of(notice.tenant_id) if words.actions else "",
        )  # fmt: skip

    def _words(self, notice: Row[*tuple[Any, ...]]) -> Words:
        named = notice.named_on_lock_screen
        same = (
            notice.kind, notice.occurrence, notice.facts, notice.due_at, notice.expires_at, notice.language, named
        )  # fmt: skip
        if same not in self._worded:
            said = _Said(
                notice.kind, notice.occurrence, json.loads(notice.facts), notice.due_at, notice.expires_at
            )  # fmt: skip
            with speaking(notice.language):
                self._worded[same] = lock_screen_words(said, named=named)
        return self._worded[same]
