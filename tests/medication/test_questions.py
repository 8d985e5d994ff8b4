"""The Medicines page asks the database the same number of questions, however much is on the shelf."""

from __future__ import annotations

from flask import Flask

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import new_id
from tenant_app.medication.patterns import Pattern, on_weekdays
from tenant_app.medication.pausing.models import PauseReason
from tenant_app.medication.rules import add_as_needed, add_medicine, pause_medicines, record_as_needed
from tests.cast import Cast
from tests.medication.conftest import EVENING, LONDON, NINE
from tests.questions import counted


def test_a_full_shelf_asks_no_more_than_a_small_one(tenant_door: Flask, cast: Cast) -> None:
    amina, asked = cast.at(tenant_door, cast.amina), []
    for begin in (0, 1):
        with cast.database.step() as session:
            tenant, today = session.get_one(Tenant, cast.amina.id), clock.today(LONDON)
            for number in range(begin, begin + 1 + 5 * begin):
                for pattern in (on_weekdays([number % 7]), Pattern(every_days=number + 2, anchor=today)):
                    name = f"Medicine {number} {pattern.every_days}"
                    add_medicine(session, tenant, name, "", [NINE, EVENING], LONDON, today, pattern=pattern)
                needed = add_as_needed(session, tenant, f"Needed {number}", "", LONDON, gap_minutes=60, most_in_24h=4)
                record_as_needed(session, needed, new_id(), LONDON)
            if not begin:
                pause_medicines(session, tenant, PauseReason.ILL, LONDON, first=today)
        for address in ("/medicines", "/"):
            assert amina.get(address).status_code == 200
            with counted(tenant_door) as statements:
                amina.get(address)
            asked.append(len(statements))

    assert asked[:2] == asked[2:]
