"""Bytes to one client while 50,000 things move: our stream against poses of all of them.

The same run is told both ways, by a clock of ours at real time: everything that a client of the
whole plant gets (time, segments, states, figures, events), and for the peer only 32-bit positions
and quaternions of what moves, 28 bytes each, 30 times a second, without a header or a name.

Belts that stop as a whole tell each part's way once. Accumulating ones tell the ways of all parts
behind whenever the first one leaves, since each may go no farther than the one ahead lets it: that
is measured as well, on full belts, which is the worst case.
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

__all__ = ["measures", "moving_plant"]

LINES, FEW, BELTS = 630, 63, 4  # belts in a row on each line
LENGTH, SPEED, SPACING = 10.0, 0.5, 0.4  # m, m/s, m
INTERVAL = 1.0  # s from part to part; each is on a belt for 20 s
MOVING = 50_000
WARM_UP = 95.0  # s until every line is full
TOLD = 60.0  # s; the figures of all places come twice in it
POSE = 7 * 4  # bytes: position and quaternion in 32 bits
PICTURES = 30  # a second


def measures() -> Iterator[Measure]:
    """Bytes a second of one client, and how many times fewer than poses."""
    ours, moving = bytes_per_second(moving_plant(LINES, accumulating=False))
    if moving < MOVING:
        raise RuntimeError(f"only {moving} things move")
    yield Measure(
        name="wire_50000_moving", unit="kB/s", ours=ours / 1e3, floor=200, sense="less", aim=200
    )
    yield Measure(
        name="wire_vs_poses", unit="kB/s", ours=ours / 1e3, peer="32-bit poses at 30 Hz",
        peer_value=moving * POSE * PICTURES / 1e3, floor=0.01, sense="less", aim=0.01,
    )  # fmt: skip
    crowded, moving = bytes_per_second(moving_plant(FEW, accumulating=True))
    yield Measure(
        name="wire_vs_poses_crowded", unit="kB/s", ours=crowded / 1e3,
        peer="32-bit poses at 30 Hz", peer_value=moving * POSE * PICTURES / 1e3, sense="less",
        aim=0.01,
    )  # fmt: skip


def moving_plant(lines: int, *, accumulating: bool) -> Plant:
    """Lines of belts, on which a part a second goes from a source to a sink without a stop."""
    places: list[Place] = []
    for line in range(lines):
        path, y = f"/Plant/Line_{line:03d}", 2.0 * line
        belts = [
            Place(
                path=f"{path}/Belt_{number}",
                params=Conveyor(
                    length=LENGTH, speed=SPEED, spacing=SPACING, accumulating=accumulating
                ),
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
