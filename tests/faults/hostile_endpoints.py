"""S7: endpoints that lead inside, handed to `subscribe`, put into the table behind its back, and hidden in redirects.

Real workers go their round over them. Whatever address they call other than the receiver's is a tripwire; a name that
is looked up, or a connection that is made, because of a redirect is one that was followed.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import delete
from yarl import URL

from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.keys import open_keys
from tenant_app.medication.slots import DOSE
from tenant_app.reminders import endpoints
from tenant_app.reminders.endpoints import BadEndpoint
from tenant_app.reminders.models import Notice, Subscription
from tenant_app.reminders.rules import announce
from tenant_app.reminders.subscriptions import subscribe
from tenant_app.settings import Settings
from tenant_app.worker import Worker
from tests.faults import stage
from tests.faults.addresses import Hostile, LyingNames, hostile_endpoints
from tests.faults.guards import swapped
from tests.faults.stage import Options
from tests.faults.tripwires import Tripwires
from tests.figures import at_least, at_most, report, tell
from tests.reminders.receiver import Receiver

REDIRECTS = (301, 302, 303, 307, 308)
TRIES = 5


@dataclass
class Count:
    """What came of hostile endpoints."""

    refused: int = 0
    """By `subscribe`. The others have names of real push services, and only a name server tells where they lead."""
    redirected: int = 0
    """Pushes that the receiver took and answered with a redirect."""
    hits: int = 0
    """Calls to an address inside, from an endpoint in the table."""
    follow_ups: int = 0
    """Calls and look-ups because of a redirect."""

    def __iadd__(self, other: Count) -> Count:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self


class Siege:
    """One house, its receiver, and a tenant for each hostile endpoint."""

    def __init__(self, settings: Settings, receiver: Receiver, wires: Tripwires, hostile: Sequence[Hostile]) -> None:
        self.settings = replace(settings, push_receiver=receiver.address, push_receiver_ca=str(receiver.authority))
        self.hostile, self.wires, self.receiver = list(hostile), wires, receiver
        self.database = Database(settings.database)
        self.names = LyingNames(self.hostile)
        self.phones = [receiver.phone(open_keys(settings.instance).vapid_public) for _ in hostile]
        self.owners = stage.tenants(self.database, len(self.hostile))
        self._round = 0

    def subscribe(self) -> int:
        """Hand each endpoint to `subscribe`. Returns how many it refused."""
        refused = 0
        for owner, phone, one in zip(self.owners, self.phones, self.hostile, strict=True):
            with self.database.step() as session:
                person = session.get_one(Tenant, owner.id)
                try:
                    subscribe(session, person, one.endpoint, phone.p256dh, phone.auth, "Chrome", self.settings)
                except BadEndpoint:
                    refused += 1
        return refused

    def directly(self) -> Count:
        """Push to each endpoint, which stands in the table although nobody let it in."""
        before = self.wires.hits
        self._work({number: one.endpoint for number, one in enumerate(self.hostile)})
        return Count(hits=self.wires.hits - before)

    def by_redirect(self, status: int) -> Count:
        """Push to the receiver, which answers that the push should go to the endpoint."""
        for phone, one in zip(self.phones, self.hostile, strict=True):
            phone.answers(status, {"Location": one.endpoint})
            phone.knocks = 0
        before = self.wires.hits + self.names.asked.total()
        for _ in range(TRIES):
            # On a busy machine some do not get through to the receiver in time; those have proved nothing yet.
            untold = {number: phone.endpoint for number, phone in enumerate(self.phones) if not phone.knocks}
            if untold:
                self._work(untold)
        redirected = sum(1 for phone in self.phones if phone.knocks)
        return Count(redirected=redirected, follow_ups=self.wires.hits + self.names.asked.total() - before)

    def _work(self, addresses: Mapping[int, str]) -> None:
        """Put these endpoints into the table, one notice for each, and let a worker do all there is to do now."""
        self._round += 1
        with self.database.step() as session:
            session.execute(delete(Subscription))
            session.execute(delete(Notice))
            for number, address in addresses.items():
                owner, phone = self.owners[number], self.phones[number]
                known = {"p256dh": phone.p256dh, "auth": phone.auth, "device": "Chrome"}
                session.add(Subscription(person_id=owner.id, endpoint=address, **known))
                announce(
                    session, owner, DOSE, source=f"siege:{owner.id}", occurrence=str(self._round),
                    lasts=timedelta(hours=1), facts={"time": "09:00", "count": 1},
                )  # fmt: skip
        host, port = self.receiver.address.rsplit(":", 1)
        with (
            swapped(endpoints, "DefaultResolver", lambda: self.names),
            self.wires.laid((host, int(port))),
            redirect_stdout(io.StringIO()),
        ):
            # In a thread, where it leaves this process's signals alone.
            worker = threading.Thread(target=Worker(self.settings).run, args=(True,))
            worker.start()
            worker.join()


@contextmanager
def besieged(backend: str, hostile: Sequence[Hostile]) -> Iterator[Siege]:
    """A house whose tenants' endpoints are these."""
    with stage.empty_house(backend) as settings, Receiver(Path(settings.instance)) as receiver, Tripwires() as wires:
        siege = Siege(settings, receiver, wires, hostile)
        yield siege
        siege.database.close()


def attack(siege: Siege, redirects: Sequence[int] = REDIRECTS) -> Count:
    """Everything that is tried: subscribing once, and for each redirect a round of each kind."""
    found = Count(refused=siege.subscribe())
    for status in redirects:
        found += siege.directly()
        found += siege.by_redirect(status)
        tell(f"   {status}: {found}")
    return found


def followed() -> AbstractContextManager[None]:
    """The guard against redirects taken away: aiohttp follows them, as it would unasked."""
    request = aiohttp.ClientSession._request

    async def follow(session: aiohttp.ClientSession, *given: Any, **options: Any) -> aiohttp.ClientResponse:
        return await request(session, *given, **{**options, "allow_redirects": True})

    return _patched(aiohttp.ClientSession, "_request", follow)


def guards_off() -> dict[str, AbstractContextManager[None]]:
    """Each guard by name, and the block in which it is gone."""
    return {
        "endpoint_check": swapped(endpoints, "check", lambda endpoint, _settings: URL(endpoint, encoded=True)),
        "public_addresses": swapped(endpoints, "is_public", lambda _address: True),
        "no_redirects": followed(),
    }


def run(options: Options) -> dict[str, Any]:
    """The whole siege on each database, and one round without each guard."""
    hostile = hostile_endpoints()
    found = Count()
    figures: dict[str, Any] = {"endpoints": len(hostile), "redirects": list(REDIRECTS)}
    for backend in options.backends:
        tell(backend)
        with besieged(backend, hostile) as siege:
            found += attack(siege)
            figures |= {
                f"{backend}_lookups": siege.names.asked.total(),
                f"{backend}_outside": siege.wires.calls_outside,
            }
    figures |= {one.name: getattr(found, one.name) for one in fields(found)}
    houses = len(options.backends)
    budgets = {
        "endpoints": at_least(len(hostile), 200),
        "refused_by_subscribe": at_least(found.refused, houses * sum(not one.listed for one in hostile)),
        "redirected": at_least(found.redirected, houses * len(REDIRECTS) * len(hostile)),
        "tripwire_hits": at_most(found.hits, 0),
        "follow_ups": at_most(found.follow_ups, 0),
    }
    for name, without in guards_off().items():
        with besieged(options.backends[0], hostile) as siege, without:
            tell(f"the control: without {name}")
            control = attack(siege, REDIRECTS[1:2])
        hits = control.follow_ups if name == "no_redirects" else control.hits
        figures[f"control_without_{name}"] = hits
        budgets[f"control_without_{name}"] = at_least(hits, 1)
    return report("S7", len(REDIRECTS), figures, budgets)


@contextmanager
def _patched(holder: Any, name: str, replacement: Any) -> Iterator[None]:
    original = getattr(holder, name)
    setattr(holder, name, replacement)
    try:
        yield
    finally:
        setattr(holder, name, original)
