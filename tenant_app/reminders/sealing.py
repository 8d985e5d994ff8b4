"""Encryption of messages for browsers (RFC 8291), here or in a process beside the worker. What is known of pywebpush
stands here.

`python -m tenant_app.reminders.sealing` is that process. It reads jobs and writes answers until its input ends:

    job:    public key of the browser (65 bytes), its secret (16), length of the message (4, network order), message
    answer: length (4), sealed message; length 0: it cannot be sealed
"""

from __future__ import annotations

import base64
import os
import signal
import struct

from pywebpush import WebPusher

LENGTH = struct.Struct("!I")
POINT, SECRET = 65, 16
_HEAD = POINT + SECRET + LENGTH.size
_READ_AT_ONCE = 1 << 16


class CannotSeal(ValueError):
    """The browser's key is no point on the curve, or whatever else pywebpush and its libraries stumble over."""


def seal(point: bytes, secret: bytes, plain: bytes) -> bytes:
    """The encrypted body of a push, with a key pair of its own. Raises `CannotSeal`."""
    keys = {"p256dh": base64.urlsafe_b64encode(point).decode(), "auth": base64.urlsafe_b64encode(secret).decode()}
    try:
        # Where it goes does not enter into it.
        sealed: bytes = WebPusher({"endpoint": "", "keys": keys}).encode(plain, "aes128gcm")["body"]
    except Exception as error:
        # They raise what they like: IndexError, ValueError, TypeError...
        raise CannotSeal(type(error).__name__) from error
    return sealed


def job(point: bytes, secret: bytes, plain: bytes) -> bytes:
    """A job as it is written."""
    return b"".join((point, secret, LENGTH.pack(len(plain)), plain))


def answers(told: bytearray) -> list[bytes]:
    """Whole answers at the beginning of what was read; they are taken from it."""
    found, at = [], 0
    while len(told) - at >= LENGTH.size:
        (length,) = LENGTH.unpack_from(told, at)
        ends = at + LENGTH.size + length
        if ends > len(told):
            break
        found.append(bytes(told[at + LENGTH.size : ends]))
        at = ends
    del told[:at]
    return found


def _answer(asked: bytearray) -> bytes:
    """Do the whole jobs at the beginning of what was read; they are taken from it."""
    done, at = [], 0
    while len(asked) - at >= _HEAD:
        (length,) = LENGTH.unpack_from(asked, at + POINT + SECRET)
        ends = at + _HEAD + length
        if ends > len(asked):
            break
        point, secret = bytes(asked[at : at + POINT]), bytes(asked[at + POINT : at + POINT + SECRET])
        try:
            sealed = seal(point, secret, bytes(asked[at + _HEAD : ends]))
        except CannotSeal:
            sealed = b""
        done += [LENGTH.pack(len(sealed)), sealed]
        at = ends
    del asked[:at]
    return b"".join(done)


def main() -> None:
    """Seal what comes in, until nothing can come any more."""
    # Whoever stops the worker stops all its processes; this one is needed until the last batch has gone out.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    asked = bytearray()
    while some := os.read(0, _READ_AT_ONCE):
        asked += some
        done = memoryview(_answer(asked))
        while done:
            done = done[os.write(1, done) :]


if __name__ == "__main__":
    main()
