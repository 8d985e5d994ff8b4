"""Rights over a record in the demo: something put right, something still to be answered, sharing that ends soon."""

from __future__ import annotations

from datetime import timedelta

from tenant_app.accounts.consent import Category
from tenant_app.demo.people import RESIDENTS
from tenant_app.demo.town import Town
from tenant_app.support.record.models import Asked, RequestState
from tenant_app.support.record.rules import answer, ask
from tenant_app.support.sharing.rules import share


def ask_about_records(town: Town) -> None:
    """The first had their name put right and waits for another answer; the second shares check-ins for a few days."""
    first, second = (town.tenants[resident.name] for resident in RESIDENTS[:2])
    zone = town.settings.zone
    with town.at(-20, 12):
        put_right = ask(
            town.session, first, Asked.CORRECTION, ["accounts"], zone,
            words="My second name is spelled wrong on the letters.", language="en",
        )  # fmt: skip
    with town.at(-18, 10):
        assert first.keyworker is not None
        answer(town.session, first.keyworker, put_right, RequestState.DONE, "Thank you. It is right now.", "en")
    with town.at(-3, 16):
        wish = "I would like to start afresh."
        ask(town.session, first, Asked.ERASURE, ["messages"], zone, words=wish, language="en")
    with town.at(-30, 16):
        if second.keyworker is not None:
            ends = town.today + timedelta(days=9)
            share(town.session, second, Category.CHECK_INS, second.keyworker, zone, expires_on=ends)
