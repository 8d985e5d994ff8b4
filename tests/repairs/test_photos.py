"""What is taken in as a photo, what becomes of it, and what is turned away."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tenant_app.web.photos import LONGEST_SIDE, MOST_ROUNDS, NotAPhoto, TooLarge, keep, made_anew, remove
from tests.repairs.pictures import TAKEN_IN, TURNED_AWAY, from_a_phone, jpeg, other, png_claiming


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", TURNED_AWAY)
def test_what_is_no_photo_is_turned_away_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotAPhoto):
        keep(BytesIO(TURNED_AWAY[name]), tmp_path)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", TAKEN_IN)
def test_a_photo_becomes_a_plain_jpeg(name: str, tmp_path: Path) -> None:
    stored = keep(BytesIO(TAKEN_IN[name]), tmp_path)

    with Image.open(tmp_path / stored.file) as image:
        image.load()
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (stored.width, stored.height))
        assert max(image.size) <= LONGEST_SIDE
        assert getattr(image, "n_frames", 1) == 1
    assert (tmp_path / stored.file).stat().st_size == stored.bytes
    assert [path.name for path in tmp_path.iterdir()] == [stored.file]


def test_where_it_was_taken_and_by_which_phone_is_gone(tmp_path: Path) -> None:
    original = from_a_phone()
    assert dict(Image.open(BytesIO(original)).getexif().get_ifd(0x8825))

    stored = keep(BytesIO(original), tmp_path)

    kept = (tmp_path / stored.file).read_bytes()
    image = Image.open(BytesIO(kept))
    assert dict(image.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "dpi", "xmp"} & set(image.info)
    assert b"Fairphone" not in kept
    assert b"taken at home" not in kept
    assert b"Exif" not in kept


def test_a_photo_taken_sideways_stands_upright() -> None:
    packed, size = made_anew(BytesIO(from_a_phone()))

    assert size == (600, 800)
    image = Image.open(BytesIO(packed)).convert("L")
    assert (image.getpixel((300, 100)), image.getpixel((300, 700))) == (0, 255)


def test_what_is_see_through_lies_on_white() -> None:
    packed, _ = made_anew(BytesIO(other("PNG", "RGBA")))

    assert Image.open(BytesIO(packed)).getpixel((10, 10)) == (255, 255, 255)


def test_a_large_photo_keeps_its_shape() -> None:
    assert made_anew(BytesIO(jpeg((4000, 3000))))[1] == (1600, 1200)
    assert made_anew(BytesIO(other("PNG", "RGB", (3300, 1100))))[1] == (1600, 533)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    "picture",
    [png_claiming(30_000, 30_000), png_claiming(10_000, 5_001), other("WEBP", "RGB", (2500, 2001)),
     jpeg((4170, 4000), progressive=True), jpeg((50_000, 500))],
    ids=["bomb", "one row too many", "webp", "progressive", "thin"],
)  # fmt: skip
def test_what_is_too_large_to_unpack_is_said_to_be_so(picture: bytes) -> None:
    with pytest.raises(TooLarge):
        made_anew(BytesIO(picture))


def test_a_photo_with_more_behind_it_is_a_photo(tmp_path: Path) -> None:
    """As phones make them for bright skies and depth."""
    second, packed = Image.new("RGB", (60, 40), "red"), BytesIO()
    Image.new("RGB", (600, 400), "blue").save(packed, "MPO", save_all=True, append_images=[second])

    assert made_anew(BytesIO(packed.getvalue()))[1] == (600, 400)


def test_a_photo_that_goes_on_and_on_is_turned_away() -> None:
    whole = jpeg(progressive=True)
    last = whole[whole.rfind(b"\xff\xda") : -2]

    assert made_anew(BytesIO(whole[:-2] + last * 20 + whole[-2:]))
    with pytest.raises(NotAPhoto):
        made_anew(BytesIO(whole[:-2] + last * MOST_ROUNDS + whole[-2:]))


MEMORY = """
import resource, sys
from pathlib import Path
from tenant_app.web.photos import made_anew

with open(sys.argv[1], "rb") as picture:
    made_anew(picture)
status = Path("/proc/self/status")
if status.exists():  # what the parent had asked for before this process began does not count
    print(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1))
"""


@pytest.mark.parametrize(
    ("kind", "picture"),
    [
        ("png", other("PNG", "RGBA", (4_000, 4_000))),
        ("jpeg", jpeg((10_000, 5_000))),
        ("progressive", jpeg((4_000, 2_080), progressive=True, subsampling=0)),
        ("webp", other("WEBP", "RGBA", (2_500, 2_000))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_largest_that_is_taken_in_needs_little_memory(kind: str, picture: bytes, tmp_path: Path) -> None:
    """In a process of its own, because memory that was once asked for stays with a process."""
    (tmp_path / kind).write_bytes(picture)

    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path / kind)], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) < 180 * 1024  # kilobytes, of which an empty process takes 65


def test_a_file_that_is_gone_is_no_trouble_to_remove(tmp_path: Path) -> None:
    stored = keep(BytesIO(jpeg()), tmp_path)

    remove(tmp_path, stored.file, "never-was.jpg")
    remove(tmp_path, stored.file)

    assert list(tmp_path.iterdir()) == []
