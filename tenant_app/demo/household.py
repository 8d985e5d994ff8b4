"""What goes on at home in the demo: medicines taken, rent paid, things that break and are mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.demo.books import keep_books
from tenant_app.demo.catching_up import HARD_WEEKS, catch_up
from tenant_app.demo.medicines import share_with_staff, take_medicines
from tenant_app.demo.people import DEVON, RESIDENTS, Resident
from tenant_app.demo.town import WEEKS, Town
from tenant_app.demo.visits import arrange_visits
from tenant_app.reminders.preferences import ReminderPreference
from tenant_app.reminders.subscriptions import note_loss
from tenant_app.rent.models import Frequency
from tenant_app.rent.rules import charge_due, open_account, record_payment
from tenant_app.repairs.answers import Severity
from tenant_app.repairs.clocks.models import PauseReason
from tenant_app.repairs.clocks.policy import Kind
from tenant_app.repairs.clocks.rules import note_investigated, pause
from tenant_app.repairs.clocks.stays import offer_stay
from tenant_app.repairs.clocks.summaries import write_summary
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import change_state, report, start_draft
from tenant_app.repairs.told import details_to_fill

ELIGIBLE_RENT = 22150
"""Pence a week; Housing Benefit pays it to the association."""


def keep_house(town: Town) -> None:
    """Six weeks of ordinary days for everyone."""
    for number, resident in enumerate(RESIDENTS):
        tenant = town.tenants[resident.name]
        take_medicines(town, resident, tenant, number)
        _pay_rent(town, resident, tenant, number)
    share_with_staff(town)
    repairs = {trouble.resident: _mend(town, trouble) for trouble in TROUBLES}
    _keep_clocks(town, repairs)
    arrange_visits(town)
    _be_reminded(town)
    catch_up(town)
    keep_books(town)


def _pay_rent(town: Town, resident: Resident, tenant: Tenant, number: int) -> None:
    first = town.today - timedelta(weeks=WEEKS) + timedelta(days=(4 - town.today.weekday()) % 7)
    with town.at(-7 * WEEKS, 10):
        account = open_account(
            town.session, tenant, frequency=Frequency.WEEKLY, first_due_on=first, zone=town.settings.zone,
            service_charge_pence=resident.weekly_pence, eligible_rent_pence=ELIGIBLE_RENT,
            reference=f"W{10_000 + number}", began_on=min(tenant.moved_in_on, first),
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
    part: str = ""
    severity: Severity = Severity.HARD
    at_home: tuple[str, ...] = ()
    shared: bool = False


TROUBLES = (
    Trouble("Amina Warsame", "damp-mould", ("bathroom",), "Black spots by the window. They come back when I wipe them.",
            -4, hazard=True, part="window", at_home=("child",),
            story=((-3, State.SEEN, "Thank you for telling us. We will look at where it comes from.", None),
                   (-1, State.BOOKED, "Femi comes to look. He has a meter for the damp.", 2))),
    Trouble("Tomasz Wójcik", "hot-water", ("kitchen",), "The tap runs cold after a minute.", -9, part="not-enough",
            story=((-8, State.SEEN, "", None), (-7, State.BOOKED, "The plumber comes.", -5),
                   (-5, State.FIXED, "A new valve. Tell us if it runs cold again.", None))),
    Trouble("Salma Haddad", "window", ("bedroom",), "النافذة لا تُغلق جيدًا.", -1, part="will-not-close"),
    Trouble("Mary Doyle", "toilet-drain", ("bathroom",), "It fills slowly.", -20,
            story=((-19, State.SEEN, "", None), (-17, State.FIXED, "The float was stuck.", None),
                   (-14, State.CLOSED, "", None))),
    Trouble("Parisa Rahimi", "power", ("shared-stairs",), "The light on the second stairs is out.", -2, part="light",
            severity=Severity.WAIT, shared=True,
            story=((-1, State.SEEN, "We have ordered the lamp.", None),)),
    Trouble("Errol Campbell", "damp-mould", ("bedroom",), "The wall behind my bed is wet.", -6, hazard=True),
)  # fmt: skip


def _keep_clocks(town: Town, repairs: dict[str, Repair]) -> None:
    """Errol’s wall is being dried, and Parisa's lamp waits for a part."""
    desk, damp, lamp = town.staff[DEVON.name], repairs["Errol Campbell"], repairs["Parisa Rahimi"]
    with town.at(-4, 11):
        note_investigated(town.session, damp, clock.now())
    with town.at(-3, 15):
        write_summary(
            town.session, desk, damp, found="The wall behind the bed is wet. Rain comes in there.", hazard=True,
            todo="We seal the window, and treat the wall once it is dry.", done_by=town.today + timedelta(days=3),
        )  # fmt: skip
        offer_stay(town.session, desk, damp, "The guest room, Alma Road", town.today - timedelta(days=1))
        pause(town.session, desk, damp, Kind.BEGIN_WORKS, PauseReason.TENANT_ASKED,
              "Errol asked us to begin after his exam.", since=clock.now())  # fmt: skip
    with town.at(-1, 15):
        pause(town.session, desk, lamp, Kind.MEND, PauseReason.OUT_OF_OUR_HANDS, "The lamp comes by post.",
              since=clock.now())  # fmt: skip


def _mend(town: Town, trouble: Trouble) -> Repair:
    tenant, desk, zone = town.tenants[trouble.resident], town.staff[DEVON.name], town.settings.zone
    with town.at(trouble.day, 9, 15):
        repair = start_draft(town.session, tenant)
        repair.say_where(list(trouble.rooms), shared=trouble.shared)
        repair.say_kind(trouble.kind, "", hazard=trouble.hazard)
        repair.say_words(trouble.words, language=tenant.language)
        repair.part, repair.severity = trouble.part, trouble.severity
        details = details_to_fill(town.session, repair)
        details.at_home = list(trouble.at_home)
        details.say_access(times=["morning"], may_use_key=True, someone_with_me=False, spoken=tenant.language,
                           interpreter=False)  # fmt: skip
        report(town.session, repair, access=trouble.access)
    for days, state, words, visit in trouble.story:
        visit_on: date | None = town.today + timedelta(days=visit) if visit is not None else None
        with town.at(days, 14, 30):
            change_state(
                town.session, desk, repair, state, words, zone=zone, visit_on=visit_on,
                visit_window="13:00-16:00" if visit_on else "",
            )  # fmt: skip
    return repair
