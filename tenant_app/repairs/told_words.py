"""What a tenant told with a report, in words, at both doors."""

from __future__ import annotations

from dataclasses import dataclass

from babel.lists import format_list
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from tenant_app.repairs import tree
from tenant_app.repairs.answers import Began, Severity
from tenant_app.repairs.models import Repair
from tenant_app.repairs.told import AtHome, ReportDetails, Times, details_of
from tenant_app.repairs.words import Named, spoken_name
from tenant_app.web.house import session
from tenant_app.web.locale import isolate, language, say

HOW_BAD = {
    Severity.WAIT: ("clock", _("It can wait"), _("A nuisance, but we manage.")),
    Severity.HARD: ("warn", _("It makes daily life hard"), _("We cannot cook, wash, sleep or keep warm as we should.")),
    Severity.DANGER: ("bell", _("It is dangerous now"), _("Somebody could be hurt.")),
}
SINCE = {
    Began.TODAY: _("Since today"), Began.WEEK: _("For some days"), Began.MONTH: _("For some weeks"),
    Began.LONGER: _("For months"),
}  # fmt: skip
AT_HOME = {
    AtHome.CONDITION: ("help", _("Somebody with a health condition or a disability")),
    AtHome.CHILD: ("ball", _("A child under 5")),
    AtHome.PREGNANT: ("user", _("Somebody who is pregnant")),
    AtHome.OLDER: ("walk", _("Somebody over 65")),
}
TIMES = {Times.MORNING: _("Mornings"), Times.AFTERNOON: _("Afternoons"), Times.EVENING: _("Early evenings")}


@dataclass(frozen=True)
class Told:
    """One report beside its own words, as lines to be read."""

    part: Named | None
    shared: bool
    how_bad: str
    """Empty where it was not said, as is `began`."""
    began: str
    at_home: list[str]
    access: list[Markup]

    @property
    def anything(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.part or self.shared or self.how_bad or self.began or self.at_home or self.access)


def told(repair: Repair) -> Told:
    """All of it. `repair` was found through whoever may see it."""
    details = details_of(session(), repair)
    return Told(
        part=tree.part_of(repair), shared=repair.shared,
        how_bad=str(HOW_BAD[repair.severity][1]) if repair.severity else "",
        began=str(SINCE[repair.began]) if repair.began else "",
        at_home=[str(AT_HOME[AtHome(each)][1]) for each in details.at_home] if details else [],
        access=_access(details) if details and not repair.shared else [],
    )  # fmt: skip


def _access(details: ReportDetails) -> list[Markup]:
    lines = []
    if details.times:
        times = format_list([str(TIMES[Times(each)]) for each in details.times], locale=language().locale)
        lines.append(say("Good times: %(times)s", times=times))
    if details.may_use_key is not None:
        lines.append(
            say("We may use our key if nobody is in") if details.may_use_key else say("Only when somebody is in")
        )
    if details.someone_with_me:
        lines.append(say("Somebody else is to be there as well"))
    if details.spoken:
        name = isolate(spoken_name(details.spoken))
        lines.append(
            say("Speaks %(language)s, with an interpreter", language=name) if details.interpreter
            else say("Speaks %(language)s", language=name)
        )  # fmt: skip
    elif details.interpreter:
        lines.append(say("An interpreter would help"))
    return lines
