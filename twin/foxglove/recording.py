"""A run as an MCAP file: the same arguments give the same bytes, in memory that does not grow.

All times are those of the run, from 1970 on; there is no wall clock in a recording. Within the
file messages are in the order of their times. See https://mcap.dev/spec.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from mcap.writer import CompressionType, Writer
from numpy.typing import NDArray

from twin.core.record import STATE
from twin.core.state import DOWN
from twin.engine.command import Command
from twin.engine.poses import segments_now
from twin.engine.simulation import Simulation
from twin.errors import CommandError
from twin.foxglove import channels
from twin.foxglove.channels import CHANNELS, NANOSECONDS, Channel
from twin.foxglove.drawing import Boxes, Embedded
from twin.foxglove.models import Models
from twin.foxglove.movers import Movers, Placed
from twin.foxglove.scene import Scene
from twin.foxglove.scenery import Scenery
from twin.foxglove.transforms import Transforms
from twin.plant import Plant
from twin.units import TICKS_PER_SECOND, to_seconds

__all__ = ["FASTEST", "Gauge", "Recorded", "record_run"]

LIBRARY = "factory-twin"
CHUNK = 4 * 2**20  # bytes before they are compressed
MOST_EMBEDDED = 64 * 2**20  # bytes of models; compressed they are far less
FASTEST = 100.0  # looks a second
FIGURES_EVERY = 10 * TICKS_PER_SECOND
SLOTS = 64  # of parts, that there is room for at first

Rows = NDArray[Any]  # structured


class Gauge(Protocol):
    """Knows the key figures of a run."""

    def record(self, events: Any) -> None:
        """Take events in, of dtype EVENT."""
        ...

    def look(self, sim: Simulation) -> Any:
        """The figures now, with `totals`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What has been written."""

    seconds: float  # of the run
    messages: int
    looks: int


def record_run(
    plant: Plant,
    pack: tuple[bytes, bytes],
    out: BinaryIO,
    *,
    until: int,
    gauge: Gauge,
    start: int = 0,
    rate: float = 10.0,
    seed: int = 1,
    commands: Sequence[Command] = (),
    interpreted: bool = False,
    progress: Callable[[float], None] | None = None,
) -> Recorded:
    """Simulate a plant and write what can be seen of it.

    Args:
        plant: what exists.
        pack: its scene pack: `scene.json` and `prototypes.glb`.
        out: where to write; it is only written to, from its beginning on.
        until: the last tick.
        gauge: counts the key figures.
        start: the first tick that is written.
        rate: looks a second, of the run's time.
        seed: of the run.
        commands: carried out at their ticks, in rising order.
        interpreted: run the engine as plain Python.
        progress: told the share that is done.

    Raises:
        CommandError: the rate or the times are out of range, or a command can't be carried out.
        SceneError: the plant breaks a rule.
        RunError: the run can't go on.
    """
    if not 0 < rate <= FASTEST:
        raise CommandError(f"rate must be > 0 and <= {FASTEST:g} a second, got {rate:g}")
    if not 0 <= start <= until:
        rule = "a recording must begin at 0 or later, and before its end"
        raise CommandError(f"{rule}; got {to_seconds(start):g} s to {to_seconds(until):g} s")
    recording = _Recording(plant, pack, out, gauge=gauge, start=start)
    sim = Simulation(plant, seed=seed, motion=True, recorder=recording, interpreted=interpreted)
    due = [each for each in commands if each.tick <= until]
    for command in [each for each in due if each.tick < start]:
        sim.advance(command.tick)
        sim.apply(command)
    due = [each for each in due if each.tick >= start]
    for tick in _looks(start, until, rate):
        while due and due[0].tick <= tick:
            command = due.pop(0)
            sim.advance(command.tick)
            sim.apply(command)
        sim.advance(tick)
        recording.look(sim)
        if progress is not None:
            progress(tick / max(1, until))
    return recording.end(until)


def _looks(start: int, until: int, rate: float) -> list[int] | range:
    period = max(1, round(TICKS_PER_SECOND / rate))
    looks = range(start, until + 1, period)
    return looks if looks[-1] == until else [*looks, until]


class _Recording:
    """Writes what a simulation shows; makes a `twin.engine.simulation.Recorder`."""

    def __init__(
        self, plant: Plant, pack: tuple[bytes, bytes], out: BinaryIO, *, gauge: Gauge, start: int
    ) -> None:
        scene, prototypes = pack
        self._scenery = Scenery.read(scene)
        models = Models(prototypes)
        self._movers = Movers(self._scenery)
        self._scene = Scene(self._scenery, Embedded(models, MOST_EMBEDDED), Boxes(models))
        self._transforms = self._made(SLOTS)
        self._gauge, self._start = gauge, start
        self._names = [(place.path, place.name) for place in plant.places]
        self._notes: list[dict[str, Any]] = []
        self._down: set[int] = set()
        self._states: list[int] = []
        self._parts: bytes = b""
        self._figures_at = start
        self._looks = self._count = 0
        self._writer = Writer(out, chunk_size=CHUNK, compression=CompressionType.ZSTD)
        self._writer.start(profile="", library=LIBRARY)
        self._ids = {channel: self._register(channel) for channel in Channel}

    def record(self, events: Rows, segments: Rows) -> None:  # noqa: ARG002 - the world has them
        """Note what an operator wants to read."""
        self._gauge.record(events)
        for row in events[events["code"] == STATE]:
            place, is_down = int(row["place"]), int(row["value"]) == DOWN
            if is_down == (place in self._down):
                continue
            (self._down.add if is_down else self._down.discard)(place)
            path, name = self._names[place]
            kind, text = ("down", "is down") if is_down else ("up", "runs again")
            self._note(int(row["tick"]), kind, path, f"{name} {text}")

    def command(self, command: Command) -> None:
        """Note a command that was carried out."""
        words = (command.path or "The run", command.action, command.attribute)
        value = f"{command.value:g}" if command.value else ""
        text = " ".join(filter(None, (*words, value)))
        self._note(command.tick, "command", command.path, text)

    def look(self, sim: Simulation) -> None:
        """Write where all is, and what has changed since the last look."""
        tick, world = sim.now, sim.world
        self._write_notes()
        if not self._looks:
            self._write(Channel.STANDING, tick, self._scene.standing(together=True))
        states: list[int] = world.place.state.tolist()
        if states != self._states:
            self._states = states
            places, names = self._scenery.places, self._scenery.states
            self._write(Channel.STATES, tick, channels.states(tick, places, names, states))
            self._write(Channel.PLACES, tick, self._scene.places(states, tick * NANOSECONDS))
        placed = self._movers.place(segments_now(world), tick)
        self._write_movers(tick, placed)
        if tick >= self._figures_at:
            self._figures_at = tick + FIGURES_EVERY
            totals = self._gauge.look(sim).totals.tolist()
            self._write(Channel.FIGURES, tick, channels.figures(tick, totals))
        self._looks += 1

    def end(self, tick: int) -> Recorded:
        """Finish the file."""
        notes = {"seconds": f"{to_seconds(tick):.6f}", "pack": self._scenery.digest}
        self._writer.add_metadata("twin", {"name": self._scenery.name, **notes})
        self._writer.finish()
        seconds = to_seconds(tick - self._start)
        return Recorded(seconds=seconds, messages=self._count, looks=self._looks)

    def _write_movers(self, tick: int, placed: Placed) -> None:
        seen = b"".join(each.tobytes() for each in (placed.slot, placed.serial, placed.look))
        if seen != self._parts:
            self._parts = seen
            self._write(Channel.PARTS, tick, self._scene.parts(placed, tick * NANOSECONDS))
        if len(placed.rows) and placed.rows[-1] >= self._transforms.count:
            self._transforms = self._made(2 * int(placed.slot[-1]) + 2)
        self._write(Channel.TRANSFORMS, tick, self._transforms.write(placed, tick * NANOSECONDS))

    def _write_notes(self) -> None:
        for each in self._notes:
            self._write(Channel.EVENTS, each["tick"], channels.note(each))
        self._notes.clear()

    def _note(self, tick: int, kind: str, path: str, text: str) -> None:
        if tick >= self._start:
            self._notes.append({"tick": tick, "kind": kind, "path": path, "text": text})

    def _write(self, channel: Channel, tick: int, data: bytes) -> None:
        self._count += 1
        at = tick * NANOSECONDS
        self._writer.add_message(self._ids[channel], log_time=at, publish_time=at, data=data)

    def _register(self, channel: Channel) -> int:
        spec = CHANNELS[channel]
        schema = self._writer.register_schema(spec.schema_name, spec.schema_encoding, spec.schema)
        return self._writer.register_channel(spec.topic, spec.encoding, schema)

    def _made(self, slots: int) -> Transforms:
        return Transforms(self._movers.frame_names(slots))
