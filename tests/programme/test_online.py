"""A group that meets online: its link is for those who have a place."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.rules import book_place
from tests.cast import Cast
from tests.programme.series import series


def test_the_link_is_for_those_who_have_a_place(
    tenant_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    online = series(
        session, cast, place="", link="https://meet.example/cook", access_note="Captions are on", interpreter=("so",)
    )[0]
    book_place(session, amina, online)
    session.commit()
    address = f"/groups/{online.id}"

    hers, his = (cast.at(tenant_door, each).get(address).text for each in (cast.amina, cast.tomasz))

    assert 'href="https://meet.example/cook"' in hers
    assert "meet.example" not in his
    assert "meet.example" not in cast.at(tenant_door, cast.tomasz).get("/groups?show=all").text
    for page in (hers, his):
        assert "Online. With" in page
        assert "Captions are on" in page
        assert "Soomaali" in page
