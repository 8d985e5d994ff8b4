"""Rules of the way in. A guesser's try is counted before it is checked; what must be kept is the door's to keep."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import CODE_LASTS, Challenge, OneTimeCode, Passkey, Throttle, Visit, digest
from tenant_app.accounts.keyworking import Keyworking
from tenant_app.accounts.leaving import leave
from tenant_app.accounts.models import Footing, Look, Occupancy, Person, Property, Role, Tenant, Worker
from tenant_app.accounts.replays import KEPT_FOR, Replay
from tenant_app.accounts.teams import looked_after_by
from tenant_app.database import put_if_absent

MOST_TRIES = 10
"""Tries at one account, or from one address at codes, that are checked at all within `TRIES_WINDOW`."""
TRIES_WINDOW = timedelta(minutes=30)

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which people misread from a slip of paper."""
CODE_LENGTH = 10
"""31^10 is just under 2^50: at ten tries in half an hour, longer than the universe has."""

PIN_LENGTH = 6
PASSWORD_LEAST = 12

# OWASP's measure for a small server: a guess costs 19 MiB and two rounds, and nine phones signing in at once still fit.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobody = _hasher.hash(secrets.token_urlsafe())


class Refused(Exception):
    """A way in that stays closed. Each kind has its own page, which says what to do next."""


class Locked(Refused):
    """Too many tries. `until` (UTC) is when the next one will be looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Wrong(Refused):
    """Not the right name, PIN, password or code; which of them is not said."""


class Expired(Refused):
    """A one-time code older than 72 hours."""


class Used(Refused):
    """A one-time code that someone signed in with already."""


class TooEasy(ValueError):
    """A PIN or password that others would guess."""


def count_try(session: Session, key: str, most: int = MOST_TRIES, within: timedelta = TRIES_WINDOW) -> None:
    """Count a try at `key` before it is checked; the door keeps the count whatever the answer.

    Raises `Locked` once `most` were made `within` a time. Counting first means that a thousand tries at the same
    moment are still ten.
    """
    now, throttle = clock.now(), None
    while throttle is None:  # `sweep` may take a row away between these two lines
        put_if_absent(session, Throttle, [{"key": key, "failures": 0, "since": now}])
        throttle = session.get(Throttle, key, with_for_update=True, populate_existing=True)
    if throttle.since + within <= now:
        throttle.failures, throttle.since = 0, now
    if throttle.failures >= most:
        raise Locked(throttle.since + within)
    throttle.failures += 1
    session.flush()


def forget_tries(session: Session, key: str) -> None:
    """After the right answer: the count begins again."""
    throttle = session.get(Throttle, key)
    if throttle is not None:
        throttle.failures = 0


def try_key(kind: str, person: Person | None, typed: str) -> str:
    """What to count tries at: the account, or for a name that nobody has, that name. What was typed is not kept,
    because people type their PIN into the wrong box."""
    return f"{kind}:{person.id if person else digest(typed.strip().lower())}"


def give_code(session: Session, person: Person, made_by: Worker | None) -> str:
    """A new one-time code for `person`, as shown to the worker: `KQ7MX-2XWD9`. Older codes of theirs stop working."""
    now = clock.now()
    for older in session.scalars(
        select(OneTimeCode).where(OneTimeCode.person_id == person.id, OneTimeCode.used_at.is_(None))
    ):
        older.expires_at = min(older.expires_at, now)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    session.add(
        OneTimeCode(person=person, made_by_id=made_by.id if made_by else None, code_digest=digest(code),
                    made_at=now, expires_at=now + CODE_LASTS)
    )  # fmt: skip
    return f"{code[:5]}-{code[5:]}"


def read_numbers(typed: str) -> str:
    """A PIN or a code of numbers as it was meant: without spaces, in Western digits on any keyboard (`٢٤` is 24)."""
    return "".join(
        str(unicodedata.decimal(sign)) if unicodedata.decimal(sign, None) is not None else sign
        for sign in typed
        if not sign.isspace() and sign != "-"
    )


def read_code(typed: str) -> str:
    """A code as it was meant: capitals, without the dash or spaces someone typed or a scanner added."""
    return re.sub(r"[^A-Z0-9]", "", read_numbers(unicodedata.normalize("NFKC", typed)).upper())


def use_code(session: Session, typed: str, kind: type[Person]) -> Person:
    """The person whose code this is, once, starting afresh: a code is what one asks for when a phone or PIN is lost,
    so what they had before (PIN, password, passkeys, other devices) lets nobody in any more.

    Raises `Wrong`, `Used` or `Expired`. Count the try first.
    """
    found = session.scalar(
        select(OneTimeCode).where(OneTimeCode.code_digest == digest(read_code(typed))).with_for_update()
    )
    if found is None or not isinstance(found.person, kind) or found.person.left_at is not None:
        raise Wrong
    if found.used_at is not None:
        raise Used
    if found.expires_at <= clock.now():
        raise Expired
    found.used_at = clock.now()
    _start_afresh(session, found.person)
    return found.person


def _start_afresh(session: Session, person: Person) -> None:
    sign_out_everywhere(session, person)
    session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    if isinstance(person, Tenant):
        person.pin_hash = ""
    elif isinstance(person, Worker):
        person.password_hash, person.sealed_totp, person.totp_step = "", "", 0


def choose_pin(tenant: Tenant, pin: str) -> None:
    """Set the tenant's PIN: six digits that are no run (`234567`) and do not say themselves again (`777777`, `121212`,
    `123123`, `112233`). Raises `TooEasy`."""
    pin = read_numbers(pin)
    if not re.fullmatch(rf"[0-9]{{{PIN_LENGTH}}}", pin):
        raise TooEasy
    steps = {ord(b) - ord(a) for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, -1}:
        raise TooEasy
    if any(pin == pin[:length] * (PIN_LENGTH // length) for length in (1, 2, 3)) or pin[::2] == pin[1::2]:
        raise TooEasy
    tenant.pin_hash = _hasher.hash(pin)


def choose_password(worker: Worker, password: str) -> None:
    """Set a worker's password: any `PASSWORD_LEAST` characters that are not their own address. Raises `TooEasy`."""
    if len(password) < PASSWORD_LEAST or password.lower() in (worker.email, worker.name.lower()):
        raise TooEasy
    worker.password_hash = _hasher.hash(password)


def check_pin(tenant: Tenant | None, pin: str) -> bool:
    """Whether this is the tenant's PIN. As slow for a name that nobody has, so that names cannot be sounded out."""
    right = _verify(tenant.pin_hash if tenant else "", read_numbers(pin))
    return right and tenant is not None and tenant.left_at is None


def check_password(worker: Worker | None, password: str) -> bool:
    """Whether this is the worker's password; as slow for an address that nobody has."""
    return _verify(worker.password_hash if worker else "", password) and worker is not None and worker.left_at is None


def _verify(known: str, given: str) -> bool:
    try:
        return _hasher.verify(known or _nobody, given) and bool(known)
    except (VerificationError, InvalidHashError):
        return False


def tenant_named(session: Session, sign_in_name: str) -> Tenant | None:
    """The tenant with this name for signing in, however it was capitalised."""
    return session.scalar(select(Tenant).where(Tenant.sign_in_name == sign_in_name.strip().lower()))


def worker_at(session: Session, email: str) -> Worker | None:
    """The worker with this address."""
    return session.scalar(select(Worker).where(Worker.email == email.strip().lower()))


def sign_out_everywhere(session: Session, person: Person) -> None:
    """End every visit of a person, on every device; also one that is halfway in."""
    for visit in session.scalars(select(Visit).where(Visit.person_id == person.id, Visit.ends_at > clock.now())):
        leave(session, visit)


def has_lock(session: Session, tenant: Tenant) -> bool:
    """Whether this tenant has a way to sign in again: a PIN, or a phone's own lock."""
    return bool(tenant.pin_hash) or session.scalars(Passkey.of(tenant).limit(1)).first() is not None


def housed_by(worker: Worker) -> Select[Tenant]:
    """Tenants whom this worker may welcome and give a new code, by name: a keyworker those they support, a coordinator
    those they support or answer for, administrators everyone who lives here, others nobody."""
    if worker.role is Role.KEYWORKER:
        return worker.caseload
    everyone = select(Tenant).where(Tenant.left_at.is_(None)).order_by(func.lower(Tenant.name), Tenant.id)
    if worker.role is Role.COORDINATOR:
        return everyone.where(looked_after_by(worker))
    return everyone if worker.role is Role.ADMINISTRATOR else everyone.where(Tenant.id.is_(None))


def sweep(session: Session) -> None:
    """Throw away what has served: unanswered challenges, old counts; codes, visits and answers of a month ago."""
    now = clock.now()
    session.execute(delete(Challenge).where(Challenge.expires_at <= now))
    session.execute(delete(Throttle).where(Throttle.since <= now - timedelta(days=1)))
    session.execute(delete(Visit).where(Visit.ends_at <= now - timedelta(days=30)))
    session.execute(delete(Replay).where(Replay.made_at <= now - KEPT_FOR))
    session.execute(delete(OneTimeCode).where(
        or_(OneTimeCode.used_at <= now - timedelta(days=30), OneTimeCode.expires_at <= now - timedelta(days=30))
    ))  # fmt: skip
    # Rows that were written in bulk, or before names were folded, would be found by no search.
    for unfolded in session.scalars(select(Tenant).where(Tenant.sought == "", Tenant.name != "")):
        unfolded.keep_sought()


def welcome_tenant(
    session: Session, name: str, *, known_as: str = "", building: Property, flat: str = "", moved_in_on: date,
    keyworker: Worker | None = None, language: str = "en", occupancy: Occupancy = Occupancy.LICENCE,
) -> Tenant:  # fmt: skip
    """A new tenant, with a name for signing in that nobody else has. They cannot sign in before `give_code`."""
    known_as = known_as or name.split()[0]
    tenant = Tenant(
        name=name, known_as=known_as, building=building, flat=flat, moved_in_on=moved_in_on, keyworker=keyworker,
        language=language, occupancy=occupancy, sign_in_name=_free_name(session, known_as),
    )  # fmt: skip
    session.add(tenant)
    session.flush()
    if keyworker is not None:
        session.add(Keyworking(tenant=tenant, worker=keyworker, from_at=clock.now()))
        session.flush()
    return tenant


def welcome_worker(
    session: Session, name: str, email: str, role: Role, *, building: Property | None = None, language: str = "en",
    footing: Footing = Footing.EMPLOYEE,
) -> Worker:  # fmt: skip
    """A new colleague. Raises `ValueError` if the address is somebody's already."""
    email = email.strip().lower()
    if worker_at(session, email) is not None:
        raise ValueError(email)
    worker = Worker(
        name=name, known_as=name.split()[0], email=email, role=role, building=building, language=language,
        footing=footing,
    )  # fmt: skip
    session.add(worker)
    session.flush()
    return worker


def _free_name(session: Session, known_as: str) -> str:
    plain = unicodedata.normalize("NFKD", known_as).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z]", "", plain)[:20] or "home"
    while True:
        name = f"{stem}{secrets.randbelow(9000) + 1000}"
        if tenant_named(session, name) is None:
            return name


def look_at(
    session: Session, worker: Worker, tenant: Tenant, what: str, reason: str = "", override_id: UUID | None = None
) -> None:
    """Write down that a worker reads this part of a tenant's record, in the same transaction as the reading; `reason`
    is why, where the tenant had not shared it, and `override_id` by which break-glass opening.

    Flushed at once: if the note cannot be written, the page must not be shown. Costs three statements.
    """
    session.add(Look(worker_id=worker.id, tenant_id=tenant.id, what=what, reason=reason, override_id=override_id))
    session.flush()
