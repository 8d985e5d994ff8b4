"""Key work in the demo: notes with answers, one that names mould and waits, one held back, tasks and papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from tenant_app import clock
from tenant_app.demo.people import GRACE, RESIDENTS
from tenant_app.demo.town import Town
from tenant_app.key_work.documents import Kind, add_document
from tenant_app.key_work.keeping import keep
from tenant_app.key_work.models import How, KeyWorkNote
from tenant_app.key_work.rules import Contact, Hold, answer, write_note
from tenant_app.key_work.tasks import add_task

TERMS = ["mould", "damp"]


@dataclass(frozen=True)
class Told:
    """A note of Grace's: whose (by their place among the residents), how many days ago, and what is in it."""

    resident: int
    day: int
    how: How
    happened: str
    opinion: str = ""
    agreed: str = ""
    minutes: int | None = None
    answered: str = ""
    written_later: int = 0
    """Days after the contact."""
    held: str = ""


NOTES = (
    Told(0, -30, How.VISIT, "We put the letters of the last month into three heaps: now, later, never.",
         "It went well because we had tea first.", "I ask the council about the second letter.", 60),
    Told(0, -16, How.CALL, "Amina rang. The machine took her card. We rang the bank together.", minutes=25,
         answered="I rang them myself in the end. You only sat next to me."),
    Told(0, -9, How.HERE, "She brought the library card. “I read two chapters on the bus,” she said.",
         "She is proud of this, and so am I.", "I bring the railcard form on Thursday.", 40, written_later=2),
    Told(0, -2, How.VISIT, "We cooked lentil soup. She did the cutting, I did the dishes.", minutes=75),
    Told(1, -12, How.HERE, "We filled in the form for the second shift.", "He wants to be left alone with it a bit.",
         minutes=30),
    Told(1, -3, How.VISIT, "Tomasz showed me the corner behind his bed. There is mould, as large as a hand.",
         "He has got used to it and would not have said so.", "I see to it that somebody looks.", 35),
    Told(2, -5, How.VISIT, "Her cousin came in twice while we talked and asked what we were writing.",
         "I am not sure that she can speak freely at home.", "We meet here next time.", 30,
         held="Her cousin reads her phone. She asked me not to have this on it."),
)  # fmt: skip


def work_together(town: Town) -> None:
    """Six weeks of it, with the first three residents."""
    for told in NOTES:
        note = _write(town, told)
        if told.answered:
            with town.at(told.day + 1, 20):
                answer(town.session, note, told.answered, note.tenant.language)
    _promise(town)
    _keep_papers(town)


def _write(town: Town, told: Told) -> KeyWorkNote:
    grace, zone = town.staff[GRACE.name], town.settings.zone
    tenant = town.tenants[RESIDENTS[told.resident].name]
    met_at = min(town.moment(told.day, 14, 30), town.now)
    with town.at(told.day + told.written_later, 16, 45):
        hold = Hold(told.held, clock.today(zone) + timedelta(days=14)) if told.held else None
        return write_note(
            town.session, grace, tenant,
            Contact(min(met_at, clock.now()), told.how, told.happened, told.opinion, told.agreed, told.minutes),
            terms=TERMS, zone=zone, hold=hold,
        )  # fmt: skip


def _promise(town: Town) -> None:
    grace, zone = town.staff[GRACE.name], town.settings.zone
    first, second = (town.tenants[resident.name] for resident in RESIDENTS[:2])
    with town.at(-30, 17):
        council = add_task(
            town.session, grace, first, "Ask the council about the second letter", clock.today(zone), zone=zone
        )
    with town.at(-26, 11):
        council.mark(grace, True)
    with town.at(-7, 17):
        day = town.today
        add_task(town.session, grace, first, "Bring the railcard form", day + timedelta(days=1), zone=zone)
        add_task(town.session, grace, second, "Ask for the rota of the kitchen", day - timedelta(days=1), zone=zone)


def _keep_papers(town: Town) -> None:
    first, grace = town.tenants[RESIDENTS[0].name], town.staff[GRACE.name]
    papers = (
        (-35, "Licence agreement, signed", Kind.AGREEMENT, _pdf(), True, False),
        (-15, "Letter about Housing Benefit", Kind.BENEFIT, _photo("Housing Benefit"), False, True),
        (-14, "Railcard", Kind.IDENTITY, _photo("Railcard"), False, False),
    )
    for day, title, kind, content, by_grace, shared in papers:
        with town.at(day, 12):
            stored = keep(BytesIO(content), town.settings)
            add_document(
                town.session, first, title, kind, file=stored.file, size=stored.bytes, digest=stored.digest,
                worker=grace if by_grace else None, shared=shared, language="en",
            )  # fmt: skip


def _photo(words: str) -> bytes:
    picture = Image.new("RGB", (900, 600), "#e8e2d4")
    ImageDraw.Draw(picture).text((80, 80), words, fill="#222222", font_size=64)
    packed = BytesIO()
    picture.save(packed, "JPEG")
    return packed.getvalue()


def _pdf() -> bytes:
    picture = Image.new("RGB", (620, 877), "white")
    ImageDraw.Draw(picture).text((60, 60), "Licence agreement", fill="black", font_size=36)
    packed = BytesIO()
    picture.save(packed, "PDF")
    return packed.getvalue()
