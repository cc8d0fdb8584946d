"""What a Foxglove client has been told, and what it is owed. Knows nothing of sockets."""

import json
from collections import deque
from collections.abc import AsyncIterator, Iterator

from server.foxglove import words
from server.foxglove.board import Board
from server.foxglove.control import advertised
from server.foxglove.relay import Relay
from server.foxglove.words import FetchAsset, Level
from server.refusal import RefusalError
from twin.foxglove import NANOSECONDS, Channel, Scenery

__all__ = ["Telling"]

MOST_SUBSCRIPTIONS = 64
AHEAD = 3600  # s: how far the app's timeline goes beyond what the run has reached when it comes
CAPABILITIES = ("time", "services", "assets")


class Telling:
    """The state of one client's connection."""

    def __init__(self, *, has_controls: bool) -> None:
        """Begin with a client that knows nothing.

        Args:
            has_controls: whether its protocol knows playback control.
        """
        self._has_controls = has_controls
        self.channels: dict[int, Channel] = {}  # by subscription
        self.waiting: deque[str | bytes | FetchAsset] = deque()  # answers
        self._sent: dict[int, int] = {}  # version of the message or number of the note, likewise
        self._is_greeted = False
        self._time = self._control = self._epoch = -1  # that it was told
        self._error = ""

    def note_control(self, relay: Relay) -> bool:
        """It is told how time goes now; returns whether that is in another epoch."""
        did_seek = self._epoch not in (-1, relay.epoch)
        self._control, self._epoch = relay.control, relay.epoch
        return did_seek

    def subscribe(self, number: int, channel: int) -> None:
        """Send messages of a channel from now on.

        Raises:
            RefusalError: there is no such channel, or there are too many subscriptions.
        """
        if channel not in list(Channel):
            raise RefusalError("invalid", f"there is no channel {channel}")
        if number in self.channels:
            raise RefusalError("invalid", f"subscription {number} is there already")
        if len(self.channels) >= MOST_SUBSCRIPTIONS:
            rule = f"at most {MOST_SUBSCRIPTIONS} subscriptions may be open"
            raise RefusalError("limit", rule)
        self.channels[number] = Channel(channel)
        self._sent[number] = 0

    def unsubscribe(self, number: int) -> None:
        """Send no more messages of a subscription."""
        self.channels.pop(number, None)
        self._sent.pop(number, None)

    async def due(self, relay: Relay) -> AsyncIterator[str | bytes]:
        """What to send now, answers first; each item is looked up when the last one is gone."""
        if relay.error != self._error:
            self._error = relay.error
            yield words.status(Level.WARNING, relay.error or "the run answers again")
        if relay.board is None:
            return
        for greeting in self._greeting(relay, relay.board.scenery):
            yield greeting
        while self.waiting:
            item = self.waiting.popleft()
            yield await self._asset(relay, item) if isinstance(item, FetchAsset) else item
        if self._has_controls and relay.control != self._control:
            did_seek = self.note_control(relay)
            yield relay.playback(did_seek=did_seek)
        if relay.nanoseconds != self._time:
            self._time = relay.nanoseconds
            yield words.time(self._time)
        for number, channel in list(self.channels.items()):
            if number in self.channels:  # still
                for message in self._of_channel(relay, relay.board, number, channel):
                    yield message

    def _of_channel(
        self, relay: Relay, board: Board, number: int, channel: Channel
    ) -> Iterator[bytes]:
        if channel is Channel.EVENTS:
            for note, nanoseconds, data in list(relay.notes):
                if note > self._sent.get(number, note):
                    self._sent[number] = note
                    yield words.data_head(number, nanoseconds) + data
            return
        slot = board.slots[channel]
        if slot.version != self._sent[number]:
            self._sent[number] = slot.version
            yield slot.framed(number)

    def _greeting(self, relay: Relay, scenery: Scenery) -> Iterator[str]:
        """What there is, told once: Lichtblick forgets all schemas when it is told again."""
        if not self._is_greeted:
            self._is_greeted = True
            yield self._server_info(relay, scenery)
            yield words.advertise()
            yield advertised()

    def _server_info(self, relay: Relay, scenery: Scenery) -> str:
        sec, rest = divmod(relay.head * NANOSECONDS, 10**9)
        capabilities = [*CAPABILITIES, *(["playbackControl"] if self._has_controls else [])]
        begin, end = {"sec": 0, "nsec": 0}, {"sec": sec + AHEAD, "nsec": rest}
        return json.dumps(
            {
                "op": "serverInfo", "name": f"factory-twin: {scenery.name}",
                "capabilities": capabilities, "supportedEncodings": ["json"],
                "metadata": {"run": relay.run.id, "pack": scenery.digest},
                "sessionId": f"{relay.run.id}-{scenery.digest}",
                "dataStartTime": begin, "dataEndTime": end,
            }
        )  # fmt: skip

    async def _asset(self, relay: Relay, asked: FetchAsset) -> bytes:
        try:
            data, why = await relay.asset(asked.uri), ""
        except RefusalError as error:
            data, why = None, str(error)
        return b"".join(words.asset(asked.requestId, data, why))
