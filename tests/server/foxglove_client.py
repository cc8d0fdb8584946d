"""A client of Foxglove's WebSocket protocol for tests, which reads as Foxglove itself does."""

import asyncio
import base64
import json
from collections.abc import Callable
from struct import calcsize, pack, unpack_from
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from websockets.asyncio.client import ClientConnection, connect

__all__ = ["SPOKEN", "Foxglove", "address"]

SPOKEN: dict[str, Any] = {
    "subprotocols": ["foxglove.sdk.v1", "foxglove.websocket.v1"],
    "compression": None,
    "max_size": None,
    "max_queue": None,
}
DATA, TIME, CALLED, ASSET, STATE = 1, 2, 3, 4, 5


def address(port: int, **query: str) -> str:
    """Where a server's endpoint is."""
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return f"ws://127.0.0.1:{port}/foxglove?{more}"


class Foxglove:
    """Knows nothing but what the server advertises."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.info: dict[str, Any] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self.services: dict[str, int] = {}
        self.times: list[int] = []
        self.states: list[dict[str, Any]] = []  # of playback
        self.statuses: list[dict[str, Any]] = []
        self.messages: dict[str, list[tuple[int, Any]]] = {}
        self.answers: dict[int, Any] = {}  # of services
        self.assets: dict[int, bytes | str] = {}
        self._topics: dict[int, str] = {}
        self._readers: dict[str, Callable[[bytes], Any]] = {}

    @classmethod
    def open(cls, port: int, *, options: dict[str, Any] | None = None, **query: str) -> connect:
        return connect(address(port, **query), **SPOKEN | (options or {}))

    async def until(self, is_met: Callable[[], Any]) -> None:
        """Read until something holds."""
        while not is_met():
            self._take(await self.socket.recv())

    async def greet(self) -> None:
        await self.until(lambda: self.info and self.channels and self.services)

    async def subscribe(self, *topics: str) -> None:
        rows = []
        for topic in topics:
            number = len(self._topics) + 1
            self._topics[number] = topic
            self.messages[topic] = []
            rows.append({"id": number, "channelId": self.channels[topic]["id"]})
        await self.say(op="subscribe", subscriptions=rows)

    async def unsubscribe(self, topic: str) -> None:
        number = next(each for each, name in self._topics.items() if name == topic)
        await self.say(op="unsubscribe", subscriptionIds=[number])

    async def control(
        self, *, play: bool, speed: float, seek: int | None = None, name: str = "one"
    ) -> dict[str, Any]:
        """Use the time controls; returns the state that answers."""
        head = (3, 0 if play else 1, speed, seek is not None, seek or 0, len(name))
        await self.socket.send(pack("<BBfBQI", *head) + name.encode())
        await self.until(lambda: any(state["request"] == name for state in self.states))
        return next(state for state in self.states if state["request"] == name)

    async def call(self, service: str, **fields: Any) -> Any:
        number = len(self.answers) + 1
        head = pack("<BIII", 2, self.services[service], number, 4)
        await self.socket.send(head + b"json" + json.dumps(fields).encode())
        await self.until(lambda: number in self.answers)
        return self.answers[number]

    async def fetch(self, uri: str) -> bytes | str:
        number = len(self.assets) + 1
        await self.say(op="fetchAsset", uri=uri, requestId=number)
        await self.until(lambda: number in self.assets)
        return self.assets[number]

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def wait(self, topic: str, count: int = 1) -> list[tuple[int, Any]]:
        """So many more messages of a topic; what came before is dropped."""
        self.messages[topic].clear()
        await self.until(lambda: len(self.messages[topic]) >= count)
        return self.messages[topic]

    async def rest(self, seconds: float) -> None:
        """Read for a while."""
        try:
            async with asyncio.timeout(seconds):
                await self.until(lambda: False)
        except TimeoutError:
            pass

    def _take(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self._take_text(json.loads(message))
            return
        kind = message[0]
        if kind == DATA:
            _, number, nanoseconds = unpack_from("<BIQ", message)
            topic = self._topics[number]
            read = self._readers.setdefault(topic, reader(self.channels[topic]))
            self.messages[topic].append((nanoseconds, read(message[calcsize("<BIQ") :])))
        elif kind == TIME:
            self.times.append(unpack_from("<BQ", message)[1])
        elif kind == CALLED:
            _, _, number, length = unpack_from("<BIII", message)
            self.answers[number] = json.loads(message[13 + length :])
        elif kind == ASSET:
            _, number, failed, length = unpack_from("<BIBI", message)
            body = message[10:]
            self.assets[number] = body[:length].decode() if failed else body
        elif kind == STATE:
            names = ("status", "nanoseconds", "speed", "did_seek")
            _, *values, length = unpack_from("<BBQfBI", message)
            state = dict(zip(names, values, strict=True))
            self.states.append({**state, "request": message[19 : 19 + length].decode()})

    def _take_text(self, told: dict[str, Any]) -> None:
        match told["op"]:
            case "serverInfo":
                self.info = told
            case "advertise":
                self.channels = {each["topic"]: each for each in told["channels"]}
            case "advertiseServices":
                self.services = {each["name"]: each["id"] for each in told["services"]}
            case "serviceCallFailure":
                self.answers[told["callId"]] = told["message"]
            case "status":
                self.statuses.append(told)


def reader(channel: dict[str, Any]) -> Callable[[bytes], Any]:
    """Reads messages of a channel by nothing but its schema."""
    if channel["encoding"] == "json":
        return json.loads
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(base64.b64decode(channel["schema"])).file:
        pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName(channel["schemaName"])).FromString
