"""The first administrator of a new house, made by `homeward setup` through the rules that everyone is made by."""

from __future__ import annotations

from tenant_app.accounts.models import Role
from tenant_app.accounts.rules import choose_password, welcome_worker
from tenant_app.accounts.second_step import new_secret, seal_totp
from tenant_app.database import Database
from tenant_app.keys import Keys


def first_administrator(database: Database, keys: Keys, name: str, email: str, password: str) -> str:
    """Make an administrator with a password and a second factor. Returns what to tell them: the secret for their app.

    Raises `TooEasy` for a password that others would guess, and `ValueError` for an address that somebody has.
    """
    secret = new_secret()
    with database.step() as session:
        worker = welcome_worker(session, name, email, Role.ADMINISTRATOR)
        choose_password(worker, password)
        seal_totp(worker, secret, keys.seal)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return (
        f"{name} can sign in at the staff door as {email}.\n"
        f"Put this secret into the app that shows codes for signing in, by hand: {spaced}"
    )
