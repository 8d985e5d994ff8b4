"""What goes on at home in the demo: medicines taken, rent paid, things that break and are mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from tenant_app.accounts.models import Tenant
from tenant_app.demo.catching_up import HARD_WEEKS, catch_up
from tenant_app.demo.people import DEVON, GRACE, NASRIN, RESIDENTS, TARIQ, Resident
from tenant_app.demo.town import WEEKS, Town
from tenant_app.medication.auditing import Level
from tenant_app.medication.auditing_rules import Counting, agree_level, count_month, countersign, medicines_to_count
from tenant_app.medication.models import Medicine
from tenant_app.medication.restocking import say_ordered, write_stock
from tenant_app.medication.rules import add_medicine, answer_slot, slots_of_day
from tenant_app.medication.sharing import share_medicines
from tenant_app.reminders.preferences import ReminderPreference
from tenant_app.reminders.subscriptions import note_loss
from tenant_app.rent.models import Frequency
from tenant_app.rent.rules import charge_due, open_account, record_payment
from tenant_app.repairs.models import State
from tenant_app.repairs.rules import change_state, report, start_draft

ELIGIBLE_RENT = 22150
"""Pence a week; Housing Benefit pays it to the association."""


def keep_house(town: Town) -> None:
    """Six weeks of ordinary days for everyone."""
    for number, resident in enumerate(RESIDENTS):
        tenant = town.tenants[resident.name]
        _take_medicines(town, resident, tenant, number)
        _pay_rent(town, resident, tenant, number)
    _share_medicines(town)
    for trouble in TROUBLES:
        _mend(town, trouble)
    _be_reminded(town)
    catch_up(town)


def _take_medicines(town: Town, resident: Resident, tenant: Tenant, number: int) -> None:
    if not resident.medicines:
        return
    zone, begins = town.settings.zone, min(6 * 7, 7 * resident.weeks_here - 2)
    with town.at(-begins, 6):
        for name, amount, times in resident.medicines:
            add_medicine(
                town.session, tenant, name, amount, [time.fromisoformat(at) for at in times], zone,
                town.today - timedelta(days=begins), quantity=Decimal(1),
            )  # fmt: skip
    _count_shelf(town, resident, tenant, days=min(14, begins))
    # The tables of the last fortnight are what anyone looks at; what lies before it would only make the demo slow.
    for ago in range(min(14, begins), -1, -1):
        day = town.today - timedelta(days=ago)
        for slot in slots_of_day(town.session, tenant, day, zone):
            forgotten = (day.toordinal() + number + slot.wall_time.hour) % 6 == 0
            answered = slot.at + timedelta(minutes=4 + (day.toordinal() * 7 + number) % 30)
            if forgotten or answered > town.now - timedelta(minutes=30) or (ago == 0 and slot.until > town.now):
                continue
            with town.at_moment(answered):
                answer_slot(town.session, tenant, day, slot.wall_time, "taken", zone)


def _share_medicines(town: Town) -> None:
    """Amina and Tomasz share their medicines. Hers were counted last month, signed by two, and are due again; his wait
    for a second person."""
    session, zone = town.session, town.settings.zone
    amina, tomasz = town.tenants["Amina Warsame"], town.tenants["Tomasz Wójcik"]
    grace, nasrin, tariq = (town.staff[colleague.name] for colleague in (GRACE, NASRIN, TARIQ))
    with town.at(1 - 7 * WEEKS, 11):
        for worker in (grace, nasrin):
            share_medicines(session, amina, worker, zone)
            share_medicines(session, tomasz, worker, zone)
        share_medicines(session, amina, tariq, zone)
        agree_level(
            session, grace, amina, Level.WEEKLY_CHECK, town.today + timedelta(days=50), zone,
            tenant_words="I like the chart on the fridge.", language="en",
            worker_words="She sets her own alarm, and asks when she is not sure.",
        )  # fmt: skip
    last_month = (town.today.replace(day=1) - timedelta(days=2) - town.today).days
    with town.at(last_month, 10):
        audit = count_month(session, grace, amina, _counted(
            town, amina, "Everything is in the kitchen drawer.", "We filled in what was missing."
        ), zone)  # fmt: skip
    with town.at(last_month, 15):
        countersign(session, nasrin, audit, audit.latest.number, agreed=True)
    with town.at(last_month + 1, 18):
        audit.add_words("I would like to do it on Sundays.", "en")
    with town.at(0, 8):
        count_month(session, grace, tomasz, _counted(town, tomasz, "", "Asked the pharmacy for a new box."), zone)


def _counted(town: Town, tenant: Tenant, found: str, action: str) -> Counting:
    medicines = medicines_to_count(town.session, tenant, town.settings.zone)
    counts = {medicine.id: Decimal(26 - 2 * number) for number, medicine in enumerate(medicines)}
    return Counting(counts, found=found, action=action, language="en")


SHELVES = {
    "Amina Warsame": (("Metformin 500 mg", 33), ("Sertraline 50 mg", 56)),
    "Salma Haddad": (("Levothyroxine 50 micrograms", 22),),
}
"""How many of which medicine were counted a fortnight ago: one of them runs low these days, and one is ordered."""


def _count_shelf(town: Town, resident: Resident, tenant: Tenant, days: int) -> None:
    medicines = {medicine.name: medicine for medicine in town.session.scalars(Medicine.of(tenant))}
    for name, units in SHELVES.get(resident.name, ()):
        with town.at(-days, 6, 30):
            write_stock(town.session, medicines[name], "counted", Decimal(units), tenant, town.settings.zone)
        if resident.language == "ar":
            with town.at(-1, 11):
                say_ordered(town.session, medicines[name], town.settings.zone, ordered=True)


def _pay_rent(town: Town, resident: Resident, tenant: Tenant, number: int) -> None:
    first = town.today - timedelta(weeks=WEEKS) + timedelta(days=(4 - town.today.weekday()) % 7)
    with town.at(-7 * WEEKS, 10):
        account = open_account(
            town.session, tenant, frequency=Frequency.WEEKLY, first_due_on=first, zone=town.settings.zone,
            service_charge_pence=resident.weekly_pence, eligible_rent_pence=ELIGIBLE_RENT,
            reference=f"W{10_000 + number}",
        )  # fmt: skip
    charge_due(town.session, account, town.today)
    day, week = first, 0
    while day <= town.today:
        hard = HARD_WEEKS.get(resident.name, ((8 - number) % 9,))  # a hard week now and then
        if week not in hard:
            with town.at((day - town.today).days, 8):
                reference = f"{account.reference}-{day.isoformat()}"
                record_payment(town.session, account, resident.weekly_pence, day, reference)
        day, week = day + timedelta(weeks=1), week + 1


def _be_reminded(town: Town) -> None:
    """Salma sleeps with her phone beside her; Tomasz has not opened the app since he reset his."""
    with town.at(-12, 20):
        ReminderPreference.of(town.session, town.tenants["Salma Haddad"]).keep_quiet(time(22), time(7))
    with town.at(-2, 9):
        note_loss(town.session, town.tenants["Tomasz Wójcik"], "Chrome, Android")


@dataclass(frozen=True)
class Trouble:
    """Something that broke, and what was done about it: (days from today, state, words, visit in days)."""

    resident: str
    kind: str
    rooms: tuple[str, ...]
    words: str
    day: int
    hazard: bool = False
    story: tuple[tuple[int, State, str, int | None], ...] = ()
    access: str = "I am in most mornings. Ring first."


TROUBLES = (
    Trouble("Amina Warsame", "damp-mould", ("bathroom",), "Black spots by the window. They come back when I wipe them.",
            -4, hazard=True,
            story=((-3, State.SEEN, "Thank you for telling us. We will look at where it comes from.", None),
                   (-1, State.BOOKED, "Femi comes to look. He has a meter for the damp.", 2))),
    Trouble("Tomasz Wójcik", "hot-water", ("kitchen",), "The tap runs cold after a minute.", -9,
            story=((-8, State.SEEN, "", None), (-7, State.BOOKED, "The plumber comes.", -5),
                   (-5, State.FIXED, "A new valve. Tell us if it runs cold again.", None))),
    Trouble("Salma Haddad", "window", ("bedroom",), "النافذة لا تُغلق جيدًا.", -1),
    Trouble("Mary Doyle", "toilet-drain", ("bathroom",), "It fills slowly.", -20,
            story=((-19, State.SEEN, "", None), (-17, State.FIXED, "The float was stuck.", None),
                   (-14, State.CLOSED, "", None))),
    Trouble("Parisa Rahimi", "power", ("hall-stairs",), "The light on the second stairs is out.", -2,
            story=((-1, State.SEEN, "We have ordered the lamp.", None),)),
)  # fmt: skip


def _mend(town: Town, trouble: Trouble) -> None:
    tenant, desk, zone = town.tenants[trouble.resident], town.staff[DEVON.name], town.settings.zone
    with town.at(trouble.day, 9, 15):
        repair = start_draft(town.session, tenant)
        repair.say_where(list(trouble.rooms))
        repair.say_what(trouble.kind, trouble.words, "", hazard=trouble.hazard, language=tenant.language)
        report(town.session, repair, access=trouble.access)
    for days, state, words, visit in trouble.story:
        visit_on: date | None = town.today + timedelta(days=visit) if visit is not None else None
        with town.at(days, 14, 30):
            change_state(
                town.session, desk, repair, state, words, zone=zone, visit_on=visit_on,
                visit_window="13:00-16:00" if visit_on else "",
            )  # fmt: skip
