"""Alerts that wait, in Prometheus' words: counts, and no names."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.read_alerts import ReadAlert
from tenant_app.accounts.safeguarding import SafeguardingOverride


def exposed_alerts(session: Session) -> bytes:
    """Prometheus' text format. Two queries."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Alerts(session))
    return generate_latest(registry)


class _Alerts(Collector):
    def __init__(self, session: Session) -> None:
        self.session = session

    def collect(self) -> Iterator[Metric]:
        opened = select(func.count()).where(SafeguardingOverride.seen_at.is_(None))
        many = select(func.count()).where(ReadAlert.seen_at.is_(None))
        yield GaugeMetricFamily(
            "homeward_break_glass_unseen", "Openings for safety that nobody said they know of.",
            self.session.scalar(opened) or 0,
        )  # fmt: skip
        yield GaugeMetricFamily(
            "homeward_read_alerts_open", "Workers who opened many records in little time, not yet put away.",
            self.session.scalar(many) or 0,
        )  # fmt: skip
