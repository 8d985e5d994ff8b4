"""Who may open a photo, and what comes with it: each person by their role and by what ties them to its tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.kinds import Footing
from tenant_app.accounts.models import Property, Role, Tenant, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.inspections.models import Inspection, ItemPhoto
from tenant_app.repairs.models import RepairPhoto
from tenant_app.repairs.rules import raise_in_house, report, start_draft
from tenant_app.settings import Settings
from tenant_app.web import photos
from tests.cast import Cast
from tests.repairs.pictures import jpeg


@dataclass
class Shown:
    """Where photos are: of Amina's repair and her next one that she has not sent, of Tomasz's repair, of an inspection
    of her room that was signed off, of one that was not, and of the house she lives in."""

    repair: str
    draft: str
    toms: str
    room: str
    open_room: str
    house: str
    mixed: str
    """The photo of Tomasz's repair, under the address of Amina's."""
    mixed_rooms: str
    shared: str
    """Of a repair of Alma Road, which is nobody's own."""
    repair_file: str


def repaired(session: Session, tenant: Tenant, settings: Settings, colour: str, *, sent: bool) -> tuple[UUID, UUID, str]:
    one = photos.keep(BytesIO(jpeg(colour=colour)), settings.photos)
    draft = start_draft(session, tenant)
    draft.say_where(["kitchen"])
    draft.say_kind("leak", "", hazard=False)
    draft.say_words("It drips", language="en")
    photo = RepairPhoto(file=one.file, width=one.width, height=one.height, bytes=one.bytes, digest=one.digest)
    draft.photos.append(photo)
    session.flush()
    if sent:
        report(session, draft)
    return draft.id, photo.id, one.file


def of_house(session: Session, building: Property, by: Worker, settings: Settings) -> tuple[UUID, UUID]:
    one = photos.keep(BytesIO(jpeg(colour="black")), settings.photos)
    repair = raise_in_house(
        session, by, building, "lock", rooms=["shared-stairs"], words="", hazard=False, aware_at=clock.now()
    )
    photo = RepairPhoto(file=one.file, width=one.width, height=one.height, bytes=one.bytes, digest=one.digest)
    repair.photos.append(photo)
    session.flush()
    return repair.id, photo.id


def inspected(
    session: Session, building: Property, tenant: Tenant | None, by: Worker, settings: Settings, *, done: bool
) -> tuple[UUID, UUID]:
    one = photos.keep(BytesIO(jpeg()), settings.photos)
    it = Inspection(
        kind="room" if tenant else "fire-alarm-test", property_id=building.id, tenant=tenant, due_on=date(2026, 11, 26),
        items=[],
    )  # fmt: skip
    if done:
        it.done_on, it.finished_at, it.finished_by = date(2026, 11, 26), clock.now(), by
    photo = ItemPhoto(
        item="door", file=one.file, width=one.width, height=one.height, bytes=one.bytes, digest=one.digest,
        worker_id=by.id,
    )  # fmt: skip
    it.photos.append(photo)
    session.add(it)
    session.flush()
    return it.id, photo.id


@pytest.fixture
def shown(session: Session, cast: Cast, settings: Settings) -> Shown:
    amina, tomasz = session.get_one(Tenant, cast.amina.id), session.get_one(Tenant, cast.tomasz.id)
    grace, alma = session.get_one(Worker, cast.grace.id), session.get_one(Property, cast.alma_road.id)
    session.get_one(Worker, cast.marek.id).property_id = cast.mare_street.id
    repair, photo, file = repaired(session, amina, settings, "red", sent=True)
    draft, draft_photo, _ = repaired(session, amina, settings, "green", sent=False)
    toms, toms_photo, _ = repaired(session, tomasz, settings, "blue", sent=True)
    room, room_photo = inspected(session, alma, amina, grace, settings, done=True)
    open_room, open_photo = inspected(session, alma, amina, grace, settings, done=False)
    house, house_photo = inspected(session, alma, None, grace, settings, done=False)
    shared, shared_photo = of_house(session, alma, grace, settings)
    session.commit()
    return Shown(
        repair=f"/repairs/{repair}/photos/{photo}", draft=f"/repairs/{draft}/photos/{draft_photo}",
        toms=f"/repairs/{toms}/photos/{toms_photo}", room=f"/inspections/{room}/photos/{room_photo}",
        open_room=f"/inspections/{open_room}/photos/{open_photo}", house=f"/inspections/{house}/photos/{house_photo}",
        mixed=f"/repairs/{repair}/photos/{toms_photo}", mixed_rooms=f"/inspections/{house}/photos/{room_photo}",
        shared=f"/repairs/{shared}/photos/{shared_photo}", repair_file=file,
    )  # fmt: skip


WHAT = ("repair", "draft", "toms", "room", "open_room", "house", "mixed", "mixed_rooms", "shared")

OWN = (200, 404, 200, 200, 200, 200, 404, 404, 200)
NONE = (404,) * len(WHAT)
SHUT = (403,) * len(WHAT)
AWAY = (303,) * len(WHAT)


def asked(client: FlaskClient, shown: Shown) -> tuple[int, ...]:
    return tuple(client.get(getattr(shown, what)).status_code for what in WHAT)


def test_a_photo_opens_for_those_whose_it_is_and_who_see_to_it_and_for_nobody_else(
    tenant_door: Flask, staff_door: Flask, session: Session, cast: Cast, shown: Shown
) -> None:
    volunteer = welcome_worker(session, "Vera Voss", "vera@wrenfield.org.uk", Role.FACILITATOR)
    volunteer.footing = Footing.VOLUNTEER
    stranger = welcome_worker(session, "Cora Dunn", "cora@wrenfield.org.uk", Role.COORDINATOR)
    session.commit()
    #                     repair draft toms  room open_room house mixed mixed_rooms shared
    assert {
        "her own": asked(cast.at(tenant_door, cast.amina), shown),
        "her neighbour": asked(cast.at(tenant_door, cast.tomasz), shown),
        "in another house": asked(cast.at(tenant_door, cast.salma), shown),
        "signed out": asked(cast.at(tenant_door, None), shown),
        "their keyworker": asked(cast.at(staff_door, cast.grace), shown),
        "a keyworker of another house": asked(cast.at(staff_door, cast.marek), shown),
        "their coordinator": asked(cast.at(staff_door, cast.nasrin), shown),
        "a housing officer": asked(cast.at(staff_door, cast.devon), shown),
        "a facilitator": asked(cast.at(staff_door, cast.joana), shown),
        "a volunteer": asked(cast.at(staff_door, volunteer), shown),
        "an administrator": asked(cast.at(staff_door, cast.priya), shown),
        "signed out, of staff": asked(cast.at(staff_door, None), shown),
    } == {
        "her own": (200, 200, 404, 200, 404, 404, 404, 404, 404),
        "her neighbour": (404, 404, 200, 404, 404, 404, 404, 404, 404),
        "in another house": NONE,
        "signed out": AWAY,
        "their keyworker": OWN,
        "a keyworker of another house": NONE,
        "their coordinator": OWN,
        "a housing officer": OWN,
        "a facilitator": SHUT,
        "a volunteer": SHUT,
        "an administrator": SHUT,
        "signed out, of staff": AWAY,
    }  # fmt: skip

    # Grace supports Amina no longer, and somebody else's coordinator answers for her.
    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.get_one(Worker, cast.marek.id).coordinator_id = stranger.id
    session.commit()
    assert {
        "a former keyworker": asked(cast.at(staff_door, cast.grace), shown),
        "a former coordinator": asked(cast.at(staff_door, cast.nasrin), shown),
        "the new one": asked(cast.at(staff_door, cast.marek), shown),
    } == {
        "a former keyworker": (404, 404, 200, 404, 404, 200, 404, 404, 200),
        "a former coordinator": (404, 404, 200, 404, 404, 200, 404, 404, 200),
        "the new one": (200, 404, 404, 200, 200, 404, 404, 404, 404),
    }


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_photo_comes_as_a_picture_and_can_be_nothing_else(
    tenant_door: Flask, staff_door: Flask, cast: Cast, shown: Shown, settings: Settings
) -> None:
    amina, grace = cast.at(tenant_door, cast.amina), cast.at(staff_door, cast.grace)
    for client, address in ((amina, shown.repair), (amina, shown.room), (grace, shown.repair), (grace, shown.house)):
        headers = client.get(address).headers
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert headers["Content-Disposition"] == "inline; filename=photo.jpg"
        assert headers["Cache-Control"] == "private, max-age=86400"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"

    photos.remove(settings.photos, shown.repair_file)
    assert [client.get(shown.repair).status_code for client in (amina, grace)] == [404, 404]
