"""Photos as iPhones keep them: what becomes of them where the library for it is there, and what is said where it is not."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tenant_app.web import photos
from tenant_app.web.photos import NotAPhoto, TooLarge, keep, made_anew
from tests.faults.hostile_heics import broken, from_an_iphone, heic, moving, too_much
from tests.faults.hostile_pictures import SECRET
from tests.repairs.reporting import add, begin
from tests.repairs.test_photos import MEMORY


def test_a_heic_is_kept_as_a_plain_upright_picture_that_tells_nothing(tmp_path: Path) -> None:
    original = from_an_iphone()
    assert b"Fairphone" in original
    assert SECRET in original

    stored = keep(BytesIO(original), tmp_path)

    kept = (tmp_path / stored.file).read_bytes()
    image = Image.open(BytesIO(kept))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (600, 800))
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)
    assert not any(word in kept for word in (b"Fairphone", SECRET, b"Exif"))
    grey = image.convert("L")
    assert grey.getpixel((300, 100)) < 20  # type: ignore[operator]
    assert grey.getpixel((300, 700)) > 235  # type: ignore[operator]


@pytest.mark.parametrize(("files", "refusal"), [(too_much, TooLarge), (broken, NotAPhoto)])
def test_a_heic_that_would_take_too_much_or_lies_is_turned_away(
    files: Callable[[], dict[str, bytes]], refusal: type[NotAPhoto], tmp_path: Path
) -> None:
    for what, content in files().items():
        with pytest.raises(refusal) as refused:
            keep(BytesIO(content), tmp_path)
        assert refused.type is refusal, what

    assert list(tmp_path.iterdir()) == []


def test_the_largest_heic_that_is_taken_in_needs_little_memory(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(heic((4_096, 3_072)))

    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / "photo")], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) < 180 * 1024  # kilobytes


def test_of_a_moving_heic_the_first_picture_is_kept() -> None:
    jpeg, size = made_anew(BytesIO(moving()))

    assert size == (300, 200)
    assert Image.open(BytesIO(jpeg)).getpixel((150, 100))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_the_library_a_heic_is_refused_in_words_and_not_asked_for(
    amina: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None)
    assert photos._formats() == ("JPEG", "PNG", "WEBP")
    monkeypatch.setattr(photos, "FORMATS", photos._formats())

    answer = add(amina, begin(amina), heic(), name="IMG_0042.HEIC")

    assert answer.status_code == 422
    assert "“IMG_0042.HEIC” is not a photo we can open. Send a JPEG or PNG." in answer.text
