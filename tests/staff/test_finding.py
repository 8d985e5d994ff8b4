"""People are found by what somebody else types of their name: other accents, other keyboards, other apostrophes."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from staff_portal.finding import found_by, matches
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.names import LONGEST, fold
from tenant_app.accounts.rules import sweep, welcome_tenant
from tenant_app.database import new_id
from tests.cast import Cast

NAMES = {
    "Tomasz Wójcik": ("wojcik", "WÓJCIK", "tom woj", "Wo\u0301jcik"),
    "Łukasz Gałązka": ("lukasz galazka", "ŁUKASZ"),
    "Işıl Yıldız": ("isil yildiz", "IŞIL", "ışıl", "YILDIZ"),
    "İbrahim Güneş": ("ibrahim", "gunes", "İBRAHİM", "IBRAHIM"),
    "Seán O’Brien": ("sean o'brien", "obrien", "O`Brien", "oʼbrien"),
    "Nguyễn Thị Đào": ("nguyen thi dao", "NGUYỄN"),
    "Jürgen Strauß-Maß": ("strauss", "jurgen mass", "strauß-maß"),
    "أَحْمَد عبد الرَّحمٰن": ("احمد", "أحمد", "عبد الرحمن", "إحمد", "أحـــمد"),
    "فاطمة الزهراء": ("فاطمه", "الزهرا", "فاطمة"),
    "مصطفى آل يحيى": ("مصطفي", "ال يحيي"),
    "یوسف کریمی": ("يوسف", "كريمي"),
    "রহিমা খাতুন": ("রহিমা", "খাতুন"),
    "ተስፋዬ በቀለ": ("ተስፋዬ",),
    "Фёдор Йовович": ("федор", "ФЁДОР"),
    "陈美玲": ("美玲",),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_by_whatever_a_desk_types_of_it(name: str) -> None:
    missed = [typed for typed in NAMES[name] if not matches(typed, name)]

    assert missed == []


def test_names_that_differ_by_more_than_accents_stay_apart() -> None:
    assert not matches("amin", "Anim Waris")
    assert not matches("رحمن", "رحيم")
    assert not matches("রহিমা", "রহিম")
    assert matches("", "anybody")
    assert not matches("' ,", "anybody")


@pytest.mark.parametrize("hostile", ["\u202e\u2066evil\u2069", "\u200d\u200c", "👩🏽\u200d🚒" * 50, "a" * 100_000, "ﷺ" * 200])
def test_nothing_that_is_typed_breaks_the_folding(hostile: str) -> None:
    folded = fold(hostile)

    assert len(folded) <= LONGEST
    assert "\u202e" not in folded
    assert fold(folded) == folded


def test_the_database_finds_the_same_people(session: Session, cast: Cast) -> None:
    home = session.get_one(Property, cast.alma_road.id)
    for name in NAMES:
        welcome_tenant(session, name, building=home, flat="Flat ٩", moved_in_on=date(2026, 9, 1))
    session.flush()

    for name, typed in NAMES.items():
        for search in typed:
            found = session.scalars(select(Tenant.name).join(Tenant.building).where(found_by(search))).all()
            assert name in found, search
    assert len(session.scalars(select(Tenant).where(found_by("flat 9"))).all()) == len(NAMES)
    for odd in ("%", "_", "\\", "'", "100%"):
        assert session.scalars(select(Tenant).where(found_by(odd))).all() == []


def test_what_people_are_looked_for_by_follows_each_change(session: Session, cast: Cast) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    amina.known_as = "Mína"
    session.commit()
    assert session.scalars(select(Tenant.id).where(found_by("mina flat 4"))).all() == [amina.id]

    amina.name, amina.flat = "Hodan Warsame", "Flat 9"
    session.commit()

    assert session.scalars(select(Tenant).where(found_by("amina"))).all() == []
    assert session.scalars(select(Tenant.id).where(found_by("hodan 9"))).all() == [amina.id]


def test_people_written_in_bulk_are_found_after_the_next_sweep(session: Session, cast: Cast) -> None:
    session.execute(insert(Tenant), [{
        "id": new_id(), "name": "Zoë Bełz", "known_as": "Zoë", "sign_in_name": "zoe1", "property_id": cast.alma_road.id,
        "moved_in_on": date(2026, 9, 1),
    }])  # fmt: skip
    session.execute(update(Tenant).where(Tenant.id == cast.amina.id).values(sought=""))

    sweep(session)
    session.flush()

    assert session.scalars(select(Tenant.name).where(found_by("zoe belz"))).all() == ["Zoë Bełz"]
    assert session.scalars(select(Tenant.id).where(found_by("amina"))).all() == [cast.amina.id]


def test_a_caseload_is_in_the_order_of_the_names_without_their_accents(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    grace = session.get_one(Worker, cast.grace.id)
    for name in ("Łucja Zalewska", "Mina Adel", "İnci Kaya", "joe Bloggs"):
        welcome_tenant(
            session, name, building=session.get_one(Property, cast.alma_road.id), moved_in_on=date(2026, 9, 1),
            keyworker=grace,
        )  # fmt: skip
    session.commit()

    page = cast.at(staff_door, grace).get("/caseload").text

    names = ["Amina Warsame", "İnci Kaya", "joe Bloggs", "Łucja Zalewska", "Mina Adel", "Tomasz Wójcik"]
    assert sorted(names, key=page.index) == names
