"""Figures of the server itself, as Prometheus reads them at /metrics."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from server.audit import Audit
from server.direct import Tally
from server.runs import Runs

__all__ = ["MEDIA_TYPE", "Metrics"]

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """Counters of one server; each server has a registry of its own."""

    def __init__(self) -> None:
        """Begin at 0."""
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.requests = Counter(
            "twin_requests", "Answers to HTTP requests", ["method", "status"], registry=registry
        )
        self.refusals = Counter(
            "twin_refusals", "Refusals at the door and of operations", ["code"], registry=registry
        )
        self.closes = Counter(
            "twin_socket_closes", "Sockets closed by the server", ["code"], registry=registry
        )
        self.operations = Counter(
            "twin_operations", "Operations over WebSocket that were done", ["op"], registry=registry
        )
        self.sockets = Gauge("twin_sockets", "Open WebSockets", registry=registry)
        self.received = Counter("twin_received_messages", "Messages in", registry=registry)
        self.tally = Tally()
        registry.register(_OfTally(self.tally))

    def watch(self, runs: Runs, audit: Audit) -> None:
        """Tell of these runs as well, whenever somebody reads."""
        self._registry.register(_OfRuns(runs, audit))

    def text(self) -> bytes:
        """All figures, as Prometheus reads them."""
        return generate_latest(self._registry)


class _OfTally(Collector):
    """What was sent; it is counted too often for a lock each time."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally

    def collect(self) -> Iterable[Metric]:
        yield CounterMetricFamily("twin_sent_messages", "Messages out", self._tally.messages)
        yield CounterMetricFamily("twin_sent_bytes", "Their bytes or characters", self._tally.bytes)


class _OfRuns(Collector):
    """What is asked of the runs only when somebody reads."""

    def __init__(self, runs: Runs, audit: Audit) -> None:
        self._runs = runs
        self._audit = audit

    def collect(self) -> Iterable[Metric]:
        states = GaugeMetricFamily("twin_runs", "Runs by state", labels=["state"])
        clients = GaugeMetricFamily("twin_clients", "Clients of a run", labels=["run"])
        ticks = GaugeMetricFamily("twin_run_tick", "Tick that a run shows", labels=["run"])
        counted: dict[str, int] = {}
        for run in self._runs.listed():
            counted[run.state] = counted.get(run.state, 0) + 1
            clients.add_metric([run.id], run.client_count)
            ticks.add_metric([run.id], run.summary()["tick"])
        for state, count in counted.items():
            states.add_metric([state], count)
        failures = GaugeMetricFamily("twin_audit_failures", "Lines of the audit log that are lost")
        failures.add_metric([], self._audit.failures)
        return [states, clients, ticks, failures]
