"""Where pushes may go. An endpoint is whatever a browser says, and we call it from inside the network.

So its address is read strictly when it is given to us and again on each send, and the machine it leads to is
looked at at the moment of connecting, when no name server can change its mind any more.
"""

from __future__ import annotations

import base64
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from tenant_app.settings import Settings

LONGEST = 2048
"""Characters. The longest that a push service is known to hand out (Windows) stay well below 1,200."""

# A name of at least two labels whose last begins with a letter: no way of writing an IP address in decimal,
# octal or hexadecimal is such a name.
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLAIN = re.compile(r"[!-~]+")

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_SPECIAL = (IPv6Network("2001::/23"), IPv6Network("3fff::/20"))
_RELAY = IPv4Network("192.88.99.0/24")


class BadEndpoint(ValueError):
    """An endpoint that we do not call. It is not repeated here: who knows it can wake the phone.

    `why` is one of `shape`, `length`, `scheme`, `userinfo`, `port`, `literal`, `host`.
    """

    def __init__(self, why: str, explanation: str) -> None:
        super().__init__(explanation)
        self.why = why


class BadKeys(ValueError):
    """Keys that no browser makes: nothing can be encrypted for them."""


def check(endpoint: str, settings: Settings) -> URL:
    """The endpoint as an address to call, parsed once, so that what was checked is what is called.

    HTTPS on 443 at one of `settings.push_services` (RFC 8030 asks for HTTPS; the hosts are ours to choose),
    or HTTPS at `settings.push_receiver`. Raises `BadEndpoint`.
    """
    if not isinstance(endpoint, str) or not 0 < len(endpoint) <= LONGEST:
        raise BadEndpoint("length", f"an endpoint has at most {LONGEST} characters")
    # Parsers disagree about backslashes, spaces, tabs and other scripts, and disagreement is a way in.
    if not _PLAIN.fullmatch(endpoint) or "\\" in endpoint or "#" in endpoint:
        raise BadEndpoint("shape", "characters that no push service uses")
    try:
        url = URL(endpoint, encoded=True)
        host, port = url.raw_host or "", url.port
    except ValueError as error:
        raise BadEndpoint("shape", "not an address") from error
    if url.scheme != "https" or not endpoint.startswith("https://"):
        raise BadEndpoint("scheme", "not https")
    if "@" in re.split(r"[/?]", endpoint.removeprefix("https://"))[0]:
        raise BadEndpoint("userinfo", "a name or password before the host")
    if settings.push_receiver and f"{host}:{port}" == settings.push_receiver:
        return url
    if _is_literal(host):
        raise BadEndpoint("literal", "an IP address in place of a name")
    if port != 443:
        raise BadEndpoint("port", "the port is not 443")
    if len(host) > 253 or not _NAME.fullmatch(host) or not _is_listed(host, settings.push_services):
        raise BadEndpoint("host", "not a push service that this association uses")
    return url


def is_receiver(url: URL, settings: Settings) -> bool:
    """Whether a checked address is the association's own push receiver, which may have a private address."""
    return bool(settings.push_receiver) and f"{url.raw_host}:{url.port}" == settings.push_receiver


def check_keys(p256dh: str, auth: str) -> tuple[str, str]:
    """Both keys as base64url without padding. Raises `BadKeys` unless they are an uncompressed point on P-256
    (65 bytes) and 16 bytes of secret (RFC 8291, section 3)."""
    point, secret = decode_keys(p256dh, auth)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise BadKeys("p256dh is not a point on P-256") from error
    return _encode(point), _encode(secret)


def decode_keys(p256dh: str, auth: str) -> tuple[bytes, bytes]:
    """Both keys as bytes, of the lengths that they must have; whether the first is a point on the curve is found when
    something is encrypted for it. Raises `BadKeys`."""
    return _decode(p256dh, 65), _decode(auth, 16)


def is_public(address: str) -> bool:
    """Whether an IP address, as text, is a machine on the public internet.

    Addresses that carry another one inside (IPv4-mapped, NAT64, 6to4) are judged by that one.
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False  # with a zone (`fe80::1%eth0`) too: only neighbours have those
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast and ip not in _RELAY
    inside = _carried(ip)
    if inside is not None:
        return is_public(str(inside))
    return ip in _UNICAST and ip.is_global and ip.scope_id is None and not any(ip in net for net in _SPECIAL)


def service_of(host: str, settings: Settings) -> str:
    """The push service that a checked host belongs to, as it is listed: `*.notify.windows.com`; or the host itself."""
    return next((service for service in settings.push_services if _is_listed(host, (service,))), host)


def _is_literal(host: str) -> bool:
    last = host.rstrip(".").rpartition(".")[2]
    return ":" in host or last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last, re.IGNORECASE) is not None


def _is_listed(host: str, services: tuple[str, ...]) -> bool:
    return any(host.endswith(service[1:]) if service.startswith("*.") else host == service for service in services)


def _carried(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _decode(text: str, length: int) -> bytes:
    if not isinstance(text, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,120}={0,2}", text):
        raise BadKeys("not base64url")
    bare = text.rstrip("=")
    try:
        data = base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError as error:
        raise BadKeys("not base64url") from error
    if len(data) != length:
        raise BadKeys(f"{len(data)} bytes where {length} belong")
    return data


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
