"""Keys that no browser makes are refused when they are given to us, and never stop the worker if they get in."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tenant_app.reminders.endpoints import BadKeys, check_keys
from tenant_app.reminders.models import Delivery, State, Subscription
from tests.reminders.conftest import Office
from tests.reminders.receiver import b64


def _point(curve: ec.EllipticCurve, form: serialization.PublicFormat) -> bytes:
    return ec.generate_private_key(curve).public_key().public_bytes(serialization.Encoding.X962, form)


POINT = _point(ec.SECP256R1(), serialization.PublicFormat.UncompressedPoint)
SECRET = bytes(range(16))
BAD_POINTS = [
    b"", b"\0", b"\4", POINT[:-1], POINT + b"\0", b"\4" + b"\0" * 64, b"\4" + b"\xff" * 64, b"\5" + POINT[1:],
    b"\0" * 65,
    _point(ec.SECP256R1(), serialization.PublicFormat.CompressedPoint),
    _point(ec.SECP256K1(), serialization.PublicFormat.UncompressedPoint),
    _point(ec.SECP384R1(), serialization.PublicFormat.UncompressedPoint),
]  # fmt: skip
BAD_TEXTS = [
    "", "=", "====", "A", "äöü", "\0" * 87, "../../etc/passwd", "A" * 119, "null", " " + b64(POINT), b64(POINT) + "\n",
]  # fmt: skip
BAD_SECRETS = [b"", SECRET[:-1], SECRET + b"\0", b"\0" * 29]


def hostile_keys() -> list[tuple[str, str]]:
    """Every kind of bad key, and a thousand that chance made."""
    chance = random.Random(8291)
    given = [(b64(point), b64(SECRET)) for point in BAD_POINTS]
    given += [(text, b64(SECRET)) for text in BAD_TEXTS]
    given += [(b64(POINT), b64(secret)) for secret in BAD_SECRETS]
    given += [(b64(POINT), text) for text in BAD_TEXTS if len(text) <= 40]
    given += [(b64(b"\4" + chance.randbytes(64)), b64(SECRET)) for _ in range(500)]
    lengths = [(chance.randrange(89), chance.randrange(29)) for _ in range(500)]
    return given + [(b64(chance.randbytes(point)), b64(chance.randbytes(secret))) for point, secret in lengths]


def test_the_keys_of_a_browser_are_taken_with_or_without_padding() -> None:
    p256dh, auth = b64(POINT), b64(SECRET)
    assert check_keys(p256dh, auth) == (p256dh, auth)
    assert check_keys(p256dh + "=", auth + "==") == (p256dh, auth)


def test_hostile_keys_are_refused() -> None:
    for p256dh, auth in hostile_keys():
        with pytest.raises(BadKeys):
            check_keys(p256dh, auth)


def test_hostile_keys_that_got_in_stop_neither_the_worker_nor_the_others(office: Office) -> None:
    # As far as a database of ours can hold them.
    keys = [(p256dh[:120], auth[:40]) for p256dh, auth in hostile_keys() if "\0" not in p256dh + auth]
    for first in range(0, len(keys), 25):
        person = office.newcomer(f"Tenant {first}")
        office.dose(person, f"dose {first}")
        with office.database.step() as session:
            for number, (p256dh, auth) in enumerate(keys[first : first + 25], first):
                endpoint = f"https://fcm.googleapis.com/{number}"
                session.add(Subscription(person_id=person.id, endpoint=endpoint, p256dh=p256dh, auth=auth))
    phone = office.phone(office.cast.amina)
    hers = office.dose(office.cast.amina)
    office.deliver()
    assert office.notice(hers).state is State.SENT
    assert len(phone.pushes) == 1
    with office.database.session() as session:
        assert {one.outcome for one in session.scalars(select(Delivery))} == {"refused", "accepted"}
        failing = session.scalars(select(Subscription).where(Subscription.failing_since.is_not(None))).all()
        waiting = session.scalars(select(Subscription).where(Subscription.worked_at.is_not(None))).all()
    assert len(failing) == len(keys) >= 1000
    assert [one.endpoint for one in waiting] == [phone.endpoint]
