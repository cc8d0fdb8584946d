"""Who may connect, and what browsers may do with our pages: pure ASGI, around the whole app."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LOOPBACK", "Guard"]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

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
    machine; the headers Origin and Host give both away.
    """

    def __init__(self, app: ASGIApp, *, names: Collection[str] | None) -> None:
        """Guard an app.

        Args:
            app: what is guarded.
            names: host names under which it may be reached; None is any.
        """
        self._app = app
        self._names = names

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
        if not self._is_welcome(headers, is_socket=scope["type"] == "websocket"):
            refusal = PlainTextResponse("this address is not served to that origin", 403)
            await refusal(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _is_welcome(self, headers: Headers, *, is_socket: bool) -> bool:
        host = headers.get("host", "")
        if self._names is not None and _name(host) not in self._names:
            return False
        origin = headers.get("origin")
        return not is_socket or origin is None or urlsplit(origin).netloc == host


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
