"""The web application: the viewer's page, scene packs, and the live WebSocket."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response, WebSocket
from fastapi.staticfiles import StaticFiles

from server.conversation import PATIENCE, converse
from server.guard import Guard
from server.host import Host

__all__ = ["STATIC", "make_app"]

STATIC = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"
MEDIA_TYPES = {"scene.json": "application/json", "prototypes.glb": "model/gltf-binary"}
PACKING = 1  # gzip level: done once, while the first viewer waits


def make_app(
    host: Host,
    *,
    names: Collection[str] | None,
    on_failure: Callable[[BaseException], None],
    patience: float = PATIENCE,
) -> Guard:
    """Make the application; its start starts the host.

    Args:
        host: the run to serve.
        names: host names under which it may be reached; None is any.
        on_failure: told when the host ends by an error.
        patience: s in which a client must take what it is sent.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncGenerator[None]:
        running = asyncio.create_task(host.run())

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()):
                on_failure(error)

        running.add_done_callback(ended)
        yield
        running.cancel()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    async def health() -> dict[str, str]:
        return {"status": "ready" if host.ready.is_set() else "preparing"}

    app.add_api_route("/healthz", health)
    app.add_api_route("/pack/{digest}/{file}", _pack_route(host))

    async def live(socket: WebSocket) -> None:
        await converse(socket, host, patience=patience)

    app.add_api_websocket_route("/ws", live)
    app.mount("/", _Viewer(directory=STATIC, html=True))
    return Guard(app, names=names)


def _pack_route(host: Host) -> Callable[..., Response]:
    """The route to the scene pack's files."""

    @cache
    def packed(body: bytes) -> bytes:
        return gzip.compress(body, PACKING, mtime=0)

    def pack(request: Request, digest: str, file: str) -> Response:
        made = host.pack
        bodies = (
            {} if made is None else {"scene.json": made.scene, "prototypes.glb": made.prototypes}
        )
        if made is None or digest != made.digest or file not in bodies:
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
