"""Where reminders go when no phone takes them: an e-mail address or a mobile number, agreed to and proven by a code.

Two tenants may use the same address, such as one phone in a family: each proves it for themselves, and neither is told
of the other. What is sent there gives nothing away, so neither learns more than that something waits for the other.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, Select, String, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tenant_app import clock
from tenant_app.accounts.entry import digest
from tenant_app.accounts.models import Person
from tenant_app.accounts.rules import Expired, Refused, Wrong, count_try, read_numbers
from tenant_app.bulk import among
from tenant_app.database import Base, Id, one_of
from tenant_app.reminders.answers import Kind, Outcome

CODE_LASTS = timedelta(minutes=30)
MOST_GUESSES = 5
"""At one code: a guesser gets it once in 200,000 codes, and there are three an hour."""
MOST_CODES, CODES_WITHIN = 3, timedelta(hours=1)
"""To one person, and to one address whoever asks: nobody is pestered through us."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--{_LABEL}))")
"""RFC 5321 without what nobody has: quoted names, comments, bare IP addresses."""

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_UK_MOBILE = re.compile(r"\+447(?:[1-57-9][0-9]{8}|624[0-9]{6})")
"""Ofcom's numbering plan: 070 is forwarding at a price, and 076 pagers, but for the Isle of Man's 07624."""


class Carrier(enum.StrEnum):
    """A way out beside push."""

    EMAIL = "email"
    SMS = "sms"


class BadAddress(ValueError):
    """What was typed is no address that anything could be sent to."""


class Spent(Refused):
    """A code that was guessed at too often; a new one has to be sent."""


class Address(Base):
    """One person's e-mail address or mobile number. Used only while `usable`; at most one of each kind."""

    __tablename__ = "address"

    id: Mapped[Id]
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"))
    carrier: Mapped[Carrier] = mapped_column(one_of(Carrier, 10))
    value: Mapped[str] = mapped_column(String(254))
    """`amina@example.org`, or E.164: `+447700900123`."""
    agreed_at: Mapped[datetime | None]
    """When they ticked that reminders may go there."""
    confirmed_at: Mapped[datetime | None]
    """When they typed in the code that we sent there."""
    worked_at: Mapped[datetime | None]
    """When a reminder was last taken for it."""
    failing_since: Mapped[datetime | None]
    """Since when nothing was taken, try after try."""
    refused_at: Mapped[datetime | None]
    """When we were told that it will never work. It is not tried again before it is confirmed anew."""
    code_digest: Mapped[str] = mapped_column(String(64), default="")
    code_tries: Mapped[int] = mapped_column(default=0)
    code_sent_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("person_id", "carrier"),)

    @classmethod
    def of(cls, person: Person) -> Select[Address]:
        """This person's addresses, e-mail first."""
        return select(cls).where(cls.person_id == person.id).order_by(cls.carrier, cls.id)

    @property
    def usable(self) -> bool:
        """Whether reminders may go there."""
        return bool(self.agreed_at and self.confirmed_at and not self.refused_at)

    @property
    def code_waits(self) -> bool:
        """Whether a code is on its way that may still be typed in."""
        sent = self.code_sent_at
        return bool(self.code_digest and sent and clock.now() < sent + CODE_LASTS and self.code_tries < MOST_GUESSES)


def read_address(carrier: Carrier, typed: str) -> str:
    """An address as it is kept, from what a person typed. Raises `BadAddress`."""
    return read_email(typed) if carrier is Carrier.EMAIL else read_mobile(typed)


def read_email(typed: str) -> str:
    """An e-mail address, its domain in lower case and, where it is of another script, as mail knows it (`xn--`)."""
    local, at, domain = typed.strip().rpartition("@")
    try:
        found = _EMAIL.fullmatch(local + at + domain.encode("idna").decode("ascii").lower())
    except UnicodeError:
        found = None
    if found is None or len(found[0]) > 254 or len(found["local"]) > 64:
        raise BadAddress
    return found[0]


def read_mobile(typed: str) -> str:
    """A mobile number in E.164. Without a country it is British; a British one has to be a mobile's."""
    number = re.sub(r"[().\u200e\u200f\u202a-\u202e\u2066-\u2069\u2010-\u2015/]", "", read_numbers(typed))
    number = re.sub(r"^\+440", "+44", re.sub(r"^0", "+44", re.sub(r"^00", "+", number)))
    if not _E164.fullmatch(number) or (number.startswith("+44") and not _UK_MOBILE.fullmatch(number)):
        raise BadAddress
    return number


def put_address(session: Session, person: Person, carrier: Carrier, value: str) -> Address:
    """Keep an address that this person has just agreed to. Another one than before, or one that was refused, has to be
    confirmed before it is used."""
    kept = session.scalar(Address.of(person).where(Address.carrier == carrier))
    if kept is None:
        kept = Address(person_id=person.id, carrier=carrier, value=value)
        session.add(kept)
    elif kept.value != value or kept.refused_at is not None:
        kept.value, kept.confirmed_at = value, None
        kept.worked_at = kept.failing_since = kept.refused_at = None
        kept.code_digest, kept.code_tries, kept.code_sent_at = "", 0, None
    kept.agreed_at = clock.now()
    session.flush()
    return kept


def new_code(session: Session, address: Address, seal: str) -> str:
    """Six numbers to send to this address; older ones stop working. Raises `Locked` after `MOST_CODES` in an hour.

    The door keeps the count whatever becomes of the sending. `seal` is the instance's key: six numbers alone would be
    found again from their digest in no time.
    """
    for key in (f"address:{address.person_id}", f"address:{digest(address.value)}"):
        count_try(session, key, MOST_CODES, CODES_WITHIN)
    code = f"{secrets.randbelow(10**6):06}"
    address.code_digest, address.code_tries, address.code_sent_at = _sealed(address, code, seal), 0, clock.now()
    session.flush()
    return code


def count_guess(session: Session, address: Address) -> None:
    """Count a guess at the code before it is looked at; the door keeps the count. Raises `Expired` or `Spent`."""
    # Locked and read again, so that a hundred guesses at the same moment are still five.
    session.refresh(address, with_for_update=True)
    if not address.code_digest or address.code_sent_at is None or address.code_sent_at + CODE_LASTS <= clock.now():
        raise Expired
    if address.code_tries >= MOST_GUESSES:
        raise Spent
    address.code_tries += 1
    session.flush()


def confirm(address: Address, typed: str, seal: str) -> None:
    """Use this address from now on, if the code is right; raises `Wrong`. Count the guess first."""
    given = _sealed(address, read_numbers(typed)[:20], seal)
    if not address.code_digest or not hmac.compare_digest(given, address.code_digest):
        raise Wrong
    address.confirmed_at, address.refused_at, address.failing_since = clock.now(), None, None
    address.code_digest, address.code_tries, address.code_sent_at = "", 0, None


def _sealed(address: Address, code: str, seal: str) -> str:
    what = f"address:{address.id}:{address.value}:{code}"
    return hmac.new(seal.encode(), what.encode(errors="replace"), hashlib.sha256).hexdigest()


def fall_back_targets(
    session: Session, tenant_ids: Iterable[UUID], carriers: Collection[Carrier] = tuple(Carrier)
) -> dict[UUID, list[Address]]:
    """Where each of these tenants lets reminders go when no phone takes them, in one question: e-mail first, then SMS.

    One that takes it is enough. Tenants without a usable address are not in it. `carriers` are those that this
    association has set up (`Carriers.offered`).
    """
    found: dict[UUID, list[Address]] = {}
    for address in session.scalars(
        select(Address)
        .where(
            among(Address.person_id, tenant_ids), Address.carrier.in_(carriers), Address.agreed_at.is_not(None),
            Address.confirmed_at.is_not(None), Address.refused_at.is_(None),
        )
        .order_by(Address.person_id, Address.carrier)
    ):  # fmt: skip
        found.setdefault(address.person_id, []).append(address)
    return found


def note_outcome(session: Session, address_id: UUID, outcome: Outcome, now: datetime) -> None:
    """Write down how sending to an address ended (UTC). One that was removed meanwhile is nothing to note."""
    match outcome.kind:
        case Kind.ACCEPTED:
            change: dict[str, object] = {"worked_at": now, "failing_since": None, "refused_at": None}
        case Kind.GONE | Kind.REFUSED:
            change = {"refused_at": func.coalesce(Address.refused_at, now)}
        case Kind.LATER | Kind.OPERATOR:
            change = {"failing_since": func.coalesce(Address.failing_since, now)}
        case _:
            return
    session.execute(
        update(Address).where(Address.id == address_id).values(change),
        execution_options={"synchronize_session": False},
    )
