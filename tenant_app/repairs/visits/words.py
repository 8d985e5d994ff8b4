"""What happened about a visit, in sentences for both sides."""

from __future__ import annotations

from babel.lists import format_list
from flask_babel import gettext
from markupsafe import Markup

from tenant_app.repairs.models import Event, RepairUpdate
from tenant_app.web.locale import isolate, language, say, say_number, tell_day, tell_time


def line(update: RepairUpdate, reader: str, visit: Markup) -> Markup:
    """A line of a story that is no change of state, to the tenant or to the `desk`. `visit` is the one it is about."""
    if update.event is Event.CALLED_OFF and update.contractor is not None:
        return say("%(name)s called off the visit on %(visit)s.", name=isolate(update.contractor.known_as), visit=visit)
    if update.event is Event.CALLED_OFF:
        return say("The visit on %(visit)s is called off.", visit=visit)
    if update.event is Event.TIME:
        return say("Nobody told us otherwise for some time, so it was closed. It can still be opened again.")
    if update.event is Event.PHOTOS:
        return say_number("%(num)s photo was added.", "%(num)s photos were added.", photos_of(update))
    if update.worker is not None:
        return _by_worker(update, isolate((update.contractor or update.worker).known_as), visit)
    tenant = update.repair.tenant
    if reader == "desk" and tenant is not None:
        return _of_tenant(update, isolate(tenant.known_as), visit)
    return {
        Event.MESSAGE: say("You wrote to us."),
        Event.CHOSEN: say("You chose a time: %(visit)s.", visit=visit),
        Event.CANCELLED: say("You called off the visit on %(visit)s.", visit=visit),
        Event.NONE_FITS: say("You told us that none of the times suits you."),
        Event.FIXED_YES: say("You told us that it is fixed."),
    }[update.event]


def photos_of(line: RepairUpdate) -> int:
    """How many photos a line of `Event.PHOTOS` tells of. Once it is sent, none is taken out of a repair."""
    of_repair = line.repair
    later = [each.at for each in of_repair.updates if each.event is Event.PHOTOS and each.at > line.at]
    since = [each.added_at for each in of_repair.photos if each.added_at >= line.at]
    return len([moment for moment in since if not later or moment < min(later)])


def _by_worker(update: RepairUpdate, name: Markup, visit: Markup) -> Markup:
    if update.event is Event.NO_ACCESS and update.happened_at is not None:
        if update.contractor is not None:
            return say("%(name)s came on %(day)s, %(time)s, and could not get in.", name=name,
                       day=tell_day(update.happened_at), time=tell_time(update.happened_at))  # fmt: skip
        return say("Somebody came on %(day)s, %(time)s, and could not get in.", day=tell_day(update.happened_at),
                   time=tell_time(update.happened_at))  # fmt: skip
    if update.event in (Event.GIVEN, Event.TAKEN_BACK) and update.worker is not None:
        desk = isolate(update.worker.known_as)
        if update.event is Event.GIVEN:
            return say("%(name)s asked %(contractor)s to mend it.", name=desk, contractor=name)
        return say("%(name)s took it back from %(contractor)s.", name=desk, contractor=name)
    return {
        Event.MESSAGE: say("%(name)s wrote.", name=name),
        Event.OFFERED: say("%(name)s offered times to choose from.", name=name),
    }[update.event]


def _of_tenant(update: RepairUpdate, name: Markup, visit: Markup) -> Markup:
    return {
        Event.MESSAGE: say("%(name)s wrote.", name=name),
        Event.CHOSEN: say("%(name)s chose a time: %(visit)s.", name=name, visit=visit),
        Event.CANCELLED: say("%(name)s called off the visit on %(visit)s.", name=name, visit=visit),
        Event.NONE_FITS: say("%(name)s says that none of the times suits.", name=name),
        Event.FIXED_YES: say("%(name)s says that it is fixed.", name=name),
    }[update.event]


def method_words(method: str) -> str:
    """One way of trying to be let in: an id of `desk.METHODS`."""
    return {
        "knocked": gettext("Knocked on the door"), "rang": gettext("Rang the bell"),
        "phoned": gettext("Phoned"), "text": gettext("Sent a text message"), "card": gettext("Left a card"),
    }[method]  # fmt: skip


def methods_words(update: RepairUpdate) -> str:
    """`Knocked on the door, Left a card`; empty for a line that is no attempt."""
    names = [method_words(each) for each in update.methods or ()]
    return format_list(names, "unit", locale=language().locale) if names else ""


def star_words() -> list[str]:
    """How a repair went, from 1 to 5."""
    return [gettext("Not well at all"), gettext("Not so well"), gettext("All right"), gettext("Well"),
            gettext("Very well")]  # fmt: skip


def in_templates() -> dict[str, object]:
    """For the pages of both doors."""
    return {"method_words": method_words, "methods_words": methods_words, "star_words": star_words}
