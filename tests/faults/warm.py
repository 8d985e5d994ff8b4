"""Imported by the server that worker processes are forked from: it lives through one worker's life without any work.

What a process does once (mapping tables, reading catalogues, compiling statements) is then done for all of them.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import psycopg

from tenant_app import worker
from tests.faults import worker_process
from tests.faults.stage import empty_house

__all__ = ["psycopg", "worker_process"]

with empty_house("sqlite") as _settings, redirect_stdout(io.StringIO()):
    worker.run(_settings, once=True)
