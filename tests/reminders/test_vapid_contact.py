"""Push services want a real contact; a made-up one is found before they answer 403."""

from __future__ import annotations

import pytest

from tenant_app.reminders.push import vapid_problem

GOOD = [
    "mailto:it@wrenfield.org.uk", "mailto:it+push@a.b.wrenfield.org.uk", "https://wrenfield.org.uk",
    "https://wrenfield.org.uk/contact?team=it", "https://wrenfield.org.uk:8443/", "mailto:it@xn--wrnfield-d5a.xn--p1ai",
]  # fmt: skip
BAD = [
    "", "it@wrenfield.org.uk", "wrenfield.org.uk", "mailto:", "mailto:it", "mailto:@wrenfield.org.uk", "mailto:it@",
    "mailto:it@localhost", "mailto:it@LOCALHOST", "mailto:it@house.localhost", "mailto:it@printer.local",
    "mailto:it@house.internal", "mailto:it@127.0.0.1", "mailto:it@[127.0.0.1]", "mailto:it@wrenfield",
    "mailto:it@wrenfield.test", "mailto:it@-wrenfield.org", "mailto:it@wren field.org", "mailto:it@wrenfield..org",
    "mailto:a@b.org,c@d.org", "mailto:it@wrenfield.org.uk\n", "https://", "https://localhost", "https://localhost:8000/",
    "https://127.0.0.1/", "https://10.1", "http://wrenfield.org.uk", "https://it@wrenfield.org.uk", "https://[::1]/",
    "ftp://wrenfield.org.uk", "https://wrenfield.invalid/", "tel:+442079460000", "mailto:it@wrenfield.123",
]  # fmt: skip


@pytest.mark.parametrize("contact", GOOD)
def test_a_real_contact_is_taken(contact: str) -> None:
    assert vapid_problem(contact) is None


@pytest.mark.parametrize("contact", BAD)
def test_a_made_up_contact_is_refused_with_what_to_set(contact: str) -> None:
    assert "HOMEWARD_VAPID_CONTACT" in (vapid_problem(contact) or "")
