"""A phone's own lock as a way in (WebAuthn level 2): what is asked of it, and what makes an answer a good one.

The phone must have recognised its owner (a finger, a face, the phone's own code) each time. Challenges live five
minutes, are kept as digests bound to what they were asked for, and are taken out by the first answer to them.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import webauthn
from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.structs import (
    AuthenticatorAttachment,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tenant_app import clock
from tenant_app.accounts.entry import Challenge, Passkey, digest
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.accounts.rules import Wrong

CHALLENGE_LASTS = timedelta(minutes=5)
MOST_PASSKEYS = 10
"""A person's passkeys; more than anyone has, and a bound on what one person can make us keep."""


@dataclass(frozen=True)
class Site:
    """What a passkey is bound to."""

    host: str
    """Relying party id: the host of the door's public address."""
    origin: str
    """`https://homes.example.org`."""
    name: str
    """What the phone shows: the association's name."""


def ask_to_keep(session: Session, site: Site, person: Person, *, this_phone: bool = True) -> dict[str, Any]:
    """Options for `navigator.credentials.create()`, as JSON. `this_phone`: its own lock only, no key on a key ring.

    Raises `Wrong` for someone who has `MOST_PASSKEYS` already.
    """
    known = session.scalars(Passkey.of(person)).all()
    if len(known) >= MOST_PASSKEYS:
        raise Wrong
    options = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=site.name, user_id=person.id.bytes, user_name=_name_of(person),
        user_display_name=person.name, challenge=_challenge(session, f"keep:{person.id}"),
        timeout=int(CHALLENGE_LASTS.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            authenticator_attachment=AuthenticatorAttachment.PLATFORM if this_phone else None,
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential) for passkey in known],
    )  # fmt: skip
    return _as_json(options)


def keep(session: Session, site: Site, person: Person, answer: Any, device: str) -> Passkey:
    """Register the passkey that answered `ask_to_keep`. Raises `Wrong`; the challenge is spent either way."""
    challenge = _spend(session, answer, f"keep:{person.id}")
    try:
        verified = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin,
            require_user_verification=True,
        )  # fmt: skip
    except Exception as error:  # an answer is anyone's bytes, and five parsers deep they fail in every way there is
        raise Wrong from error
    if session.scalar(select(Passkey.id).where(Passkey.credential == verified.credential_id)) is not None:
        raise Wrong
    passkey = Passkey(
        person_id=person.id, credential=verified.credential_id, public_key=verified.credential_public_key,
        sign_count=verified.sign_count, device=device[:60],
    )  # fmt: skip
    session.add(passkey)
    session.flush()
    return passkey


def ask_to_enter(session: Session, site: Site, person: Person | None = None) -> dict[str, Any]:
    """Options for `navigator.credentials.get()`, as JSON. Without `person` the phone itself says who it is for."""
    known = session.scalars(Passkey.of(person)).all() if person else []
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=_challenge(session, f"enter:{person.id if person else ''}"),
        timeout=int(CHALLENGE_LASTS.total_seconds() * 1000),
        allow_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential) for passkey in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_json(options)


def recognise(session: Session, site: Site, answer: Any, kind: type[Person], person: Person | None = None) -> Person:
    """Whose passkey answered `ask_to_enter`: someone of this `kind`, and `person` where it was asked of one.

    Raises `Wrong`; the challenge is spent either way.
    """
    challenge = _spend(session, answer, f"enter:{person.id if person else ''}")
    passkey = _passkey_of(session, answer)
    owner = passkey.person
    if not isinstance(owner, kind) or owner.left_at is not None or (person is not None and owner.id != person.id):
        raise Wrong
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin,
            credential_public_key=passkey.public_key, credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )  # fmt: skip
        handle = answer["response"].get("userHandle")
        named = UUID(bytes=base64url_to_bytes(handle)) if handle else owner.id
    except Exception as error:  # as above
        raise Wrong from error
    if named != owner.id:
        raise Wrong
    passkey.sign_count, passkey.used_at = verified.new_sign_count, clock.now()
    return owner


def _passkey_of(session: Session, answer: Any) -> Passkey:
    try:
        credential = base64url_to_bytes(answer["rawId"])
    except Exception as error:  # as above
        raise Wrong from error
    # Locked, so that one answer of a phone that counts its signatures is not taken by two processes.
    passkey = session.scalar(select(Passkey).where(Passkey.credential == credential).with_for_update())
    if passkey is None:
        raise Wrong
    return passkey


def _challenge(session: Session, purpose: str) -> bytes:
    challenge = secrets.token_bytes(32)
    session.add(
        Challenge(challenge_digest=_bound(challenge, purpose), expires_at=clock.now() + CHALLENGE_LASTS)
    )
    return challenge


def _spend(session: Session, answer: Any, purpose: str) -> bytes:
    """The challenge that an answer is to, taken out of the table. Raises `Wrong` if it is not ours, or too old."""
    try:
        challenge = parse_client_data_json(base64url_to_bytes(answer["response"]["clientDataJSON"])).challenge
    except Exception as error:  # as above
        raise Wrong from error
    spent = session.execute(
        delete(Challenge).where(
            Challenge.challenge_digest == _bound(challenge, purpose), Challenge.expires_at > clock.now()
        )
    )
    if cast("CursorResult[Any]", spent).rowcount != 1:
        raise Wrong
    return challenge


def _bound(challenge: bytes, purpose: str) -> str:
    return digest(f"{purpose}:{challenge.hex()}")


def _name_of(person: Person) -> str:
    if isinstance(person, Tenant):
        return person.sign_in_name
    return person.email if isinstance(person, Worker) else person.name


def _as_json(options: Any) -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return shown
