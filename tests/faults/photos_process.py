"""`python -m tests.faults.photos_process FOLDER WITHOUT [FILE...]`: sends files to the page for photos, and says on its
last line what came of it. A process of its own, because memory that was once asked for stays with one."""

from __future__ import annotations

import html
import json
import resource
import sys
import time
import warnings
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from tenant_app import create_app
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import choose_pin
from tenant_app.database import Database
from tenant_app.repairs.models import RepairPhoto
from tenant_app.repairs.rules import start_draft
from tenant_app.settings import Settings
from tenant_app.web import photos
from tests.faults.guards import swapped
from tests.faults.hostile_pictures import EITHER, KEPT, OUR_MARKS, REFUSED, SECRET, marks, packed
from tests.faults.photos import Outcome
from tests.faults.stage import empty_house, tenants

SAID = ("is not a photo we can open", "is too large a picture")


def main(folder: Path, without: str, only: Collection[str]) -> None:
    """All files of `folder`, or those named."""
    with empty_house("sqlite") as settings, ExitStack() as guards:
        _take_away(without, guards)
        print(json.dumps(asdict(_send_all(settings, folder, only))))


def peak_mb() -> float:
    """The most memory this process ever held, in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # what the parent had asked for before this process began does not count
        return int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / (1024 if sys.platform == "darwin" else 1)


def _take_away(without: str, guards: ExitStack) -> None:
    if without == "pixels":
        guards.enter_context(swapped(photos, "MOST_UNPACKED", 10**12))
        Image.MAX_IMAGE_PIXELS = None
        guards.enter_context(swapped(photos, "_refuse_large", lambda image: None))
    elif without == "anew":
        guards.enter_context(swapped(photos, "made_anew", lambda upload: (upload.read(), (1, 1))))
    elif without == "rounds":
        guards.enter_context(swapped(photos, "MOST_ROUNDS", 10**9))
    elif without:
        raise SystemExit(f"there is no guard called {without}")


@contextmanager
def _phone(settings: Settings, database: Database) -> Iterator[tuple[FlaskClient, str]]:
    """Somebody who is about to send photos: their browser, and the address of their report."""
    somebody = tenants(database, 1)[0]
    with database.step() as session:
        tenant = session.get_one(Tenant, somebody.id)
        choose_pin(tenant, "246813")
        visit, secret = Visit.begin(tenant, "tenant")
        session.add(visit)
        address = f"/repairs/{start_draft(session, tenant).id}"
    app = create_app(settings)
    phone = app.test_client()
    phone.set_cookie(COOKIES["tenant"], secret)
    yield phone, address
    app.extensions["homeward"].database.close()


def _send_all(settings: Settings, folder: Path, only: Collection[str]) -> Outcome:
    warnings.simplefilter("ignore")
    good = packed("JPEG", size=(200, 100))
    found = Outcome()
    database = Database(settings.database_url)
    with _phone(settings, database) as (phone, address):
        found.before_mb = round(peak_mb(), 1)
        for one in json.loads((folder / "list.json").read_text(encoding="utf-8")):
            if only and one["what"] not in only:
                continue
            content = (folder / one["content"]).read_bytes()
            began = time.perf_counter()
            sent = [(BytesIO(good), "good.jpg"), (BytesIO(content), one["name"], one["media_type"])]
            answer = phone.post(f"{address}/photos", data={"photos": sent, "then": "stay"})
            seconds = time.perf_counter() - began
            if seconds > found.slowest_seconds:
                found.slowest, found.slowest_seconds = one["what"], round(seconds, 2)
            _look(found, one, answer.status_code, html.unescape(answer.text), settings, database)
            _clear(phone, address, database)
    database.close()
    found.memory_mb = round(peak_mb(), 1)
    return found


def _look(found: Outcome, one: dict[str, str], status: int, page: str, settings: Settings, database: Database) -> None:
    what, becomes = one["what"], one["becomes"]
    found.files += 1
    if status >= 500:
        found.errors.append(what)
    with database.session(reads_only=True) as session:
        rows = set(session.scalars(select(RepairPhoto.file)))
    kept = {path.name: path.read_bytes() for path in settings.photos.iterdir()} if settings.photos.exists() else {}
    became = {2: KEPT, 1: REFUSED, 0: "lost"}[len(rows)]
    if became not in ((KEPT, REFUSED) if becomes == EITHER else (becomes,)):
        found.wrong.append(f"{what}: {became}")
    if became == "lost":
        found.lost.append(what)
    if status != (303 if became == KEPT else 422) or (became == REFUSED and not any(words in page for words in SAID)):
        found.unsaid.append(f"{what}: {status}")
    if any(SECRET in jpeg or not set(marks(jpeg)) <= OUR_MARKS for jpeg in kept.values()):
        found.telling.append(what)
    if set(kept) != rows:
        found.left_over.append(what)


def _clear(phone: FlaskClient, address: str, database: Database) -> None:
    with database.session(reads_only=True) as session:
        every = list(session.scalars(select(RepairPhoto.id)))
    for photo in every:
        phone.post(f"{address}/photos/{photo}/remove")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "", sys.argv[3:])
