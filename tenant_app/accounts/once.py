"""A form that carries a key is done once, however often it arrives: asked by the gate of either door.

The key, and whose it is, come as headers or as fields of the form. Nothing is done for another person than the one
it was made as.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response, abort, after_this_request, g, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from tenant_app.accounts.models import Person
from tenant_app.accounts.replays import OtherBody, Replay, begin
from tenant_app.web.house import before_keeping, keep_now, session
from tenant_app.web.whose import tag_of

KEY, WHOSE = "Idempotency-Key", "X-Homeward-Whose"
DONE = "X-Homeward-Done"
"""On the answer: the key, once what was asked is kept. A phone says "saved" after this and nothing less."""
REFUSED = "X-Homeward-Refused"
"""`person`, when somebody else is signed in; `body`, when the key was used for something else; `answer`, when it cannot
be done and that is final: with the first two a 409, with the last also a page that says so."""
WORDS = "X-Homeward-Words"
"""What became of it, percent-encoded, for the list on the phone. Where to go on stands in `Content-Location`."""

ABOUT = frozenset({"idempotency_key", "whose", "tapped_at", "told", "shows"})
"""Fields about a form rather than of it: its key, whose it is, when it was tapped if it waited, what the list of what
waits calls it, and how its page shows it meanwhile. They make it no other form."""

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class _Told:
    """What the phone is to say became of it."""

    words: str
    page: str = ""
    refused: bool = False


def do_once(person: Person) -> AnyResponse | None:
    """None if the page is to be asked: for the first time, or because there is no key. Else the answer to a replay.

    The answer is remembered in the page's own transaction: both are kept, or neither.
    """
    key = _said(KEY, "idempotency_key")
    if not key:
        return None
    if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", key):
        abort(400)
    made_as = _said(WHOSE, "whose")
    if made_as and not hmac.compare_digest(made_as.encode(), tag_of(person.id).encode()):
        return _refuse("person")
    try:
        replay = begin(session(), person, key, _digest())
    except OtherBody:
        return _refuse("body")
    after_this_request(_tell(key))
    if not replay.status:
        g.replay = replay
        before_keeping(lambda answer: _remember(replay, answer))
        return None
    refused = replay.status >= 400
    g.told = _Told(replay.words, replay.location if refused else "", refused)
    if refused:
        return Response(status=replay.status) if by_script() else redirect(replay.location, 303)
    # What was shown the first time is not kept; there is nothing more to show.
    return redirect(replay.location, replay.status) if replay.location else Response(status=204)


def say_done(words: str) -> None:
    """Have the phone that sent a form with a key say what became of it, at every replay too. `words` are text."""
    g.told = _Told(words)


def say_refused(words: str, page: str) -> None:
    """What was asked cannot be done: `words`, which are text, say why, and `page` is where to go on.

    A form with a key was answered by this for good: a replay is refused likewise, even if it could be done by then,
    for its sender was told. Kept at once, whatever the status of the page that says so.
    """
    g.told = _Told(words, page, refused=True)
    replay: Replay | None = g.get("replay")
    if replay is not None:
        replay.answer(409, page, words)
        keep_now()


def _remember(replay: Replay, answer: Response) -> None:
    told: _Told | None = g.get("told")
    if not (told and told.refused):
        replay.answer(answer.status_code, answer.location or "", told.words if told else "")


def _said(header: str, field: str) -> str:
    said = request.headers.get(header, "")
    # A form of another kind is not read here: what may be sent of it is for its page to say.
    return said or (request.form.get(field, "") if request.mimetype == _FORM else "")


def _digest() -> str:
    digest = hashlib.sha256(request.path.encode("utf-8", "replace"))
    if request.mimetype in (_FORM, "multipart/form-data"):
        fields = sorted((name, value) for name, value in request.form.items(multi=True) if name not in ABOUT)
        digest.update(json.dumps(fields).encode())
        for name, file in sorted(request.files.items(multi=True), key=lambda one: (one[0], one[1].filename or "")):
            digest.update(json.dumps([name, file.filename]).encode())
            digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
            file.stream.seek(0)
    else:
        digest.update(request.get_data())
    return digest.hexdigest()


def by_script() -> bool:
    """Whether a script sent this, and will show its answer itself or not at all: then nothing is to be flashed, which
    would come up on whatever page is opened next."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def _tell(key: str) -> Callable[[Response], Response]:
    def tell(answer: Response) -> Response:
        told: _Told | None = g.get("told")
        if told and told.words:
            answer.headers[WORDS] = quote(told.words)
        if told and told.refused:
            answer.headers[REFUSED], answer.headers["Content-Location"] = "answer", told.page
            return answer
        if answer.status_code >= 400:
            return answer
        answer.headers[DONE] = key
        if by_script() and answer.location and not request.htmx:  # type: ignore[attr-defined]
            # A script would follow the redirect, and fetch a page that nobody looks at.
            answer.headers["Content-Location"] = answer.headers.pop("Location")
            answer.status_code = 204
            answer.set_data(b"")
        return answer

    return tell


def _refuse(why: str) -> AnyResponse:
    answer = make_response(render_template("error.html", kind=why), 409)
    answer.headers[REFUSED] = why
    return answer
