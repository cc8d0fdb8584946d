"""The web application: the viewer's page, scene packs, REST, and the live WebSocket."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

from server.api import api
from server.audit import Audit
from server.conversation import PATIENCE, converse
from server.gate import Gate
from server.guard import Guard
from server.limits import Limits
from server.metrics import MEDIA_TYPE, Metrics
from server.refusal import SOON, STATUS, RefusalError, to_json, told_again
from server.runs import Runs
from server.scenes import UPLOADS, scenes
from server.tokens import Tokens
from twin.errors import TwinError

__all__ = ["STATIC", "make_app"]

STATIC = Path(__file__).parent / "static"
FOREVER = "private, max-age=31536000, immutable"
MEDIA_TYPES = {"scene.json": "application/json", "prototypes.glb": "model/gltf-binary"}
LACKING = 1011  # close code: something of ours is missing
NOT_ALLOWED = 405
PACKS_KEPT = 16  # packed files
PACKING = 1  # gzip level: done once, while the first viewer waits


def make_app(
    runs: Runs,
    *,
    names: Collection[str] | None,
    on_failure: Callable[[BaseException], None],
    patience: float = PATIENCE,
    origins: Collection[str] = (),
    tokens: Tokens | None = None,
    limits: Limits | None = None,
    audit: Audit | None = None,
) -> Guard:
    """Make the application; its start starts the runs.

    Args:
        runs: what is served.
        names: host names under which it may be reached; None is any.
        on_failure: told when the first run can't be prepared.
        patience: s in which a client must take what it is sent.
        origins: other sites whose pages may connect.
        tokens: who may connect; None: everybody, as somebody at this machine.
        limits: how much and how often.
        audit: where it is written down.
    """
    audit, metrics = audit or Audit(), Metrics()
    metrics.watch(runs, audit)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        try:
            await runs.open()
        except RefusalError as error:
            on_failure(told_again(error))
        watching = asyncio.create_task(_watch(runs, on_failure))
        yield
        watching.cancel()
        await runs.close()

    app = FastAPI(
        title="Factory twin", lifespan=lifespan, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json",
    )  # fmt: skip

    async def health() -> dict[str, str]:
        return {"status": "ready" if runs.is_ready else "preparing"}

    async def ready() -> JSONResponse:
        told = await health()
        return JSONResponse(told, 200 if runs.is_ready else 503)

    async def figures() -> Response:
        return Response(metrics.text(), media_type=MEDIA_TYPE)

    app.add_api_route("/healthz", health, include_in_schema=False)
    app.add_api_route("/readyz", ready, include_in_schema=False)
    app.add_api_route("/metrics", figures, include_in_schema=False)
    app.add_api_route("/pack/{digest}/{file}", _pack_route(runs), include_in_schema=False)
    app.state.runs = runs
    app.include_router(api)
    app.include_router(scenes)
    app.add_exception_handler(TwinError, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(StarletteHTTPException, _not_served)

    async def live(socket: WebSocket) -> None:
        await converse(socket, runs, patience=patience, note=gate.note_operation)

    async def foxglove(socket: WebSocket) -> None:
        await _foxglove(socket, runs, patience=patience, note=gate.note_operation)

    app.add_api_websocket_route("/ws", live)
    app.add_api_websocket_route("/foxglove", foxglove)
    app.mount("/", _Viewer(directory=STATIC, html=True))
    page = (f"/{file.name}" for file in STATIC.iterdir())
    gate = Gate(
        app, tokens=tokens, is_open=("/", "/healthz", "/readyz", *page), limits=limits,
        metrics=metrics, audit=audit, uploads=UPLOADS,
    )  # fmt: skip
    return Guard(gate, names=names, origins=origins, on_refusal=gate.note_refusal)


async def _foxglove(socket: WebSocket, runs: Runs, **options: Any) -> None:
    try:
        from server.foxglove.client import converse as speak
    except ImportError:
        await socket.accept()
        await socket.close(
            LACKING, 'this server lacks a package: pip install "factory-twin[foxglove]"'
        )
        return
    await speak(socket, runs, **options)


async def _watch(runs: Runs, on_failure: Callable[[BaseException], None]) -> None:
    """Wait for the first run; without it there is nothing to serve."""
    if runs.is_empty:
        return
    try:
        await runs.first.wait()
    except RefusalError as error:
        if runs.first.state == "failed":
            on_failure(told_again(error))


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TwinError)
    told = to_json(error)
    headers = {"retry-after": "1"} if told["code"] in SOON else {}
    return JSONResponse(told, STATUS[told["code"]], headers)


async def _not_served(request: Request, error: Exception) -> Response:
    """What the framework itself refuses, in our form."""
    assert isinstance(error, StarletteHTTPException)
    path: str = request.scope["path"]
    if error.status_code == NOT_ALLOWED and path.startswith("/api/"):
        described: dict[str, Any] = request.app.openapi()["paths"]
        served = {method.upper() for name in described if _fits(name, path)
                  for method in described[name]}  # fmt: skip
        error.headers = {"allow": ", ".join(sorted(served))}
    code = "not_found" if error.status_code == STATUS["not_found"] else "invalid"
    told = {"code": code, "message": str(error.detail), "path": ""}
    return JSONResponse(told, error.status_code, error.headers)


def _fits(template: str, path: str) -> bool:
    """Whether a path is one of those that a template of the OpenAPI document means."""
    ours, theirs = template.split("/"), path.split("/")
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) and all(a.startswith("{") or a == b for a, b in pairs)


async def _malformed(_request: Request, error: Exception) -> Response:
    """As FastAPI tells it, without the input: that may not be fit for JSON."""
    assert isinstance(error, RequestValidationError)
    detail = [
        {"loc": [str(part) for part in each["loc"]], "msg": each["msg"], "type": each["type"]}
        for each in error.errors()
    ]
    return JSONResponse({"detail": detail}, 422)


def _pack_route(runs: Runs) -> Callable[..., Response]:
    """The route to the scene packs' files."""

    @lru_cache(maxsize=PACKS_KEPT)
    def packed(body: bytes) -> bytes:
        return gzip.compress(body, PACKING, mtime=0)

    def pack(request: Request, digest: str, file: str) -> Response:
        made = runs.pack(digest)
        bodies = (
            {} if made is None else {"scene.json": made.scene, "prototypes.glb": made.prototypes}
        )
        if file not in bodies:
            raise HTTPException(404, "there is no such pack; reload the page")
        headers = {"cache-control": FOREVER, "vary": "accept-encoding"}
        body = bodies[file]
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            body = packed(body)
        return Response(body, media_type=MEDIA_TYPES[file], headers=headers)

    return pack


class _Viewer(StaticFiles):
    """The built viewer; browsers ask each time whether it has changed."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["cache-control"] = "no-cache"
        return response
