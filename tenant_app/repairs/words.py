"""What is said of repairs, in the reader's language, at both doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.lists import format_list
from markupsafe import Markup

from tenant_app.repairs.hazards import HazardLimits
from tenant_app.repairs.models import Event, Repair, RepairUpdate, State
from tenant_app.repairs.visits import words as visit_words
from tenant_app.repairs.windows import read_window
from tenant_app.web import content
from tenant_app.web.locale import isolate, language, say, tell_day, tell_time

CALLS = ("gas", "co-alarm", "smoke-alarm")
"""Ids of `content/repairs/urgent` that are a telephone call and never a form. Here and not in the content, where one
translation might forget it."""


@dataclass(frozen=True)
class Named:
    """A kind of repair or a room, as the content names it."""

    slug: str
    name: str
    icon: str


def kinds() -> list[Named]:
    """What can need mending, in the order asked."""
    return [Named(each["id"], each["name"], each["icon"]) for each in content.page("repairs", "kinds")["kinds"]]


def rooms() -> list[Named]:
    """Where it can be, in the order asked: rooms of a home, then shared parts of a building."""
    page = content.page("repairs", "kinds")
    return [Named(each["id"], each["name"], each["icon"]) for each in [*page["rooms"], *page["shared"]]]


def is_hazard(kind: str) -> bool:
    """Whether the law's clock runs for this kind. Read from one language, so that no translation can lose it."""
    known = content.page("repairs", "kinds", content.FALLBACK)["kinds"]
    return any(each["id"] == kind and each["hazard"] for each in known)


def kind_of(slug: str) -> Named:
    """A kind by its id. One that was taken out of the content since is called what it was."""
    found = {each.slug: each for each in kinds()}
    return found.get(slug) or Named(slug, slug.replace("-", " ").capitalize(), "wrench")


def rooms_of(repair: Repair) -> str:
    """`Bathroom and Bedroom`."""
    known = {each.slug: each.name for each in rooms()}
    names = [known.get(slug) or slug.replace("-", " ").capitalize() for slug in repair.rooms]
    return format_list(names, locale=language().locale) if names else ""


def checks() -> list[dict[str, str]]:
    """What may be happening now, each with the number to call, if there is one: facts of the content page, and
    `number` and `dial` of its contact."""
    contacts = {each["id"]: each for each in content.page("contacts", "crisis")["contacts"]}
    found = []
    for check in content.page("repairs", "urgent")["checks"]:
        contact = contacts.get(check["number_contact"], {})
        found.append({**check, "number": str(contact.get("number", "")), "dial": str(contact.get("dial", ""))})
    return found


def check_of(slug: str) -> dict[str, str] | None:
    """What they said is happening now, by its id; None for nothing or an id nobody knows."""
    return next((check for check in checks() if check["id"] == slug), None)


def contact_of(slug: str) -> dict[str, str]:
    """Whom to call: a contact of the association's list, by its id."""
    return next(each for each in content.page("contacts", "crisis")["contacts"] if each["id"] == slug)


def spoken_name(code: str) -> str:
    """A language by the name that its speakers give it: `Soomaali` for `so`."""
    name = Locale.parse(code).get_display_name() or code
    return name[:1].upper() + name[1:]


def call(dial: str, number: str) -> Markup:
    """A number as a link that dials it."""
    return Markup('<a href="tel:{}"><bdi dir="ltr">{}</bdi></a>').format(dial, number)


def gas_number() -> Markup:
    """Whom to call where gas is smelt."""
    check = check_of("gas")
    assert check is not None
    return call(check["dial"], check["number"])


def limits() -> HazardLimits:
    """The law's limits. Read from one language: they are figures, and stand in one place."""
    return HazardLimits.read(content.page("hazards", "damp-mould", content.FALLBACK).facts)


@dataclass(frozen=True)
class Standing:
    """A state as a tag."""

    words: Markup
    kind: str
    icon: str


def standing(state: State, *, desk: bool = False) -> Standing:
    """What a state is called: at the desk, where a report is new, and to the tenant, whom it says that we have it."""
    return {
        State.DRAFT: Standing(say("Not sent yet"), "wait", "edit"),
        State.REPORTED: Standing(say("New") if desk else say("We have it"), "", "mail"),
        State.SEEN: Standing(say("Seen"), "", "eye"),
        State.BOOKED: Standing(say("Visit booked"), "good", "calendar"),
        State.FIXED: Standing(say("Fixed"), "good", "check"),
        State.CLOSED: Standing(say("Closed"), "", "check"),
    }[state]


def whose(repair: Repair) -> Markup:
    """By whose name a repair goes at the desk; of a house, that it is nobody's own."""
    if repair.tenant is not None:
        return isolate(repair.tenant.name)
    return say("Shared part") if repair.shared else say("Nobody lives there")


def read_by_all() -> Markup:
    """Who reads what is written about a repair of a house: said beside each field for words."""
    return say("Everyone who lives there can read this. Name nobody.")


def tell_visit(visit: Repair | RepairUpdate) -> Markup:
    """`Monday 30 November, 1:00 pm to 4:00 pm`; empty where no visit is booked."""
    return tell_hours(visit.visit_on, visit.visit_window)


def tell_hours(day: date | None, window: str) -> Markup:
    """The same from its two parts."""
    hours = read_window(window)
    if day is None or hours is None:
        return Markup("")
    span = say("%(start)s to %(end)s", start=tell_time(hours[0]), end=tell_time(hours[1]))
    return say("%(day)s, %(hours)s", day=tell_day(day), hours=span)


def sentence(update: RepairUpdate, reader: str = "tenant") -> Markup:
    """What happened, as a whole sentence: to the tenant, or to the `desk`, who read of the tenant by name."""
    if update.event is not Event.CHANGE:
        return visit_words.line(update, reader, tell_visit(update))
    if update.worker is None:
        return _by_tenant(update, reader)
    name = isolate((update.contractor or update.worker).known_as)
    if update.state is State.BOOKED:
        return say("%(name)s booked a visit: %(visit)s.", name=name, visit=tell_visit(update))
    return {
        State.REPORTED: _by_worker(update, reader, name),
        State.SEEN: say("%(name)s has looked at it.", name=name),
        State.FIXED: say("%(name)s says that it is fixed.", name=name),
        State.CLOSED: say("%(name)s closed it.", name=name),
    }[update.state]


def _by_worker(update: RepairUpdate, reader: str, name: Markup) -> Markup:
    tenant = update.repair.tenant
    if not _first(update):
        return say("%(name)s says that it is not fixed.", name=name)
    if tenant is None:
        return say("%(name)s found it.", name=name)
    if reader == "desk":
        return say("%(name)s reported it for %(tenant)s.", name=name, tenant=isolate(tenant.known_as))
    return say("%(name)s reported it for you.", name=name)


def _by_tenant(update: RepairUpdate, reader: str) -> Markup:
    tenant = update.repair.tenant
    if reader == "desk" and tenant is not None:
        name, first = isolate(tenant.known_as), _first(update)
        return say("%(name)s told us.", name=name) if first else say("%(name)s says that it is not fixed.", name=name)
    return say("You told us.") if _first(update) else say("You told us that it is not fixed.")


def _first(update: RepairUpdate) -> bool:
    return update is update.repair.updates[-1]  # newest first: the story begins with the report
