"""An endpoint is an address that somebody else chose and that we call from inside: nearly all of them are refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pycurl
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tenant_app.keys import Keys, open_keys
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.endpoints import BadEndpoint, check, is_public
from tenant_app.reminders.push import Postman
from tenant_app.reminders.wire import Address
from tenant_app.settings import Settings
from tests.reminders.conftest import message
from tests.reminders.receiver import Phone, b64

GOOD = [
    "https://fcm.googleapis.com/fcm/send/dQw4:APA91b-x_y~z",
    "https://fcm.googleapis.com/wp/cX1:APA91b",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABm-_=",
    "https://web.push.apple.com/QNb0x",
    "https://api.push.apple.com:443/3/device/ab",
    "https://wns2-db5p.notify.windows.com/w/?token=BQYAAA%2bx%3d%3d",
    "https://a.b.notify.windows.com/w/",
]

HOSTILE = {
    "scheme": [
        "http://fcm.googleapis.com/x", "ftp://fcm.googleapis.com/x", "file:///etc/passwd", "//fcm.googleapis.com/x",
        "gopher://fcm.googleapis.com/x", "javascript:alert(1)", "https:fcm.googleapis.com/x", "HTTPS://fcm.googleapis.com/x",
        "wss://fcm.googleapis.com/", "fcm.googleapis.com/x",
    ],
    "port": [
        "https://fcm.googleapis.com:80/x", "https://fcm.googleapis.com:8443/x", "https://fcm.googleapis.com:22/x",
        "https://fcm.googleapis.com:0/x", "https://localhost:6379/x", "https://fcm.googleapis.com:4430/",
    ],
    "literal": [
        "https://127.0.0.1/x", "https://10.0.0.5/x", "https://169.254.169.254/latest/meta-data/", "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x", "https://[fe80::1%25eth0]/x", "https://[64:ff9b::7f00:1]/", "https://2130706433/x",
        "https://0177.0.0.1/x", "https://0x7f.0.0.1/x", "https://0x7f000001/x", "https://127.1/x", "https://0/x",
        "https://8.8.8.8/x", "https://127.0.0.1./x", "https://fcm.googleapis.com.127.0.0.1/",
        "https://192.168.0.1:443/",
    ],
    "userinfo": [
        "https://fcm.googleapis.com@127.0.0.1/x", "https://fcm.googleapis.com:443@evil.example/x",
        "https://user:pass@fcm.googleapis.com/x", "https://@fcm.googleapis.com/x",
        "https://fcm.googleapis.com@", "https://evil.example@fcm.googleapis.com/x",
    ],
    "host": [
        "https://localhost/x", "https://evil.example/x", "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com/x", "https://googleapis.com/x", "https://notify.windows.com/x",
        "https://evilnotify.windows.com/x", "https://push.apple.com.evil.example/", "https://FCM.googleapis.com/x",
        "https://fcm.googleapis.com./x", "https://fcm%2egoogleapis%2ecom/x", "https://fcm.googleapis.com%00.evil.example/",
        "https://.notify.windows.com/x", "https://-.notify.windows.com/x", "https://internal/x", "https:///x",
        "https://" + "a" * 300 + ".notify.windows.com/", "https://postgres.internal/", "https://metadata.google.internal/",
        "https://fcm.googleapis.com,evil.example/x", "https://a..notify.windows.com/", "https://fcm.googleapis.com;x/",
    ],
    "shape": [
        "https://fcm.googleapis.com\\@evil.example/x", "https://fcm.googleapis.com/x y",
        "https://fcm.googleapis.com/\r\nX: y",
        "\thttps://fcm.googleapis.com/x", "https://fcm.googleapis.com/x\0", "https://fcm。googleapis。com/x",
        "https://evil.example#@fcm.googleapis.com/", "https://ｆcm.googleapis.com/x", "https://fcm.googleapis.com:port/x",
        "https://fcm.googleapis.com:99999/x", "https://[::1/x", "https://fcm.googleapis.com/\N{RIGHT-TO-LEFT OVERRIDE}",
        "https://fcm.googleapis.com:443\t/x", "https://①②⑦.⓪.⓪.①/",
    ],
    "length": ["", "https://fcm.googleapis.com/" + "a" * 4096],
}  # fmt: skip
ADDRESSES = [(why, endpoint) for why, endpoints in HOSTILE.items() for endpoint in endpoints]

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255", "192.88.99.1", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "2001::1",
    "2001:0:4136::1",
    "2002:7f00:1::1", "2002:a00:1::1", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::1", "3fff::1", "100::1",
    "2606:4700::1%eth0", "5f00::1", "not an address", "",
]  # fmt: skip
PUBLIC = ["142.250.180.10", "8.8.8.8", "2a00:1450:4009:822::200a", "64:ff9b::8.8.8.8", "2002:808:808::1"]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return open_keys(tmp_path)


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """Settings without a receiver of one's own, as most associations have them."""
    return Settings(instance=tmp_path, vapid_contact="mailto:it@wrenfield.org.uk")


class Names:
    """A name server that lies, differently each time if it is told to."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Calls(list[str]):
    """Addresses that would have been connected to. Nothing is connected to."""

    def __call__(self, to: Address) -> int:
        self.append(str(to.addr[0]))
        return pycurl.SOCKET_BAD


@pytest.fixture
def called() -> Calls:
    return Calls()


@pytest.fixture
def send_to(plain: Settings, keys: Keys, called: Calls) -> Callable[..., list[Outcome]]:
    """Send to each of these endpoints in turn, with a name server that answers so."""
    phone = Phone("/x", "", ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef", "")

    def send(endpoints: Sequence[str], names: Names) -> list[Outcome]:
        async def go() -> list[Outcome]:
            async with Postman(plain, keys, resolve=names, dial=called) as postman:
                return [await postman.send(one, phone.p256dh, phone.auth, message()) for one in endpoints]

        return asyncio.run(go())

    return send


@pytest.mark.parametrize("endpoint", GOOD)
def test_endpoints_of_real_push_services_are_taken_as_they_are(plain: Settings, endpoint: str) -> None:
    assert str(check(endpoint, plain)) == endpoint.replace(":443", "")


@pytest.mark.parametrize(("why", "endpoint"), ADDRESSES)
def test_a_hostile_endpoint_is_refused_for_what_it_is(plain: Settings, why: str, endpoint: str) -> None:
    with pytest.raises(BadEndpoint) as refused:
        check(endpoint, plain)
    assert refused.value.why == why
    assert not endpoint or endpoint not in str(refused.value)


def test_no_hostile_endpoint_is_ever_called_or_even_looked_up(
    send_to: Callable[..., list[Outcome]], called: Calls
) -> None:
    names = Names(["142.250.180.10"])
    outcomes = send_to([endpoint for _, endpoint in ADDRESSES], names)
    assert {outcome.kind for outcome in outcomes} == {Kind.REFUSED}
    assert (names.asked, called) == ([], [])


@pytest.mark.parametrize("address", PRIVATE)
def test_a_listed_name_that_leads_inside_is_not_called(
    send_to: Callable[..., list[Outcome]], called: Calls, address: str
) -> None:
    assert [one.kind for one in send_to(GOOD, Names([address]))] == [Kind.LATER] * len(GOOD)
    assert called == []
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_listed_name_that_leads_outside_is_called_there(
    send_to: Callable[..., list[Outcome]], called: Calls, address: str
) -> None:
    send_to(GOOD[:1], Names([address]))
    assert {ip_address(one) for one in called} == {ip_address(address)}


def test_a_name_that_leads_both_ways_is_called_outside_only(
    send_to: Callable[..., list[Outcome]], called: Calls
) -> None:
    send_to(GOOD[:1], Names(["127.0.0.1", "8.8.8.8", "::1", "10.0.0.1"]))
    assert set(called) == {"8.8.8.8"}


def test_a_name_that_changes_its_mind_is_looked_at_each_time(
    send_to: Callable[..., list[Outcome]], called: Calls
) -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"], ["8.8.8.8"], ["169.254.169.254"])
    send_to(GOOD[:1] * 5, names)
    assert len(names.asked) == 5
    assert set(called) == {"8.8.8.8"}


def test_only_the_named_receiver_may_be_private_and_only_on_its_port(plain: Settings) -> None:
    own = replace(plain, push_receiver="127.0.0.1:8443")
    assert str(check("https://127.0.0.1:8443/push/1", own)) == "https://127.0.0.1:8443/push/1"
    for other in (
        "http://127.0.0.1:8443/x", "https://127.0.0.1/x", "https://127.0.0.1:8444/x", "https://127.0.0.2:8443/x",
        "https://x@127.0.0.1:8443/x", "https://localhost:8443/x", "https://127.1:8443/x", "https://0x7f000001:8443/x",
    ):  # fmt: skip
        with pytest.raises(BadEndpoint):
            check(other, own)


def test_a_receiver_with_a_name_may_have_a_private_address_and_no_other_name_may(
    plain: Settings, keys: Keys, called: Calls
) -> None:
    own = replace(plain, push_receiver="push.wrenfield.internal:8443")
    p256dh = b64(
        serialization.load_pem_private_key(keys.vapid.encode(), None).public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
    )  # fmt: skip

    async def go() -> None:
        async with Postman(own, keys, resolve=Names(["10.0.0.7"]), dial=called) as postman:
            for endpoint in ("https://push.wrenfield.internal:8443/x", GOOD[0]):
                await postman.send(endpoint, p256dh, b64(b"0" * 16), message())

    asyncio.run(go())
    assert called == ["10.0.0.7"]
