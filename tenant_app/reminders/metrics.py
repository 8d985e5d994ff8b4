"""The engine's standing in Prometheus' words, read from the database at each scrape: any process can answer for all."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from tenant_app import clock
from tenant_app.reminders.models import State
from tenant_app.reminders.standing import Standing


def exposed(standing: Standing) -> bytes:
    """Prometheus' text format. No names, no addresses: counts, ages in seconds, and names of push services."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Standing(standing))
    return generate_latest(registry)


class _Standing(Collector):
    def __init__(self, standing: Standing) -> None:
        self.standing = standing

    def collect(self) -> Iterator[Metric]:
        now = self.standing
        yield GaugeMetricFamily("homeward_notices_planned", "Notices that wait for their time.", now.planned)
        yield GaugeMetricFamily("homeward_notices_due", "Notices whose time has come.", now.due)
        yield GaugeMetricFamily("homeward_notices_late", "Notices due for more than a minute.", now.late)
        yield GaugeMetricFamily(
            "homeward_notices_lateness_seconds", "Age of the oldest notice that is due.", now.lateness.total_seconds()
        )
        settled = GaugeMetricFamily(
            "homeward_notices_settled_last_day", "Notices settled in 24 hours.", labels=["state"]
        )
        for state in State:
            if state is not State.WAITING:
                settled.add_metric([str(state)], now.settled.get(state, 0))
        yield settled
        browsers = GaugeMetricFamily("homeward_push_browsers", "Browsers that take pushes.", labels=["service"])
        failing = GaugeMetricFamily(
            "homeward_push_browsers_failing", "Browsers whose last push was not accepted.", labels=["service"]
        )
        refused = GaugeMetricFamily(
            "homeward_push_refused_last_day", "Pushes refused in 24 hours.", labels=["service"]
        )
        for service in now.services:
            label = [service.name or "unknown"]
            browsers.add_metric(label, service.browsers)
            failing.add_metric(label, service.failing)
            refused.add_metric(label, service.refused)
        yield from (browsers, failing, refused)
        yield GaugeMetricFamily("homeward_workers", "Workers heard of lately.", sum(not w.silent for w in now.workers))
        beat = max((worker.beat_at for worker in now.workers), default=None)
        age = (clock.now() - beat).total_seconds() if beat else float("inf")
        yield GaugeMetricFamily("homeward_worker_silence_seconds", "Since a worker was last heard of.", age)
