"""A new VAPID key loses nobody: phones that subscribed with the old one are woken with it until they know the new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tenant_app.cli import main
from tenant_app.keys import open_keys, rotate_vapid
from tenant_app.reminders.models import State, Subscription
from tenant_app.worker import Worker
from tests.cast import Cast
from tests.reminders.conftest import Office
from tests.reminders.receiver import b64


@pytest.mark.parametrize("written_down", [True, False])
def test_a_phone_of_the_old_key_and_one_of_the_new_are_both_reached(office: Office, written_down: bool) -> None:
    """Phones of the first release have no key written down: they subscribed with the first there was."""
    old = office.phone(office.cast.amina)
    before = office.house.keys
    with office.database.step() as session:
        session.query(Subscription).update({"signed_with": before.vapid_public if written_down else ""})
    rotate_vapid(office.house.settings.instance)
    office.worker.house.database.close()
    office.worker = Worker(office.house.settings, "first")
    office.house = office.worker.house

    assert office.house.keys.vapid_public != before.vapid_public
    new = office.phone(office.cast.amina, "Firefox, Windows")
    with office.database.step() as session:
        found = session.query(Subscription).filter_by(endpoint=new.endpoint).one()
        found.signed_with = office.house.keys.vapid_public
    notice = office.dose(office.cast.amina)
    office.deliver()

    assert office.notice(notice).state is State.SENT
    assert [len(phone.pushes) for phone in (old, new)] == [1, 1]


def test_rotating_twice_keeps_every_key(office: Office) -> None:
    instance = office.house.settings.instance
    first = open_keys(instance).vapid
    rotate_vapid(instance)
    second = open_keys(instance).vapid
    rotate_vapid(instance)

    keys = open_keys(instance)
    assert keys.vapid_before == (first, second)
    assert keys.vapid not in keys.vapid_before
    assert all(path.stat().st_mode & 0o077 == 0 for path in (instance / "keys").iterdir())


def test_the_command_says_what_to_do_next(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOMEWARD_INSTANCE", str(office.house.settings.instance))

    assert main(["rotate-push-key"]) == 0
    assert "Start the doors and the workers again" in capsys.readouterr().out
    assert len(open_keys(office.house.settings.instance).vapid_before) == 1


def test_a_browser_may_name_one_of_our_keys_and_no_other(tenant_door: Flask, cast: Cast, office: Office) -> None:
    rotate_vapid(office.house.settings.instance)
    keys = open_keys(office.house.settings.instance)
    tenant_door.extensions["homeward"] = replace(tenant_door.extensions["homeward"], keys=keys)
    client = cast.at(tenant_door, cast.amina)
    old = office.house.keys.vapid_public
    kept = []
    for said in (old, b64(b"\4" * 65), 7, None):
        phone = office.receiver.phone(old)
        given = {"endpoint": phone.endpoint, "keys": {"p256dh": phone.p256dh, "auth": phone.auth}, "signedWith": said}
        assert client.post("/push/subscription", json=given).status_code == 200
        with office.database.session() as session:
            kept.append(session.query(Subscription).filter_by(endpoint=phone.endpoint).one().signed_with)

    assert kept == [old, keys.vapid_public, keys.vapid_public, keys.vapid_public]
