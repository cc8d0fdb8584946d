"""Planning of moves: a batch of synchronised joint moves against ruckig, and what else we plan.

Both sides time the same moves of six joints from rest to rest. Ruckig synchronises phases, so that
its moves are straight in joint space as ours are, and is called once for each; ours plans them all
in one call, which is how a program or a study plans.
"""

from collections.abc import Iterator

import numpy as np

from tests.bench.measure import Measure, best
from tests.motion.hs220 import hs220
from twin.motion.batch import plan_moves
from twin.motion.blend import plan_blended
from twin.motion.crossing import crossings
from twin.motion.cubic import CubicTable
from twin.motion.tables import CubicTables
from twin.motion.tool_move import plan_tool_move
from twin.motion.tool_path import ToolPath

__all__ = ["measures"]

OUR_MOVES, PEER_MOVES = 100_000, 2_000
ROBOTS = 10_000
START = np.array([0, 1.6, 0.1, 0.3, 0.6, 0.2])


def measures() -> Iterator[Measure]:
    """Moves planned, table look-ups, tool moves, blended ways and crossings a second."""
    yield from _synchronised()
    yield from _tables()


def _synchronised() -> Iterator[Measure]:
    import ruckig

    rng = np.random.default_rng(1)
    arm = hs220()
    limits = {"speed": arm.speed, "acceleration": arm.acceleration, "jerk": arm.jerk}
    start = rng.uniform(-1, 1, (OUR_MOVES, 6))
    end = start + rng.uniform(-1, 1, (OUR_MOVES, 6))
    plan_moves(start[:1], end[:1], **limits)  # compiles
    ours = OUR_MOVES / best(lambda: plan_moves(start, end, **limits))

    peer = ruckig.Ruckig(6)
    request = ruckig.InputParameter(6)
    request.synchronization = ruckig.Synchronization.Phase
    request.max_velocity, request.max_acceleration = arm.speed, arm.acceleration
    request.max_jerk = arm.jerk
    answer = ruckig.Trajectory(6)
    pairs = list(zip(start[:PEER_MOVES].tolist(), end[:PEER_MOVES].tolist(), strict=True))

    def plan() -> None:
        for request.current_position, request.target_position in pairs:
            peer.calculate(request, answer)

    theirs = PEER_MOVES / best(plan)
    yield Measure(
        name="plan_vs_ruckig", unit="moves/s", ours=ours,
        peer="ruckig", peer_value=theirs, floor=10, aim=50,
    )  # fmt: skip


def _tables() -> Iterator[Measure]:
    arm = hs220()
    rng = np.random.default_rng(2)
    points = START + rng.uniform(-0.4, 0.4, (8, 6))
    first = arm.flange(START[None])[0]
    last = first.copy()
    last[:3, 3] += [0.1, 0.3, -0.2]
    path = ToolPath.line(first, last)
    tables = [plan_blended(arm, points, 0.3).table, plan_tool_move(arm, path, START).table]
    every = CubicTables.build(tables)
    row, time = rng.integers(0, 2, ROBOTS), rng.uniform(0, tables[0].duration, ROBOTS)
    every.joints(row[:1], time[:1])  # compiles
    looks = ROBOTS / best(lambda: every.joints(row, time))
    yield Measure(name="table_look_ups", unit="robots/s", ours=looks, floor=2e6)
    tool_moves = 1 / best(lambda: plan_tool_move(arm, path, START))
    yield Measure(name="tool_moves_planned", unit="moves/s", ours=tool_moves)
    blended = 7 / best(lambda: plan_blended(arm, points, 0.3))
    yield Measure(name="blended_moves_planned", unit="moves/s", ours=blended)
    yield Measure(name="crossings_solved", unit="tables/s", ours=_solved(tables[0]))


def _solved(table: CubicTable) -> float:
    return 1 / best(lambda: crossings(table, 1, float(START[1])), turns=20)
