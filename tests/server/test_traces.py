"""Traces reach a collector of OpenTelemetry, and a collector that is not there harms nothing."""

import signal
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.main import serve
from tests.server.serving import TIMEOUT, two_lines
from tests.server.test_settings import start
from twin.errors import CommandError

messages = pytest.importorskip(
    "opentelemetry.proto.collector.trace.v1.trace_service_pb2", reason="needs the extra otel"
)
PARENT = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Any]]]:
    """A collector's address, and the spans that it has got."""
    spans: list[Any] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers["content-encoding"] == "gzip":
                import gzip

                body = gzip.decompress(body)
            got = messages.ExportTraceServiceRequest.FromString(body)
            spans.extend(
                each
                for resource in got.resource_spans
                for scope in resource.scope_spans
                for each in scope.spans
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces", spans
    server.shutdown()
    thread.join()
    server.server_close()


def ended(process: Any) -> float:
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(TIMEOUT) == 0
    return time.monotonic() - begin


def test_requests_and_what_they_ask_of_runs_are_spans_of_one_trace(
    tmp_path: Path, collector: tuple[str, list[Any]]
):
    address, spans = collector
    process, url = start(tmp_path, f"traces={address}")
    with process:
        headers = {"traceparent": f"00-{PARENT}-b7ad6b7169203331-01"}
        deadline = time.monotonic() + TIMEOUT
        while httpx.get(f"{url}readyz").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        answer = httpx.get(f"{url}api/runs/default/figures", headers=headers, timeout=TIMEOUT)
        assert answer.status_code == 200
        assert ended(process) < 5.0
    ours = [each for each in spans if each.trace_id.hex() == PARENT]
    assert sorted(each.name for each in ours) == ["ask", "request"]
    request = next(each for each in ours if each.name == "request")
    asked = next(each for each in ours if each.name == "ask")
    assert asked.parent_span_id == request.span_id
    told = {each.key: each.value.string_value for each in request.attributes}
    assert told == {"http.request.method": "GET", "url.path": "/api/runs/default/figures"}


def test_a_collector_that_is_not_there_is_done_without(tmp_path: Path):
    process, url = start(tmp_path, "traces=http://127.0.0.1:9/v1/traces")
    with process:
        for _ in range(20):
            assert httpx.get(f"{url}healthz", timeout=TIMEOUT).status_code == 200
        assert ended(process) < 5.0


def test_an_address_that_is_none_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match="traces must be an address"):
        serve(two_lines(tmp_path), port=0, traces="localhost:4317")
