"""A tenant's medicines as one list for a pharmacist or an ambulance crew: in the tenant's language, and in English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask_babel import gettext
from markupsafe import Markup, escape

from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Food, Medicine, MedicineForm
from tenant_app.medication.words import days_words, food_words, form_words, gap_words, most_words
from tenant_app.web.locale import Language, isolate, language, speaking, tell_time

ENGLISH = "en"
"""What pharmacists and ambulance crews read here."""


@dataclass(frozen=True)
class Line:
    """One thing that is known of a medicine: `When`, `9:00 am, 9:00 pm`."""

    label: str
    words: str
    """Text, or markup with what was written in `<bdi>`."""


@dataclass(frozen=True)
class Column:
    """The whole list in one language."""

    language: Language
    title: str
    note: str
    """Who wrote it, and what it is not."""
    printed: str
    lines: list[list[Line]]
    """For each medicine of the sheet, in its order."""


@dataclass(frozen=True)
class Sheet:
    """What is printed."""

    tenant: str
    association: str
    names: list[str]
    """Of the medicines, as written."""
    columns: list[Column]
    """In the tenant's language first; in English beside it, unless that is the same."""


def sheet_of(tenant: Tenant, medicines: Iterable[Medicine], association: str, today: date) -> Sheet:
    """The medicines that go on, or will begin, as they stand on `today`."""
    listed = [medicine for medicine in medicines if medicine.goes_on(today)]
    codes = [language().code]
    if codes[0].partition("-")[0] != ENGLISH:
        codes.append(ENGLISH)
    return Sheet(
        tenant.name, association, [medicine.name for medicine in listed],
        [_column(code, tenant, listed, association, today) for code in codes],
    )  # fmt: skip


def _column(code: str, tenant: Tenant, medicines: Sequence[Medicine], association: str, today: date) -> Column:
    with speaking(code):
        return Column(
            language=language(),
            title=_with(gettext("Medicines of %(name)s"), name=isolate(tenant.name)),
            note=gettext("Written down by the tenant. This is not a prescription."),
            printed=_with(
                gettext("%(association)s, printed on %(day)s"), association=isolate(association), day=_date(today)
            ),
            lines=[list(_lines(medicine, today)) for medicine in medicines],
        )  # fmt: skip


def _lines(medicine: Medicine, today: date) -> Iterator[Line]:
    if medicine.form is not MedicineForm.OTHER:
        yield Line(gettext("Comes as"), form_words(medicine.form))
    yield from _amounts(medicine)
    if medicine.food is not Food.NO_MATTER:
        yield Line(gettext("Food"), food_words(medicine.food))
    if medicine.as_needed:
        yield from _as_needed(medicine)
    else:
        yield Line(gettext("When"), Markup(", ").join(tell_time(wall_time) for wall_time in medicine.wall_times))
        yield Line(gettext("Which days"), _days(medicine, today))
        yield from _most(medicine)
    if medicine.purpose:
        yield Line(gettext("What for"), isolate(medicine.purpose))
    yield Line(gettext("From"), _date(medicine.starts_on))
    if medicine.ends_on:
        yield Line(gettext("Until"), _date(medicine.ends_on))


def _amounts(medicine: Medicine) -> Iterator[Line]:
    for phase in medicine.phases:
        amount, day = isolate(phase.amount), _date(phase.first_day)
        yield Line(gettext("How much"), _with(gettext("%(amount)s, from %(day)s"), amount=amount, day=day))
    if medicine.amount and not medicine.phases:
        yield Line(gettext("How much"), isolate(medicine.amount))


def _as_needed(medicine: Medicine) -> Iterator[Line]:
    yield Line(gettext("When"), gettext("Only when it is needed"))
    if medicine.gap_minutes:
        yield Line(gettext("On the label"), gap_words(medicine.gap_minutes))
    yield from _most(medicine)


def _most(medicine: Medicine) -> Iterator[Line]:
    if medicine.most_in_24h:
        yield Line(gettext("On the label"), most_words(medicine.most_in_24h))


def _days(medicine: Medicine, today: date) -> str:
    words, pattern = days_words(medicine.pattern), medicine.pattern
    following = pattern.first_from(max(today, medicine.starts_on))
    if pattern.every_days == 1 or following is None:
        return words
    return _with(gettext("%(days)s, next on %(day)s"), days=words, day=_date(following))


def _date(day: date) -> str:
    """`26 November 2026`: a sheet is read long after it was printed."""
    return format_date(day, "long", locale=language().locale)


def _with(words: str, **values: object) -> Markup:
    return escape(words) % values
