"""One web server around all runs: its socket, its start, its end."""

import socket
import ssl
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn

from server.app import make_app
from server.audit import Audit
from server.conversation import PATIENCE
from server.direct import DirectSocket
from server.guard import LOOPBACK
from server.limits import Limits
from server.runs import Runs
from server.tokens import Tokens
from twin.errors import CommandError

__all__ = ["Service"]

LONGEST_MESSAGE = 65536  # bytes; a client that sends more is cut off
GRACE = 2  # s for clients to close when the server ends
ASKED_EVERY, ANSWERED_WITHIN = 4.0, 5.0  # s; pings, to cut off who has stopped reading
UNREAD = 2**18  # bytes that the kernel keeps for a client that has not read them yet
STALLED = 20_000  # ms after which the kernel gives up on a peer that takes nothing


class Service:
    """A server that listens already and answers once it runs."""

    def __init__(
        self,
        runs: Runs,
        *,
        address: str,
        port: int,
        on_ready: Callable[[str], None] | None = None,
        patience: float = PATIENCE,
        origins: Sequence[str] = (),
        tokens: Tokens | None = None,
        limits: Limits | None = None,
        audit: Audit | None = None,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        """Listen.

        Args:
            runs: what is served.
            address: name or number of the network interface; 127.0.0.1 is this machine only.
            port: 0 takes any that is free.
            on_ready: told the page's address when it can be opened.
            patience: s in which a client must take what it is sent.
            origins: other sites whose pages may connect, such as https://plant.example.
            tokens: who may connect; None: everybody, which only this machine may be.
            limits: how much and how often.
            audit: where it is written down.
            tls: files of the certificate and of its key.

        Raises:
            CommandError: it can't listen there, or other machines could connect without a token.
        """
        limits = limits or Limits()
        if tls is not None:
            _check_tls(*tls)
        self.socket = _listen(address, port)
        self.address, self.port = self.socket.getsockname()[:2]
        is_here = ip_address(self.address.partition("%")[0]).is_loopback
        if not is_here and tokens is None:
            self.socket.close()
            rule = f"other machines can reach {address}: who connects there needs a token"
            way_out = "make one by `twin token NAME --role ROLE`, and serve with --tokens FILE"
            raise CommandError(f"{rule}; {way_out}")
        self.url = f"http{'' if tls is None else 's'}://{_in_url(address)}:{self.port}/"
        app = make_app(
            runs, names={*LOOPBACK, address, self.address} if is_here else None, origins=origins,
            on_failure=self._fail, patience=patience, tokens=tokens, limits=limits, audit=audit,
        )  # fmt: skip
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            ws=DirectSocket,
            ws_ping_interval=ASKED_EVERY,
            ws_ping_timeout=ANSWERED_WITHIN,
            ws_per_message_deflate=False,
            ws_max_size=LONGEST_MESSAGE,
            timeout_graceful_shutdown=GRACE,
            limit_concurrency=limits.connections,
            ssl_certfile=None if tls is None else tls[0],
            ssl_keyfile=None if tls is None else tls[1],
        )
        self._server = _Server(config, lambda: on_ready(self.url) if on_ready else None)
        self._error: BaseException | None = None

    def run(self) -> None:
        """Serve until `stop`, or until SIGINT or SIGTERM where this is the main thread.

        Raises:
            TwinError: the run could not be prepared.
        """
        try:
            self._server.run(sockets=[self.socket])
        except KeyboardInterrupt:
            pass  # Ctrl-C is how people end a server
        finally:
            self.socket.close()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Let `run` return soon; may be called from any thread."""
        self._server.should_exit = True

    def _fail(self, error: BaseException) -> None:
        self._error = error
        self.stop()


class _Server(uvicorn.Server):
    """Says when it is open; a signal ends it without ending the process."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._on_ready()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        self._captured_signals.clear()  # else uvicorn raises it again when all is closed


def _listen(address: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, target = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CommandError(f"can't listen on {address}: {error.strerror}") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNREAD)
        listener.bind(target)
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        way_out = "choose another port, or 0 for any that is free"
        raise CommandError(f"can't listen on {address} port {port}: {reason}; {way_out}") from None
    listener.set_inheritable(False)
    return listener


def _check_tls(certificate: Path, key: Path) -> None:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        reason = error.strerror or error
        rule = f"can't use the certificate {certificate} with the key {key}: {reason}"
        raise CommandError(f"{rule}; both must be PEM files that belong together") from None


def _in_url(address: str) -> str:
    name = {"0.0.0.0": "localhost", "::": "localhost", "": "localhost"}.get(address, address)  # noqa: S104
    return f"[{name}]" if ":" in name else name
