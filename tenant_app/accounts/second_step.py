"""A worker's second factor: the numbers that an app on their own phone shows for half a minute (RFC 6238)."""

from __future__ import annotations

import hmac
from typing import Any, cast

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import CursorResult, Table, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.accounts.rules import read_numbers

STEP = 30
"""Seconds that one code lasts."""
WINDOW = 1
"""Steps before and after the present one that are taken too: phones' clocks are seldom quite right."""


def new_secret() -> str:
    """A secret for an app, in base 32."""
    return pyotp.random_base32()


def seal_totp(worker: Worker, secret: str, seal: str) -> None:
    """Give a worker this second-factor secret, kept sealed with the instance's key `seal`."""
    worker.sealed_totp = Fernet(seal).encrypt(secret.encode()).decode()
    worker.totp_step = 0


def open_totp(worker: Worker, seal: str) -> str:
    """The worker's secret; empty if they have none, or if it was sealed with another instance's key."""
    try:
        return Fernet(seal).decrypt(worker.sealed_totp.encode()).decode() if worker.sealed_totp else ""
    except InvalidToken:
        return ""


def totp_address(worker: Worker, secret: str, association: str) -> str:
    """The `otpauth:` address that an app reads from a QR code."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=worker.email, issuer_name=association)


def totp_now(secret: str) -> str:
    """The code an app shows at this moment."""
    return pyotp.TOTP(secret, interval=STEP).generate_otp(_present())


def check_totp(session: Session, worker: Worker, typed: str, seal: str) -> bool:
    """Whether this is a code of the worker's app, of now or the half minutes beside it, later than any taken before.

    The step is written by one statement that compares it too: the same code sent twice at once is taken once.
    """
    secret, code = open_totp(worker, seal), read_numbers(typed)
    if not secret or not code.isascii() or worker.left_at is not None:
        return False
    app = pyotp.TOTP(secret, interval=STEP)
    for step in range(_present() - WINDOW, _present() + WINDOW + 1):
        if hmac.compare_digest(app.generate_otp(step), code):
            return _take(session, worker, step)
    return False


def _take(session: Session, worker: Worker, step: int) -> bool:
    session.flush()
    table = cast("Table", Worker.__table__)
    later = update(table).where(table.c.id == worker.id, table.c.totp_step < step).values(totp_step=step)
    taken = session.execute(later)
    session.refresh(worker, ["totp_step"])
    return cast("CursorResult[Any]", taken).rowcount == 1


def _present() -> int:
    return int(clock.now().timestamp()) // STEP
