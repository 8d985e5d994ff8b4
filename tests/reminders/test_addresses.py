"""Addresses that stand in for phones: read strictly, agreed to, proven by a code, and forgotten when asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tenant_app import clock, tables
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import Expired, Locked, Wrong
from tenant_app.reminders.addresses import (
    CODE_LASTS,
    CODES_WITHIN,
    MOST_CODES,
    MOST_GUESSES,
    Address,
    BadAddress,
    Carrier,
    Spent,
    confirm,
    count_guess,
    fall_back_targets,
    new_code,
    note_outcome,
    put_address,
    read_email,
    read_mobile,
)
from tenant_app.reminders.answers import Kind, Outcome
from tests.conftest import THURSDAY
from tests.reminders.conftest import VALUE, given_address

assert tables.metadata.tables

EMAIL, SMS, SEAL = Carrier.EMAIL, Carrier.SMS, "a seal"


def guess(session: Session, address: Address, typed: str) -> None:
    count_guess(session, address)
    confirm(address, typed, SEAL)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("amina@example.org", "amina@example.org"), ("  Amina.W+home@Example.ORG ", "Amina.W+home@example.org"),
     ("amina@bücher.example", "amina@xn--bcher-kva.example"), ("o'neil_2@mail.co.uk", "o'neil_2@mail.co.uk")],
)  # fmt: skip
def test_an_email_address_is_read_as_it_was_meant(typed: str, kept: str) -> None:
    assert read_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "amina", "@example.org", "amina@", "amina@example", "amina@127.0.0.1", "amina@[127.0.0.1]", "a b@example.org",
     ".amina@example.org", "amina.@example.org", "a..b@example.org", "amina@-example.org", "amina@example..org",
     "amina@example.org, b@example.org", "amina@example.org\nBcc: b@example.org", '"a b"@example.org', "a@b@example.org",
     "Amina <amina@example.org>", "a" * 65 + "@example.org", "a@" + "b" * 64 + ".org", "a@" + "b." * 130 + "org",
     "amina@example.o", "amina@example.123", "émile@example.org", "amina@exam\u200bple\x00.org"],
)  # fmt: skip
def test_what_is_no_email_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        read_email(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("07700 900123", "+447700900123"), ("+44 7700 900123", "+447700900123"), ("0044 7700 900123", "+447700900123"),
     ("+44 (0)7700-900-123", "+447700900123"), ("٠٧٧٠٠ ٩٠٠١٢٣", "+447700900123"), ("+90 532 123 45 67", "+905321234567"),
     ("00 252 61 1234567", "+252611234567"), ("\u2066+44 7700 900123\u2069", "+447700900123"), ("07624 123456", "+447624123456")],
)  # fmt: skip
def test_a_mobile_number_is_read_however_it_was_written(typed: str, kept: str) -> None:
    assert read_mobile(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "0", "999", "020 7946 0018", "+44 20 7946 0018", "070 1234 5678", "07612 345678", "0770090012", "077009001234",
     "+0 123456789", "+12", "+1234567890123456", "7700900123x", "+44 7700 90012a", "07700900123;+447700900124", "++447700900123"],
)  # fmt: skip
def test_what_is_no_mobile_number_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        read_mobile(typed)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_or_refused_and_never_grows_a_header(typed: str) -> None:
    for read in (read_email, read_mobile):
        try:
            kept = read(typed)
        except BadAddress:
            continue
        assert kept.isascii() and kept.isprintable() and " " not in kept  # noqa: PT018
        assert read(kept) == kept


def test_an_address_is_used_only_after_its_code_was_typed_in(session: Session, amina: Tenant) -> None:
    address = put_address(session, amina, EMAIL, VALUE)
    code = new_code(session, address, SEAL)
    assert len(code) == 6
    assert code not in address.code_digest
    assert address.agreed_at == THURSDAY
    assert not address.usable
    assert fall_back_targets(session, [amina.id]) == {}
    guess(session, address, f" {code[:3]} {code[3:]} ")
    assert address.usable
    assert fall_back_targets(session, [amina.id]) == {amina.id: [address]}
    with pytest.raises(Expired):
        guess(session, address, code)


def test_a_code_is_guessed_at_five_times_and_not_once_more(session: Session, amina: Tenant) -> None:
    address = put_address(session, amina, EMAIL, VALUE)
    code = new_code(session, address, SEAL)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(MOST_GUESSES):
        with pytest.raises(Wrong):
            guess(session, address, wrong)
    with pytest.raises(Spent):
        guess(session, address, code)
    assert not address.usable


def test_a_code_is_worth_nothing_after_half_an_hour_or_at_another_address(
    session: Session, amina: Tenant, tomasz: Tenant
) -> None:
    mine, his = put_address(session, amina, EMAIL, VALUE), put_address(session, tomasz, EMAIL, VALUE)
    code = new_code(session, mine, SEAL)
    new_code(session, his, SEAL)
    his.code_digest = mine.code_digest  # whoever could write here still cannot move a proof to another person
    with pytest.raises(Wrong):
        guess(session, his, code)
    with clock.stopped_at(THURSDAY + CODE_LASTS), pytest.raises(Expired):
        guess(session, mine, code)
    with clock.stopped_at(THURSDAY + CODE_LASTS - timedelta(seconds=1)):
        guess(session, mine, code)
    assert mine.usable


def test_three_codes_an_hour_are_sent_to_a_person_whatever_they_remove(session: Session, amina: Tenant) -> None:
    for number in range(MOST_CODES):
        address = put_address(session, amina, EMAIL, f"amina{number}@example.org")
        new_code(session, address, SEAL)
        session.delete(address)
        session.flush()
    address = put_address(session, amina, SMS, "+447700900123")
    with pytest.raises(Locked) as locked:
        new_code(session, address, SEAL)
    assert locked.value.until == THURSDAY + CODES_WITHIN
    with clock.stopped_at(locked.value.until):
        new_code(session, address, SEAL)


def test_nobody_is_pestered_by_many_tenants_at_once(session: Session, amina: Tenant, tomasz: Tenant, salma: Tenant) -> None:
    for person, codes in ((amina, 2), (tomasz, 1)):
        address = put_address(session, person, EMAIL, VALUE)
        for _ in range(codes):
            new_code(session, address, SEAL)
    with pytest.raises(Locked):
        new_code(session, put_address(session, salma, EMAIL, VALUE), SEAL)


def test_a_new_code_ends_the_older_one(session: Session, amina: Tenant) -> None:
    address = put_address(session, amina, EMAIL, VALUE)
    first, second = new_code(session, address, SEAL), new_code(session, address, SEAL)
    if first != second:
        with pytest.raises(Wrong):
            guess(session, address, first)
    guess(session, address, second)


def test_another_address_has_to_be_proven_anew_and_the_same_one_not(session: Session, amina: Tenant) -> None:
    address = given_address(session, amina)
    assert put_address(session, amina, EMAIL, VALUE).usable
    assert not put_address(session, amina, EMAIL, "other@example.org").usable
    assert session.scalars(select(Address.value)).all() == ["other@example.org"]
    assert address.code_digest == ""


def test_one_address_may_be_two_peoples(session: Session, amina: Tenant, tomasz: Tenant) -> None:
    given_address(session, amina)
    given_address(session, tomasz)
    assert set(fall_back_targets(session, [amina.id, tomasz.id])) == {amina.id, tomasz.id}


def test_targets_are_found_for_everybody_in_one_question_email_first(
    session: Session, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    text, mail = given_address(session, amina, "+447700900123", SMS), given_address(session, amina)
    given_address(session, tomasz).refused_at = THURSDAY
    session.commit()
    asked: list[object] = []
    event.listen(session, "do_orm_execute", asked.append)
    found = fall_back_targets(session, [amina.id, tomasz.id, salma.id])
    assert len(asked) == 1
    assert found == {amina.id: [mail, text]}
    assert fall_back_targets(session, [amina.id], {SMS}) == {amina.id: [text]}


def test_what_became_of_a_letter_is_noted(session: Session, amina: Tenant) -> None:
    address = given_address(session, amina)
    later = THURSDAY + timedelta(hours=1)

    def after(kind: Kind, now: Any = THURSDAY) -> tuple[Any, ...]:
        note_outcome(session, address.id, Outcome(kind), now)
        session.refresh(address)
        return address.worked_at, address.failing_since, address.refused_at

    assert after(Kind.LATER) == (None, THURSDAY, None)
    assert after(Kind.OPERATOR, later) == (None, THURSDAY, None), "since the first time"
    assert after(Kind.UNTRIED, later) == (None, THURSDAY, None)
    assert after(Kind.ACCEPTED, later) == (later, None, None)
    assert after(Kind.REFUSED, later) == (later, None, later)
    assert not address.usable
    assert put_address(session, amina, EMAIL, VALUE).confirmed_at is None, "what was refused is proven anew"
