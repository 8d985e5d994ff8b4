"""S7: endpoints that lead inside, handed to `subscribe`, put into the table behind its back, and hidden in redirects.

Real workers go their round over them. A hit is a call to anything but the receiver and the public address that stands
for the push services: a real connection where the tripwire listens, and elsewhere the moment at which a socket is to
be opened, for which none is. A hit because of a redirect is one that was followed.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pycurl
from sqlalchemy import delete
from yarl import URL

from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.keys import open_keys
from tenant_app.medication.slots import DOSE
from tenant_app.reminders import endpoints, push, wire
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
from tests.faults.tripwires import Switchboard, Tripwire
from tests.figures import at_least, at_most, report, tell
from tests.reminders.receiver import Receiver

REDIRECTS = (301, 302, 303, 307, 308)
TRIES = 5
TO_ITSELF = 10


@dataclass
class Count:
    """What came of hostile endpoints."""

    refused: int = 0
    """By `subscribe`. The others have names of real push services, and only a name server tells where they lead."""
    redirected: int = 0
    """Pushes that the receiver took and answered with a redirect."""
    hits: int = 0
    """Calls to where no push may go, from an endpoint in the table."""
    follow_ups: int = 0
    """Calls because of a redirect."""

    def __iadd__(self, other: Count) -> Count:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self


class Siege:
    """One house, its receiver, a tripwire, and a tenant for each hostile endpoint."""

    def __init__(self, settings: Settings, receiver: Receiver, tripwire: Tripwire, hostile: Sequence[Hostile]) -> None:
        self.settings = replace(settings, push_receiver=receiver.address, push_receiver_ca=str(receiver.authority))
        self.hostile, self.receiver = list(hostile), receiver
        self.switchboard, self.names = Switchboard(receiver.address, tripwire), LyingNames(self.hostile)
        self.database = Database(settings.database)
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
        before = self.switchboard.hits
        self._work({number: one.endpoint for number, one in enumerate(self.hostile)})
        return Count(hits=self.switchboard.hits - before)

    def by_redirect(self, status: int) -> Count:
        """Push to the receiver, which answers that the push should go to the endpoint; then, to another of its own."""
        before = self.switchboard.hits + len(self.receiver.problems)
        redirected = self._redirected(status, [one.endpoint for one in self.hostile])
        # Here a follow-up would arrive for real, whatever became of opening sockets: nobody lives there.
        self._redirected(status, [f"https://{self.receiver.address}/elsewhere"] * TO_ITSELF)
        after = self.switchboard.hits + len(self.receiver.problems)
        return Count(redirected=redirected, follow_ups=after - before)

    def _redirected(self, status: int, locations: Sequence[str]) -> int:
        phones = self.phones[: len(locations)]
        for phone, location in zip(phones, locations, strict=False):
            phone.answers(status, {"Location": location})
            phone.knocks = 0
        for _ in range(TRIES):
            # On a busy machine some do not get through to the receiver in time; those have proved nothing yet.
            untold = {number: phone.endpoint for number, phone in enumerate(phones) if not phone.knocks}
            if untold:
                self._work(untold)
        return sum(1 for phone in phones if phone.knocks)

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
        postman = partial(push.Postman, resolve=self.names, dial=self.switchboard)
        with swapped(push, "Postman", postman), redirect_stdout(io.StringIO()):
            # In a thread, where it leaves this process's signals alone.
            worker = threading.Thread(target=Worker(self.settings).run, args=(True,))
            worker.start()
            worker.join()


@contextmanager
def besieged(backend: str, select: Callable[[Hostile], bool] = lambda _: True, step: int = 1) -> Iterator[Siege]:
    """A house whose tenants' endpoints are hostile: every `step`-th of those that `select` names."""
    with (
        stage.empty_house(backend) as settings,
        Receiver(Path(settings.instance)) as receiver,
        Tripwire() as tripwire,
    ):
        siege = Siege(settings, receiver, tripwire, list(filter(select, hostile_endpoints(tripwire.port)))[::step])
        try:
            yield siege
        finally:
            siege.database.close()


def attack(siege: Siege, redirects: Sequence[int] = REDIRECTS) -> Count:
    """Everything that is tried: subscribing once, and for each redirect a round of each kind."""
    found = Count(refused=siege.subscribe())
    for status in redirects:
        found += siege.directly()
        found += siege.by_redirect(status)
        tell(f"   {status}: {found}")
    return found


class Following(wire._Request):
    """The guard against redirects taken away."""

    def setopt(self, option: int, value: Any) -> None:
        """As asked for, except that it follows wherever it is sent."""
        super().setopt(option, 1 if option == pycurl.FOLLOWLOCATION else value)


def guards_off() -> dict[str, AbstractContextManager[None]]:
    """Each guard by name, and the block in which it is gone."""
    return {
        "endpoint_check": swapped(endpoints, "check", lambda endpoint, _settings: URL(endpoint, encoded=True)),
        "public_addresses": swapped(endpoints, "is_public", lambda _address: True),
        "no_redirects": swapped(wire, "_Request", Following),
    }


def run(options: Options) -> dict[str, Any]:
    """The whole siege on each database, and one round without each guard."""
    figures: dict[str, Any] = {"redirects": list(REDIRECTS)}
    found, endpoints_tried, to_refuse = Count(), 0, 0
    for backend in options.backends:
        tell(backend)
        with besieged(backend) as siege:
            found += attack(siege)
            endpoints_tried += len(siege.hostile)
            to_refuse += sum(not one.listed for one in siege.hostile)
            figures[f"{backend}_lookups"] = siege.names.asked.total()
            figures[f"{backend}_calls_outside"] = siege.switchboard.outside
    houses = len(options.backends)
    figures |= {"endpoints": endpoints_tried // houses, **vars(found)}
    budgets = {
        "endpoints": at_least(endpoints_tried, 200 * houses),
        "refused_by_subscribe": at_least(found.refused, to_refuse),
        "redirected": at_least(found.redirected, len(REDIRECTS) * endpoints_tried),
        "tripwire_hits": at_most(found.hits, 0),
        "follow_ups": at_most(found.follow_ups, 0),
    }
    for name, without in guards_off().items():
        # A redirect to a name would have libcurl itself look it up, at a name server that is not ours.
        with besieged(options.backends[0], literal if name == "no_redirects" else lambda _: True) as siege, without:
            tell(f"the control: without {name}")
            control = attack(siege, REDIRECTS[1:2])
        hits = control.follow_ups if name == "no_redirects" else control.hits
        figures[f"control_without_{name}"] = hits
        budgets[f"control_without_{name}"] = at_least(hits, 1)
    return report("S7", len(REDIRECTS), figures, budgets)


def literal(one: Hostile) -> bool:
    """Whether it needs no name server."""
    return not one.host
