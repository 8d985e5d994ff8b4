"""What stands in a cell is taken for what it says, or refused with a reason; nothing is guessed, and no float is near."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_app.rent.importing.cells import day_of, note_of, pence_of, reference_of
from tenant_app.rent.importing.problems import BadCell, Problem, Why, say_problem

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-26", TODAY), ("26/11/2026", TODAY), ("26 Nov 2026", TODAY), ("26 November 2026", TODAY),
        ("26-nov-2026", TODAY), (" 26/11/2026 ", TODAY), ("26/11/2026 00:00:00", TODAY), ("2026-11-26T00:00:00", TODAY),
        ("03/04/2026", date(2026, 4, 3)), ("3/4/2026", date(2026, 4, 3)), ("29 Feb 2024", date(2024, 2, 29)),
        ("1 Sept 2026", date(2026, 9, 1)), ("27/11/2027", date(2027, 11, 27)),
    ],
)  # fmt: skip
def test_days_in_three_styles(text: str, day: date) -> None:
    assert day_of(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Why.EMPTY), ("  ", Why.EMPTY), ("26/11/26", Why.SHORT_YEAR), ("26 Nov 26", Why.SHORT_YEAR),
        ("3-4-26", Why.SHORT_YEAR), ("11/26/2026", Why.DAY), ("31/02/2026", Why.DAY), ("26 Foo 2026", Why.DAY),
        ("tomorrow", Why.DAY), ("46352", Why.DAY), ("26/11/2026 14:31", Why.DAY), ("٢٦/١١/٢٠٢٦", Why.DAY),
        ("28/11/2027", Why.FAR_OFF), ("2099-01-01", Why.FAR_OFF), ("1900-01-01", Why.LONG_AGO),
        ("=TODAY()", Why.FORMULA), ("0000-00-00", Why.DAY),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_the_reason(text: str, why: Why) -> None:
    with pytest.raises(BadCell) as bad:
        day_of(text, TODAY)
    assert bad.value.why is why


@pytest.mark.parametrize(
    ("text", "pence"),
    [("14.20", 1420), ("12.5", 1250), ("£1,234.50", 123450), ("1234", 123400), ("£ 7", 700), ("0.01", 1), ("1,234", 123400),
     ("1 234.50", 123450), ("\u00a314.20", 1420), ("1,000,000.00", 100_000_000)],
)  # fmt: skip
def test_sums_are_whole_pence(text: str, pence: int) -> None:
    found = pence_of(text)

    assert found == pence
    assert type(found) is int


@pytest.mark.parametrize("text", ["(12.00)", "-12.00", "£-12", "-£12.00", "(£12.00)", "−12"])
def test_a_sum_below_nothing_is_taken_only_where_it_makes_sense(text: str) -> None:
    assert pence_of(text, may_be_below=True) == -1200
    with pytest.raises(BadCell) as bad:
        pence_of(text)
    assert bad.value.why is Why.NEGATIVE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Why.EMPTY), ("1.234,50", Why.COMMA), ("12,5", Why.COMMA), ("1234,50", Why.COMMA), ("12.505", Why.FINE),
        ("12.500", Why.FINE), ("1.234", Why.FINE), ("0", Why.NOTHING), ("0.00", Why.NOTHING), ("(0.00)", Why.NOTHING),
        ("1000000.01", Why.LARGE), ("9" * 400, Why.LARGE), ("1e3", Why.SUM), ("nan", Why.SUM), ("inf", Why.SUM),
        ("12.", Why.SUM), (".5", Why.SUM), ("$5", Why.SUM), ("twelve", Why.SUM), ("1,23,4", Why.SUM), ("12,34.5", Why.SUM),
        ("--1", Why.FORMULA), ("=1+1", Why.FORMULA), ("+14.20", Why.FORMULA), ("@A1", Why.FORMULA), ("-2+3", Why.FORMULA),
        ("\t14.20", Why.FORMULA), ("１２", Why.SUM),
    ],
)  # fmt: skip
def test_what_is_no_sum_is_refused_with_the_reason(text: str, why: Why) -> None:
    with pytest.raises(BadCell) as bad:
        pence_of(text)
    assert bad.value.why is why


@given(st.integers(1, 100_000_000), st.sampled_from(["{p}.{r:02d}", "£{p:,}.{r:02d}", "£{p}.{r:02d}", " {p:,}.{r:02d} "]))
def test_every_sum_comes_back_to_the_penny(pence: int, style: str) -> None:
    assert pence_of(style.format(p=pence // 100, r=pence % 100)) == pence


@given(st.text(max_size=30))
def test_whatever_stands_in_a_cell_is_taken_or_refused(text: str) -> None:
    reasons = []
    for read in (lambda: day_of(text, TODAY), lambda: pence_of(text, may_be_below=True), lambda: reference_of(text)):
        try:
            read()
        except BadCell as bad:
            reasons.append(say_problem(Problem(7, bad.why, bad.cell, "Transaction Date")))
    assert all(reason.startswith("Line 7: ") for reason in reasons)


@pytest.mark.parametrize(
    ("text", "why"),
    [("=1", Why.FORMULA), (" =1", Why.FORMULA), ("@x", Why.FORMULA), ("-1", Why.FORMULA), ("x" * 81, Why.LONG),
     ("charge:service:2026-11-27", Why.OURS), ("opening", Why.OURS), ("", Why.EMPTY)],
)  # fmt: skip
def test_a_reference_is_no_formula_and_none_of_ours(text: str, why: Why) -> None:
    with pytest.raises(BadCell) as bad:
        reference_of(text)
    assert bad.value.why is why


def test_a_note_is_text_on_one_line() -> None:
    assert note_of("=1+1\nThank you \x00") == "=1+1 Thank you"
    assert len(note_of("x" * 500)) == 120


def test_each_reason_is_said_in_words() -> None:
    for why in Why:
        words = say_problem(Problem(12, why, "x" * 100, "Transaction Date"))
        assert words.startswith("Line 12: ")
        assert len(words) < 200
    assert say_problem(Problem(3, Why.ACCOUNT, "100%d")) == "Line 3: no account has the reference “100%d”."
