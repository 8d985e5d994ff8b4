"""Days of the calendar are told in each language's own order, and in full."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tenant_app.web.locale import speaking, tell_day

TUESDAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("language", "told", "with_year"),
    [
        ("en", "Tuesday 1 December", "Tuesday, 1 December 2026"),
        ("tr", "1 Aralık Salı", "1 Aralık 2026 Salı"),
        ("ar", "الثلاثاء، 1 ديسمبر", "الثلاثاء، 1 ديسمبر 2026"),
    ],
)
def test_no_name_of_a_day_or_month_is_cut_short(tenant_door: Flask, language: str, told: str, with_year: str) -> None:
    with tenant_door.test_request_context(), speaking(language):
        assert (tell_day(TUESDAY), tell_day(TUESDAY, year=True)) == (told, with_year)
