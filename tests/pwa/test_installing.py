"""The app can be put on the home screen, by the browser's own measure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType

from tests.live import Live

pytestmark = pytest.mark.browser


def test_chromium_finds_nothing_that_keeps_it_from_being_installed(
    live: Live, browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> None:
    # In a profile of its own: what is private cannot be installed at all.
    with browser_type.launch_persistent_context(tmp_path / "profile", **browser_type_launch_args) as context:
        live.sign_in(context, live.cast.amina)
        page = context.new_page()
        page.goto(live.base_url)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        devtools = context.new_cdp_session(page)
        manifest = devtools.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert manifest["url"] == f"{live.base_url}/manifest.webmanifest"
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
