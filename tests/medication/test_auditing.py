"""Counts that two people vouch for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.medication.auditing import rules as auditing_rules
from tenant_app.medication.auditing.models import (
    AuditEntry,
    MedicationAudit,
    MedicineCount,
    Standing,
    expected_stock,
)
from tenant_app.medication.auditing.rules import (
    ActionNeeded,
    AlreadyCounted,
    Counting,
    CountsDiffer,
    NothingToCount,
    OwnCount,
    Superseded,
    count_again,
    count_month,
    countersign,
    may_confirm,
)
from tenant_app.medication.models import Medicine
from tenant_app.medication.rules import stop_medicine
from tenant_app.medication.sharing.rules import share_medicines, stop_sharing
from tests.cast import Cast
from tests.medication.conftest import LONDON, Shelf


def counted(shelf: Shelf, metformin: str = "25", sertraline: str = "13.5", **said: str) -> Counting:
    names = {"Metformin 500 mg": Decimal(metformin), "Sertraline 50 mg": Decimal(sertraline)}
    medicines = shelf.session.scalars(Medicine.of(shelf.tenant)).all()
    return Counting({medicine.id: names[medicine.name] for medicine in medicines if medicine.name in names}, **said)


@pytest.fixture
def expected(monkeypatch: pytest.MonkeyPatch) -> dict[str, Decimal]:
    """What the record leads one to expect, by name; not known for others."""
    known: dict[str, Decimal] = {}
    monkeypatch.setattr(auditing_rules, "expected_stock", lambda _session, medicine, _at: known.get(medicine.name))
    return known


@pytest.fixture
def audit(full_shelf: Shelf, expected: dict[str, Decimal], grace: Worker) -> MedicationAudit:
    return count_month(full_shelf.session, grace, full_shelf.tenant, counted(full_shelf), LONDON)


def test_where_nothing_is_known_nothing_is_guessed(audit: MedicationAudit, session: Session) -> None:
    session.commit()
    session.expire_all()

    assert audit.month == date(2026, 11, 1)
    assert [(count.name, count.counted, count.expected, count.discrepancy) for count in audit.latest.counts] == [
        ("Metformin 500 mg", Decimal("25.00"), None, None), ("Sertraline 50 mg", Decimal("13.50"), None, None),
    ]  # fmt: skip
    assert audit.standing is Standing.WAITING


def test_a_house_that_keeps_no_stock_expects_nothing(full_shelf: Shelf) -> None:
    shelf = full_shelf.session.scalars(Medicine.of(full_shelf.tenant)).all()

    assert [expected_stock(full_shelf.session, medicine, clock.now()) for medicine in shelf] == [None, None]


def test_a_difference_is_worked_out_and_needs_a_word_on_what_was_done(
    full_shelf: Shelf, expected: dict[str, Decimal], grace: Worker
) -> None:
    session, amina = full_shelf.session, full_shelf.tenant
    expected.update({"Metformin 500 mg": Decimal("22"), "Sertraline 50 mg": Decimal("13.5")})

    with pytest.raises(ActionNeeded) as needed:
        count_month(session, grace, amina, counted(full_shelf), LONDON)
    assert [(count.name, count.discrepancy) for count in needed.value.counts] == [("Metformin 500 mg", Decimal("3"))]
    assert session.scalar(select(func.count()).select_from(MedicationAudit)) == 0
    assert session.scalar(select(func.count()).select_from(MedicineCount)) == 0

    kept = count_month(session, grace, amina, counted(full_shelf, action="Rang the pharmacy."), LONDON)
    assert [count.discrepancy for count in kept.latest.counts] == [Decimal("3"), Decimal("0")]


def test_fewer_than_expected_is_below_nought(
    full_shelf: Shelf, expected: dict[str, Decimal], grace: Worker
) -> None:
    expected["Sertraline 50 mg"] = Decimal("14.25")

    audit = count_month(full_shelf.session, grace, full_shelf.tenant, counted(full_shelf, action="Noted."), LONDON)

    assert audit.latest.counts[1].discrepancy == Decimal("-0.75")


def test_only_what_is_still_taken_is_counted(full_shelf: Shelf, expected: dict[str, Decimal], grace: Worker) -> None:
    session, said = full_shelf.session, counted(full_shelf)
    metformin, _ = session.scalars(Medicine.of(full_shelf.tenant)).all()
    stop_medicine(session, metformin, LONDON)

    with pytest.raises(CountsDiffer):
        count_month(session, grace, full_shelf.tenant, said, LONDON)
    with pytest.raises(CountsDiffer):
        count_month(session, grace, full_shelf.tenant, Counting({}), LONDON)
    rest = {medicine_id: quantity for medicine_id, quantity in said.counts.items() if medicine_id != metformin.id}
    assert len(count_month(session, grace, full_shelf.tenant, Counting(rest), LONDON).latest.counts) == 1


def test_an_empty_shelf_is_not_counted(shelf: Shelf, grace: Worker) -> None:
    with pytest.raises(NothingToCount):
        count_month(shelf.session, grace, shelf.tenant, Counting({}), LONDON)


@pytest.mark.parametrize("quantity", ["-1", "10000", "NaN"])
def test_a_count_is_a_quantity(full_shelf: Shelf, grace: Worker, quantity: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        count_month(full_shelf.session, grace, full_shelf.tenant, counted(full_shelf, quantity), LONDON)

    assert full_shelf.session.scalars(select(MedicationAudit)).all() == []


def test_one_count_a_month_and_a_double_tap_is_one(
    full_shelf: Shelf, audit: MedicationAudit, grace: Worker, nasrin: Worker
) -> None:
    session, amina = full_shelf.session, full_shelf.tenant

    assert count_month(session, grace, amina, counted(full_shelf), LONDON) is audit
    with pytest.raises(AlreadyCounted) as already:
        count_month(session, nasrin, amina, counted(full_shelf, "24"), LONDON)
    assert already.value.audit is audit
    with clock.stopped_at(datetime(2026, 12, 1, 0, 30, tzinfo=UTC)):
        assert count_month(session, grace, amina, counted(full_shelf), LONDON).month == date(2026, 12, 1)


def test_two_who_count_at_the_same_moment_are_one_count(full_shelf: Shelf, cast: Cast) -> None:
    said = counted(full_shelf)
    full_shelf.session.commit()

    def one(worker: Worker) -> str:
        with cast.database.session() as session:
            try:
                count_month(
                    session, session.get_one(Worker, worker.id), session.get_one(Tenant, cast.amina.id), said, LONDON
                )
                session.commit()
            except AlreadyCounted:
                return "already"
            return "counted"

    with ThreadPoolExecutor(6) as crowd:
        fared = list(crowd.map(one, [cast.grace, cast.nasrin, cast.marek] * 2))

    assert len(full_shelf.session.scalars(select(MedicationAudit)).all()) == 1
    assert fared.count("counted") in (1, 2)  # a worker's second tap is their first


def test_nobody_is_their_own_second_person(audit: MedicationAudit, session: Session, grace: Worker) -> None:
    with pytest.raises(OwnCount):
        countersign(session, grace, audit, 1, LONDON, agreed=True)

    assert audit.standing is Standing.WAITING


def test_a_second_person_signs_and_then_nothing_changes(
    audit: MedicationAudit, session: Session, grace: Worker, nasrin: Worker, marek: Worker
) -> None:
    signed = countersign(session, nasrin, audit, 1, LONDON, agreed=True)
    assert (audit.standing, signed.second, signed.second_at) == (Standing.SIGNED, nasrin, clock.now())

    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        assert countersign(session, nasrin, audit, 1, LONDON, agreed=True).second_at == signed.counted_at
        for worker, agreed in ((nasrin, False), (marek, True), (marek, False)):
            with pytest.raises(Superseded):
                countersign(session, worker, audit, 1, LONDON, agreed=agreed, words="No")
    assert (audit.standing, audit.latest.second, audit.latest.second_words) == (Standing.SIGNED, nasrin, "")


def test_who_saw_something_else_says_what_and_it_is_open_again(
    audit: MedicationAudit, full_shelf: Shelf, session: Session, grace: Worker, nasrin: Worker
) -> None:
    with pytest.raises(ValueError):
        countersign(session, nasrin, audit, 1, LONDON, agreed=False)

    countersign(session, nasrin, audit, 1, LONDON, agreed=False, words="There is a second box in the drawer.")
    assert audit.standing is Standing.DISAGREED
    count_again(session, grace, audit, 1, counted(full_shelf, "53", because="The second box."), LONDON)

    assert audit.standing is Standing.WAITING
    assert [(entry.number, entry.standing) for entry in audit.entries] == [
        (2, Standing.WAITING), (1, Standing.DISAGREED)
    ]  # fmt: skip
    assert audit.entries[1].second_words == "There is a second box in the drawer."
    with pytest.raises(Superseded):
        countersign(session, nasrin, audit, 1, LONDON, agreed=True)
    countersign(session, nasrin, audit, 2, LONDON, agreed=True)
    assert audit.standing is Standing.SIGNED


def test_what_was_signed_is_put_right_by_another_entry_that_says_why(
    audit: MedicationAudit, full_shelf: Shelf, session: Session, grace: Worker, nasrin: Worker
) -> None:
    countersign(session, nasrin, audit, 1, LONDON, agreed=True)
    with pytest.raises(ValueError):
        count_again(session, grace, audit, 1, counted(full_shelf, "20"), LONDON)

    said = counted(full_shelf, "20", because="Counted the wrong box.")
    fresh = count_again(session, grace, audit, 1, said, LONDON)
    assert count_again(session, grace, audit, 1, said, LONDON) is fresh  # a double tap
    with pytest.raises(Superseded):
        count_again(session, nasrin, audit, 1, counted(full_shelf, "21", because="Me too."), LONDON)

    first = audit.entries[1]
    assert (first.number, first.agreed, first.counts[0].counted) == (1, True, Decimal("25"))
    assert audit.standing is Standing.WAITING


def test_of_two_words_at_the_same_moment_one_stands(audit: MedicationAudit, session: Session, cast: Cast) -> None:
    session.commit()

    def one(said: tuple[Worker, bool]) -> str:
        with cast.database.session() as own:
            try:
                theirs = own.get_one(MedicationAudit, audit.id)
                countersign(own, own.get_one(Worker, said[0].id), theirs, 1, LONDON, agreed=said[1], words="What I saw")
                own.commit()
            except Superseded:
                return "late"
            return "said"

    with ThreadPoolExecutor(2) as crowd:
        fared = list(crowd.map(one, [(cast.nasrin, True), (cast.marek, False)]))

    assert sorted(fared) == ["late", "said"]


def test_who_could_be_the_second_person(
    audit: MedicationAudit, session: Session, amina: Tenant, grace: Worker, nasrin: Worker, marek: Worker
) -> None:
    for worker in (grace, nasrin, marek):
        share_medicines(session, amina, worker, LONDON)
    stop_sharing(session, amina, nasrin)

    assert may_confirm(session, audit) == [marek]


def test_the_tenants_words_stand_beside(audit: MedicationAudit, session: Session, nasrin: Worker) -> None:
    countersign(session, nasrin, audit, 1, LONDON, agreed=True)
    before = audit.latest

    audit.add_words("I would like to do it on Sundays.", "en")
    session.flush()

    assert (audit.tenant_words, audit.tenant_wrote_at) == ("I would like to do it on Sundays.", clock.now())
    assert (audit.latest, len(audit.entries)) == (before, 1)


def test_a_worker_with_whom_others_share_finds_none_of_hers(
    audit: MedicationAudit, session: Session, tomasz: Tenant, grace: Worker
) -> None:
    share_medicines(session, tomasz, grace, LONDON)

    assert session.scalars(MedicationAudit.of(tomasz)).all() == []
    assert session.scalars(MedicationAudit.shared_with(grace)).all() == []
    assert session.scalars(select(AuditEntry)).all() == audit.entries
