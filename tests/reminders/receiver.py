"""A push service of the tests' own, on HTTPS: it checks signatures, decrypts, and answers as it is told."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import json
import secrets
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import http_ece
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import NameOID

from tenant_app import clock


@dataclass(frozen=True)
class Push:
    """One push as it arrived."""

    headers: dict[str, str]
    shown: dict[str, str]
    """What the service worker would show, decrypted."""
    claims: dict[str, Any]
    """Of its VAPID signature, which held."""


@dataclass
class Phone:
    """A browser that has subscribed: its keys, its endpoint, and what it has been sent."""

    path: str
    origin: str
    private: ec.EllipticCurvePrivateKey
    secret: bytes
    signed_with: str
    """The VAPID key that it subscribed with; a push signed with another is answered 403."""
    pushes: list[Push] = field(default_factory=list)
    knocks: int = 0
    """Requests of any kind, taken or not."""
    answer: Callable[[], web.Response] = lambda: web.Response(status=201)
    hangs: bool = False

    @property
    def endpoint(self) -> str:
        return self.origin + self.path

    @property
    def p256dh(self) -> str:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return b64(point)

    @property
    def auth(self) -> str:
        return b64(self.secret)

    def answers(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Self:
        """Answer so from now on."""
        self.answer = lambda: web.Response(status=status, headers=headers, body=body)
        return self


class Receiver:
    """The push service. `with Receiver(folder) as receiver: phone = receiver.phone(vapid_public)`."""

    def __init__(self, folder: Path) -> None:
        self.authority = folder / "authority.pem"
        self.certificate = folder / "certificate.pem"
        certify(self.authority, self.certificate)
        self._phones: dict[str, Phone] = {}
        self.problems: list[str] = []
        """What was wrong with pushes that it could not take."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._let_go = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        self.port: int = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(30)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    @property
    def address(self) -> str:
        """`host:port`, as `HOMEWARD_PUSH_RECEIVER` wants it."""
        return f"127.0.0.1:{self.port}"

    def phone(self, signed_with: str) -> Phone:
        """A new browser that subscribes with this VAPID public key."""
        path = f"/push/{secrets.token_urlsafe(24)}"
        private = ec.generate_private_key(ec.SECP256R1())
        phone = Phone(path, f"https://{self.address}", private, secrets.token_bytes(16), signed_with)
        self._phones[path] = phone
        return phone

    async def _open(self) -> int:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.certificate)
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        port: int = self._runner.addresses[0][1]
        return port

    async def _close(self) -> None:
        self._let_go.set()
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        phone = self._phones.get(request.path)
        if phone is None:
            self.problems.append(f"nobody lives at {request.path}")
            return web.Response(status=404)
        phone.knocks += 1
        if request.method != "POST":
            self.problems.append(f"{request.method} to a push endpoint")
        body = await request.read()
        if phone.hangs:
            await self._let_go.wait()
        try:
            claims = claims_of(request.headers["Authorization"], phone.signed_with, phone.origin)
            shown = json.loads(http_ece.decrypt(body, private_key=phone.private, auth_secret=phone.secret))
        except Exception as error:
            self.problems.append(repr(error))
            return web.Response(status=403)
        answer = phone.answer()
        if answer.status < 300:
            phone.pushes.append(Push(dict(request.headers), shown, claims))
        return answer

def claims_of(authorization: str, signed_with: str, origin: str) -> dict[str, Any]:
    """The claims of a VAPID header (RFC 8292), by the book rather than by the library that made it.

    Raises where it is not signed with this public key, for this origin, by a real contact, for a day at most.
    """
    scheme, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert parts["k"] == signed_with, "signed with another key than the browser subscribed with"
    signed, _, signature = parts["t"].rpartition(".")
    raw = unb64(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
    pair = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(unb64(part)) for part in signed.split("."))
    assert head["alg"] == "ES256"
    assert claims["aud"] == origin
    assert claims["sub"].startswith(("mailto:", "https:"))
    ends = datetime.fromtimestamp(claims["exp"], UTC) - clock.now()
    assert timedelta() < ends <= timedelta(hours=24), f"a signature good for {ends}"
    found: dict[str, Any] = claims
    return found


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The other way."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def certify(authority: Path, certificate: Path) -> None:
    """An authority and a certificate for 127.0.0.1, for as long as any test may run."""
    begins = datetime.now(UTC) - timedelta(days=1)
    top, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tests' own authority")])

    def made(name: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder(issuer, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=30))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(top.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if is_authority:
            signs_only = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(signs_only, critical=True)
        else:
            here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
            builder = builder.add_extension(x509.SubjectAlternativeName([here]), critical=False)
        return builder.sign(top, hashes.SHA256())

    authority.write_bytes(made(issuer, top, is_authority=True).public_bytes(serialization.Encoding.PEM))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate.write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made(name, own, is_authority=False).public_bytes(serialization.Encoding.PEM)
    )
