"""Secrets that this house makes for itself on first start, kept in the instance folder, readable by its owner only."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Keys:
    """The secrets of one instance."""

    tenant_cookies: str
    """Signs the tenant door's short-lived cookie."""
    staff_cookies: str
    """Signs the staff door's; another one, so that neither door can speak for the other."""
    seal: str
    """Fernet key that seals what the database must not show in clear: staff's second-factor secrets."""
    vapid: str
    """PEM private key (P-256) that signs our pushes."""
    vapid_before: tuple[str, ...] = ()
    """Those that signed before it. Browsers that subscribed with one take pushes signed with no other, until each has
    opened the app once and subscribed anew."""

    @property
    def vapid_public(self) -> str:
        """What a browser asks for when it subscribes: the uncompressed public point, base64url without padding."""
        return public_key(self.vapid)


def public_key(private_pem: str) -> str:
    """The public half of a VAPID key: the uncompressed point, base64url without padding."""
    private = serialization.load_pem_private_key(private_pem.encode(), password=None)
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _new_vapid() -> str:
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )


_BEFORE = "vapid.before-*"

_MAKERS: dict[str, Callable[[], str]] = {
    "tenant_cookies": lambda: secrets.token_urlsafe(48),
    "staff_cookies": lambda: secrets.token_urlsafe(48),
    "seal": lambda: Fernet.generate_key().decode(),
    "vapid": _new_vapid,
}


def open_keys(instance: Path) -> Keys:
    """Read the keys of an instance, making those that are missing. Raises `OSError` if the folder cannot be written."""
    folder = instance / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    before = tuple(path.read_text() for path in sorted(folder.glob(_BEFORE)))
    return Keys(**{name: _read_or_make(folder / name, make) for name, make in _MAKERS.items()}, vapid_before=before)


def rotate_vapid(instance: Path) -> None:
    """Sign with a new VAPID key from the next start on, and keep the old one for browsers that subscribed with it.

    Raises `OSError` if the folder cannot be written.
    """
    open_keys(instance)
    folder = instance / "keys"
    number = 1 + len(list(folder.glob(_BEFORE)))
    # Linked before it is replaced: whatever happens in between, the old key is never lost.
    os.link(folder / "vapid", folder / f"vapid.before-{number:03}")
    draft = folder / ".vapid.next"
    draft.unlink(missing_ok=True)
    _write(draft, _new_vapid())
    draft.replace(folder / "vapid")


def missing_keys(instance: Path) -> list[str]:
    """Names of keys that `open_keys` would have to make; and of those that others on the machine may read."""
    folder = instance / "keys"
    return [name for name in _MAKERS if not (folder / name).is_file() or (folder / name).stat().st_mode & 0o077]


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    # O_EXCL: of two processes starting together one makes the key, and the other must read that one, not its own.
    # Written under another name first, or the second could read a half-written key.
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        _write(draft, make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
