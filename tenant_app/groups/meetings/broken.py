"""Items that sound like something broken: a repair does not wait for a meeting, and their writer is told so."""

from __future__ import annotations

import re

BEGINNINGS = (
    "leak", "gas ", "smell of gas", "heating", "boiler", "broke", "flood", "hot water", "smoke alarm", "mould", "mold",
    "damp", "electric", "does not lock", "doesn't lock", "doesn’t lock", "wire", "drip", "blocked",
    "sızıntı", "sızıyor", "akıtıyor", "gaz ", "kombi", "kalorifer", "ısıtma", "kırık", "kırıl", "bozuk", "bozul", "küf",
    "rutubet", "elektrik", "sıcak su", "tıkan",
    "تسر", "غاز", "تدفئة", "مكسور", "انكسر", "عفن", "رطوبة", "كهرباء", "معطل", "تعطل", "ماء ساخن",
    "الماء الساخن", "مسدود",
)  # fmt: skip
"""How such words begin, in the languages of the app. Only a hint hangs on them, so one too many does no harm."""

_SOUNDS = re.compile("|".join(rf"(?<!\w)(?:ال|وال|بال)?{re.escape(word)}" for word in BEGINNINGS))


def sounds_broken(*texts: str) -> bool:
    """Whether one of these texts seems to ask for a repair."""
    return any(_SOUNDS.search(f"{text} ".casefold()) for text in texts)
