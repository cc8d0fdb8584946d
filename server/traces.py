"""Traces of requests and of what is asked of runs, for a collector of OpenTelemetry (extra otel).

As the log, it is one for the process. Without a collector nothing is imported and nothing is done.
"""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Thread
from typing import Any

from twin.errors import CommandError

__all__ = ["end", "set_up", "span"]

TIMEOUT = 2  # s for the collector to take spans; also when the server ends
NAMES = {"method": "http.request.method", "path": "url.path", "op": "twin.op", "run": "twin.run"}

_held: dict[str, Any] = {}  # the provider and its tracer, while there is a collector


def set_up(collector: str) -> None:
    """Send spans to a collector.

    Args:
        collector: address of OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces; or empty.

    Raises:
        CommandError: the extra is not installed, or this is no address.
    """
    if not collector:
        return
    if not collector.startswith(("http://", "https://")):
        rule = "traces must be an address such as http://127.0.0.1:4318/v1/traces"
        raise CommandError(f"{rule}, got {collector!r:.80}")
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        way_out = "pip install 'factory-twin[otel]'"
        raise CommandError(f"traces need OpenTelemetry: {way_out}, or leave traces out") from None
    exporter = OTLPSpanExporter(endpoint=collector, timeout=TIMEOUT)
    provider = TracerProvider(resource=Resource.create({"service.name": "factory-twin"}))
    provider.add_span_processor(BatchSpanProcessor(exporter, export_timeout_millis=TIMEOUT * 1000))
    _held.update(provider=provider, tracer=provider.get_tracer("factory-twin"))


def span(
    name: str, headers: Mapping[str, str] | None = None, **attributes: str
) -> AbstractContextManager[Any]:
    """Something that takes time, as long as the context lasts.

    Args:
        name: a short one, of which there are few.
        headers: of a request, which may say of which trace it is a part.
        attributes: method, path, op or run.
    """
    tracer = _held.get("tracer")
    return nullcontext() if tracer is None else _span(tracer, name, headers, attributes)


@contextmanager
def _span(
    tracer: Any, name: str, headers: Mapping[str, str] | None, attributes: Mapping[str, str]
) -> Generator[Any]:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    given = headers or {}
    known = {key: given[key] for key in ("traceparent", "tracestate") if key in given}
    context = TraceContextTextMapPropagator().extract(known) if known else None
    named = {NAMES[key]: value for key, value in attributes.items()}
    with tracer.start_as_current_span(name, context=context, attributes=named) as made:
        yield made


def end() -> None:
    """Send what is left, if the collector takes it in time."""
    provider = _held.pop("provider", None)
    _held.clear()
    if provider is not None:
        last = Thread(target=provider.shutdown, daemon=True)
        last.start()
        last.join(TIMEOUT)
