"""Bytes to one client of full accumulating belts: our stream against poses of all parts.

That is the worst case of the stream: the ways of all parts behind are told anew whenever the first
one leaves, since each may go no farther than the one ahead lets it. `tests.bench.fanout` measures
belts that stop as a whole, which tell each way once. Here a clock of ours goes at real time; the
peer is 28 bytes, position and quaternion in 32 bits, for what moves, 30 times a second.
"""

from collections.abc import Iterator

import numpy as np

from server.live import STEP, Live
from server.run import Run
from tests.bench.measure import Measure
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.plant import Place, Plant, Pose, connect
from twin.units import to_seconds, to_ticks

__all__ = ["measures"]

LINES, BELTS = 63, 4  # belts in a row on each line
LENGTH, SPEED, SPACING = 10.0, 0.5, 0.4  # m, m/s, m
INTERVAL = 1.0  # s from part to part; each is on a belt for 20 s
WARM_UP = 95.0  # s until every line is full
TOLD = 60.0  # s; the figures of all places come twice in it
POSE = 7 * 4  # bytes: position and quaternion in 32 bits
PICTURES = 30  # a second


def measures() -> Iterator[Measure]:
    """Bytes a second of one client of full belts, and how many times fewer than poses."""
    crowded, moving = bytes_per_second(crowded_plant())
    yield Measure(
        name="wire_vs_poses_crowded", unit="kB/s", ours=crowded / 1e3,
        peer="32-bit poses at 30 Hz", peer_value=moving * POSE * PICTURES / 1e3, sense="less",
        aim=0.01,
    )  # fmt: skip


def crowded_plant() -> Plant:
    """Lines of belts, on which a part a second goes from a source to a sink without a stop."""
    places: list[Place] = []
    for line in range(LINES):
        path, y = f"/Plant/Line_{line:03d}", 2.0 * line
        belts = [
            Place(
                path=f"{path}/Belt_{number}",
                params=Conveyor(length=LENGTH, speed=SPEED, spacing=SPACING),
                pose=Pose((LENGTH * number, y, 0.0)),
            )
            for number in range(BELTS)
        ]
        begin = Pose((0.0, y, 0.0))
        source = Place(path=f"{path}/In", params=Source(interval=INTERVAL), pose=begin)
        out = Place(path=f"{path}/Out", params=Sink(), pose=Pose((LENGTH * BELTS, y, 0.0)))
        places += connect([source, *belts, out])
    return Plant(places=tuple(places))


def bytes_per_second(plant: Plant) -> tuple[float, int]:
    """Bytes a second of a client at real time, and how many things move meanwhile."""
    run = Run(plant, seed=1)
    run.catch_up([], to_ticks(WARM_UP))
    wall = 0.0
    live = Live(run, clock=lambda: wall)
    live.welcome()
    for _ in range(round(1 / STEP)):
        wall += STEP
        live.step()
    total, first = 0, wall
    while wall - first < TOLD:
        wall += STEP
        total += sum(len(frame.data) for frame in live.step())
    return total / (wall - first), _moving(run)


def _moving(run: Run) -> int:
    parts = run.sim.world.part
    on_the_way = (parts.serial > 0) & (parts.track >= 0) & (parts.start != parts.end)
    ends = to_seconds(1) * np.asarray(parts.tick + parts.duration, np.float64)
    return int(np.count_nonzero(on_the_way & (ends > to_seconds(run.now))))
