"""What the house writes down about itself: one line of JSON an event, and never what a person wrote."""

from __future__ import annotations

import structlog


def keep_logs() -> None:
    """Set up structured logging for this process. Tracebacks come without values of variables, which are people's."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=False,
    )
