"""One account that nobody foresaw keeps nobody else's rent from being charged."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Person
from tenant_app.chores import apart
from tests.cast import Cast


def test_what_fails_for_one_is_undone_for_that_one_alone(session: Session, cast: Cast) -> None:
    people = [cast.amina, cast.tomasz, cast.salma]
    for person in people:
        with apart(session, "rename", person.id):
            row = session.get_one(Person, person.id)
            row.known_as = "changed"
            session.flush()
            if person is cast.tomasz:
                raise LookupError
    session.commit()
    found = {row.id: row.known_as for row in session.scalars(select(Person))}
    assert [found[person.id] == "changed" for person in people] == [True, False, True]
