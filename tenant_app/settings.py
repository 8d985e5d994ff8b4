"""What an association can set, from the environment, each with its meaning and a default that works.

Secrets are not here: `keys.py` makes them on first start and keeps them in the instance folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

HOUSE = Path(__file__).resolve().parent.parent

# Where browsers' push services live. Anything else that a browser hands us as an endpoint is refused, because
# an endpoint is an address that we would call from inside the association's network.
PUSH_SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)


@dataclass(frozen=True)
class Settings:
    """One reading of the environment. `Settings.from_environment()` in the product, keyword arguments in tests."""

    association: str = "Wrenfield Homes"
    """The name over the door. Also the name and title of the installed app."""

    app_name: str = "Homeward"
    """What the icon on the phone is called. Neutral on purpose: it must give nothing away."""

    instance: Path = HOUSE / "instance"
    """Folder of this association's own files: keys, the embedded database, photos."""

    database_url: str = ""
    """SQLAlchemy URL. Empty: an SQLite file in the instance folder. `postgresql://...` for more than one machine."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    """The wall clock that tenants live by."""

    tenant_url: str = "http://127.0.0.1:8000"
    """Public address of the tenants' door. Passkeys are bound to its host; https in real use."""

    staff_url: str = "http://127.0.0.1:8000/staff"
    """Public address of the staff door."""

    vapid_contact: str = ""
    """`mailto:` or `https:` contact that push services may use. Apple refuses made-up ones. Required to send."""

    push_services: tuple[str, ...] = PUSH_SERVICES
    """Hosts that may receive our pushes; `*.` stands for one or more labels."""

    push_receiver: str = ""
    """`host:port` of one push receiver that may have a private address: an association's own, or the tests'."""

    push_receiver_ca: str = ""
    """Path of the certificate authority of `push_receiver`, where it is not a public one."""

    smtp: str = field(default="", repr=False)
    """Mail server for reminders that no phone takes: `smtp://name:password@mail.example.org:587` (STARTTLS is
    demanded; `?tls=off` for a relay next door) or `smtps://...:465`. Empty: tenants cannot choose e-mail."""

    smtp_ca: str = ""
    """Path of the certificate authority of the mail server, where it is not a public one."""

    mail_from: str = ""
    """Address that those e-mails come from: `homeward@your-association.org`."""

    sms: tuple[str, ...] = field(default=(), repr=False)
    """Addresses of SMS providers as apprise writes them, `{to}` standing for the number, tried in turn:
    `twilio://SID:TOKEN@FROM/{to}`. With spaces between them. Empty, and no webhook: tenants cannot choose SMS."""

    sms_webhook: str = ""
    """https address of your own that sends texts: it is posted `{"to", "text", "id"}`. Goes before `sms`."""

    sms_webhook_key: str = field(default="", repr=False)
    """What `sms_webhook` recognises us by (HMAC-SHA256): at least 32 letters that nobody can guess."""

    sms_webhook_ca: str = ""
    """Path of the certificate authority of `sms_webhook`, where it is not a public one."""

    languages: tuple[str, ...] = ("en", "tr", "ar")
    """Languages offered, first the fallback."""

    translations: Path = HOUSE / "translations"
    """Folder of message catalogues."""

    content: Path = HOUSE / "content"
    """Folder of guides, group programmes and other Markdown."""

    review_first_weeks: int = 4
    """Weeks from moving in to the first review of the support plan. The association's own practice; so are the next
    two."""

    review_every_weeks: int = 12
    """Weeks from one review to the next, where the two agree on no other day."""

    review_change_days: int = 7
    """Days from a change of circumstances to the review that it asks for."""

    largest_upload: int = 12 * 1024 * 1024
    """Bytes. One request with photos; anything larger is answered 413 before it is read."""

    service_worker: bool = True
    """`HOMEWARD_SERVICE_WORKER=off` sends every phone a service worker that empties its caches and removes itself:
    for the day when a bad one got out. No page is kept for times without signal then, and no reminder arrives."""

    proxies: int = 0
    """How many proxies of our own stand before the doors. Only then is what they say of the visitor's address believed;
    tries at one-time codes are counted by it."""

    move_on_first_weeks: int = 4
    """Weeks after moving in at which a tenant is first asked to look over their move-on plan. Our policy, not a law."""

    move_on_weeks: int = 12
    """Weeks from one look at a move-on plan to the next. Our policy, not a law."""

    caseload_size: int = 12
    """How many tenants a keyworker supports by the association's own policy: coordinators see caseloads beside it."""

    read_alert: int = 30
    """How many different tenants' records one worker may open within ten minutes before coordinators and
    administrators are alerted. What counts is said in `accounts/read_alerts.py`."""

    metrics_token: str = ""
    """Secret that Prometheus shows at the staff door's `/metrics`, as a bearer token. Empty: no metrics."""

    repair_close_days: int = 14
    """Days after which a repair that we say is fixed is closed where the tenant said nothing; they can reopen it."""

    repairs_phone: str = ""
    """Number of the repairs desk, for contractors whose link leads nowhere any more. Empty: they are told to ring."""

    demo: bool = False
    """Set by `homeward demo` alone: the sign-in pages then say how to sign in as each demo person."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read `HOMEWARD_*` and `DATABASE_URL`. Raises `ValueError` naming the variable that is wrong."""
        given: dict[str, object] = {}
        if url := environment.get("DATABASE_URL"):
            given["database_url"] = url
        for name in ("association", "app_name", "tenant_url", "staff_url", "vapid_contact", "push_receiver",
                     "push_receiver_ca", "metrics_token", "smtp", "smtp_ca", "mail_from", "sms_webhook",
                     "sms_webhook_key", "sms_webhook_ca", "repairs_phone"):
            if value := environment.get(f"HOMEWARD_{name.upper()}"):
                given[name] = value
        for name in ("instance", "translations", "content"):
            if value := environment.get(f"HOMEWARD_{name.upper()}"):
                given[name] = Path(value).resolve()
        for name in ("push_services", "languages"):
            if value := environment.get(f"HOMEWARD_{name.upper()}"):
                given[name] = tuple(part.strip() for part in value.split(",") if part.strip())
        if value := environment.get("HOMEWARD_SMS"):
            given["sms"] = tuple(value.split())
        weeks, days = ("a number of weeks, from 1 to 104", 104), ("a number of days, from 1 to 365", 365)
        numbers = {
            "largest_upload": ("a number of bytes", None), "proxies": ("how many proxies stand before us", None),
            "review_first_weeks": weeks, "review_every_weeks": weeks, "review_change_days": days,
            "move_on_first_weeks": weeks, "move_on_weeks": weeks,
            "caseload_size": ("how many tenants a keyworker supports", None),
            "read_alert": ("how many tenants' records", None), "repair_close_days": days,
        }  # fmt: skip
        for name, (meaning, most) in numbers.items():
            if value := environment.get(f"HOMEWARD_{name.upper()}"):
                if not (value.isascii() and value.isdecimal()) or (most and not 1 <= int(value[:9]) <= most):
                    raise ValueError(f"HOMEWARD_{name.upper()} is {meaning}")
                given[name] = int(value)
        if value := environment.get("HOMEWARD_SERVICE_WORKER"):
            if value not in ("on", "off"):
                raise ValueError("HOMEWARD_SERVICE_WORKER is on or off")
            given["service_worker"] = value == "on"
        if value := environment.get("HOMEWARD_ZONE"):
            try:
                given["zone"] = ZoneInfo(value)
            except (KeyError, ValueError, OSError) as error:
                raise ValueError(f"HOMEWARD_ZONE is not a time zone: {value}") from error
        return cls(**given)  # type: ignore[arg-type]

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force, with the driver named."""
        if not self.database_url:
            return f"sqlite:///{self.instance / 'homeward.sqlite'}"
        for short in ("postgres://", "postgresql://"):
            if self.database_url.startswith(short):
                return "postgresql+psycopg://" + self.database_url.removeprefix(short)
        return self.database_url

    @property
    def photos(self) -> Path:
        """Folder of uploaded pictures, re-encoded; never served by a web server, only by the app."""
        return self.instance / "photos"

    @property
    def documents(self) -> Path:
        """Folder of papers that are no pictures; never served by a web server, only by the app."""
        return self.instance / "documents"

    @property
    def secure(self) -> bool:
        """Whether cookies are marked Secure: as soon as the public address is https."""
        return self.tenant_url.startswith("https://")
