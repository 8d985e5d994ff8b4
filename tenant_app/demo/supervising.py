"""A team in the demo: who supervises whom, who is away, what was said of the work, and last night's handover."""

from __future__ import annotations

from datetime import time, timedelta

from tenant_app import clock
from tenant_app.accounts.cover import arrange_cover
from tenant_app.demo.people import ALMA, GRACE, MAEVE, NASRIN, RESIDENTS, TARIQ
from tenant_app.demo.town import Town
from tenant_app.handover.models import About, Handover
from tenant_app.handover.rules import ShiftHours, acknowledge, open_handover, write_line
from tenant_app.supervision.rules import write_note


def supervise(town: Town) -> None:
    """Nasrin supervises Grace and Tariq by name, Maeve is anybody's; Maeve is away, and Tariq stands in."""
    nasrin, grace, tariq = town.staff[NASRIN.name], town.staff[GRACE.name], town.staff[TARIQ.name]
    grace.coordinator_id = tariq.coordinator_id = nasrin.id
    town.session.flush()
    with town.at(-20, 14):
        note = write_note(
            town.session, nasrin, grace, town.today - timedelta(days=20),
            "We looked at how reviews are written. Grace names what went well first, and tenants answer more often."
            " Six people in one week is too many at once.",
            actions=[("Spread reviews over the month", town.today - timedelta(days=6)),
                     ("Ask for a refresher in first aid", town.today + timedelta(days=10))],
            today=town.today, language="en",
        )  # fmt: skip
    with town.at(-19, 10):
        note.read()
        note.answer("I have put the reviews into my calendar, two a week.", "en")
    with town.at(-6, 10):
        note.actions[0].mark(done=True)
    with town.at(-2, 15):
        write_note(
            town.session, nasrin, tariq, town.today - timedelta(days=2),
            "Tariq has found his way into the house quickly. We talked about ringing off at the end of a shift.",
            today=town.today, language="en",
        )  # fmt: skip
    with town.at(-7, 11):
        arrange_cover(
            town.session, town.staff[MAEVE.name], tariq, town.today - timedelta(days=1),
            town.today + timedelta(days=6), town.settings.zone, arranged_by=nasrin, reason="Annual leave",
        )  # fmt: skip
    _hand_over(town)


def _hand_over(town: Town) -> None:
    grace, tariq = town.staff[GRACE.name], town.staff[TARIQ.name]
    late = _shift(town, -1, "late", time(14), time(22))
    with town.at(-1, 21, 40):
        done = write_line(
            town.session, grace, late, About.NEEDS, "The bins are still in the yard.", language="en"
        )
        write_line(town.session, grace, late, About.HAPPENED, "The lift stood still for an hour.", language="en")
    with town.at(-1, 22, 10):
        acknowledge(town.session, tariq, late, done.written_at)
        done.mark(tariq, done=True)
    night = _shift(town, -1, "night", time(21, 30), time(7, 30))
    with town.at(0, 7, 10):
        write_line(town.session, tariq, night, About.HAPPENED, "A quiet night, one ring at two.", language="en")
        write_line(
            town.session, tariq, night, About.NEEDS, "Selam waits for a parcel. It comes before noon.", language="en",
            tenant_id=town.tenants["Selam Tesfaye"].id,
        )  # fmt: skip
    with town.at(-2, 14, 20):
        write_line(
            town.session, grace, _shift(town, -2, "early", time(7), time(14, 30)), About.HAPPENED,
            "Amina let the man with the damp meter in.", language="en", tenant_id=town.tenants[RESIDENTS[0].name].id,
        )  # fmt: skip


def _shift(town: Town, days: int, shift: str, starts: time, ends: time) -> Handover:
    day = town.today + timedelta(days=days)
    last = day if ends > starts else day + timedelta(days=1)
    hours = ShiftHours(shift, day, clock.at(day, starts, town.settings.zone), clock.at(last, ends, town.settings.zone))
    return open_handover(town.session, town.homes[ALMA.name], hours)
