"""Browser files that others wrote are what they say they are."""

from __future__ import annotations

import hashlib
import json

from tenant_app.web.assets import STATIC

VENDOR = STATIC / "vendor"
LISTED = json.loads((VENDOR / "manifest.json").read_text())


def test_each_vendored_file_has_the_bytes_that_were_checked_in() -> None:
    for part in LISTED:
        assert hashlib.sha256((VENDOR / part["file"]).read_bytes()).hexdigest() == part["sha256"], part["file"]


def test_each_vendored_file_is_listed_with_its_version_and_licence() -> None:
    for part in LISTED:
        assert part["name"] in part["file"]
        assert part["version"] in part["file"]
        assert part["licence"]
    files = {part["file"] for part in LISTED} | {part["licence_file"] for part in LISTED} | {"manifest.json"}
    assert files == {path.name for path in VENDOR.iterdir()}
