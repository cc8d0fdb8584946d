"""Who may connect, and what browsers may do with our pages: pure ASGI, around the whole app."""

from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.refusal import STATUS, RefusalError, to_json

__all__ = ["LOOPBACK", "Guard"]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

LOOKING = ("GET", "HEAD", "OPTIONS")  # no socket has a method
POLICY = (
    "default-src 'self'; connect-src 'self' ws: wss: blob:; img-src 'self' blob: data:; "
    "style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
SECURITY = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """Refuses foreign names and foreign pages, and adds security headers to every answer.

    A page of another site can open a WebSocket to us, and can make its own name point at this
    machine; the headers Origin and Host give both away. It can also send us requests, though not
    read the answers: it may only look.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        names: Collection[str] | None,
        origins: Collection[str] = (),
        on_refusal: Callable[[Scope, str], None] | None = None,
    ) -> None:
        """Guard an app.

        Args:
            app: what is guarded.
            names: host names under which it may be reached; None is any.
            origins: other sites whose pages may connect, such as https://plant.example.
            on_refusal: told of every refusal: the connection, and the code.
        """
        self._app = app
        named = {_name(urlsplit(origin).netloc) for origin in origins}
        self._names = None if names is None else {*names, *named}
        self._origins = frozenset(origin.rstrip("/") for origin in origins)
        self._on_refusal = on_refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"].endswith("http.response.start"):
                MutableHeaders(scope=message).update(SECURITY)
            await send(message)

        headers = Headers(scope=scope)
        if not self._is_welcome(headers, only_looks=scope.get("method") in LOOKING):
            if self._on_refusal is not None:
                self._on_refusal(scope, "origin")
            told = RefusalError("origin", "this address is not served to that origin")
            refusal = JSONResponse(to_json(told), STATUS["origin"])
            await refusal(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _is_welcome(self, headers: Headers, *, only_looks: bool) -> bool:
        host = headers.get("host", "")
        if self._names is not None and _name(host) not in self._names:
            return False
        origin = headers.get("origin")
        if only_looks or origin is None or origin in self._origins:
            return True
        try:
            return urlsplit(origin).netloc == host
        except ValueError:
            return False


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
