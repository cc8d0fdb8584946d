"""Poses of a working plant at 60 Hz, against MuJoCo that computes kinematics and nothing else.

Fifty stations with four robots each, of three types, stand between conveyors that carry twenty
bodies each: 200 robots that weld, and 1,050 bodies on the way. Ours carries out the events of each
frame, evaluates every program and path, and writes all link frames and poses. MuJoCo is given
joint positions and poses of 1,000 boxes that were computed before, and runs mj_kinematics.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import cycle

import mujoco
import numpy as np

from tests.bench.measure import Measure, best
from tests.motion.hs220 import HOME, hs220
from twin.engine.simulation import Simulation
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.motion import Arm
from twin.plant import Place, Plant, Pose, Program, Robot, connect
from twin.units import to_ticks

__all__ = ["measures", "robot_plant"]

RATE = 60  # frames/s
SPAN = 10.0  # s of the plant in a turn
TURNS = 30
WARM_UP = 3_000.0  # s until all conveyors are full
LINES, STATIONS, CREW = 10, 5, 4  # robots in all: their product
SECTION = 100.0  # m of conveyor before each station
TAKT = 26.0  # s
STOPS = 14  # welds of a program
PARTS = 1_000  # of MuJoCo


def measures() -> Iterator[Measure]:
    """Seconds of the plant in a second: ours alone, and against MuJoCo."""
    ours, theirs = _ours(), _mujoco()
    yield Measure(name="poses_at_60_hz", unit="s/s", ours=ours, floor=400.0)
    yield Measure(
        name="poses_vs_mujoco", unit="s/s", ours=ours, peer="mujoco", peer_value=theirs, floor=3.0
    )


def robot_plant() -> Plant:
    """The plant of 200 robots."""
    arms = cycle([hs220(), _longer(1.1), _longer(1.2)])
    rng = np.random.default_rng(4)
    places: list[Place] = []
    for line in range(LINES):
        places += _line(line, arms, rng)
    return Plant(places=tuple(places))


def _line(line: int, arms: "cycle[Arm]", rng: np.random.Generator) -> tuple[Place, ...]:
    y, path = 12.0 * line, f"/Plant/Line_{line}"
    places = [Place(path=f"{path}/Source", params=Source(interval=TAKT), pose=Pose((0.0, y, 0.0)))]
    for number in range(STATIONS):
        x = number * SECTION
        belt = Conveyor(length=SECTION, speed=SECTION / (20 * TAKT), spacing=4.5)
        station = Station(process_time=0.0, transfer_time=3.0)
        name = f"{path}/Station_{number}"
        crew = tuple(_robot(f"{name}/Robot_{n}", next(arms), x, y, n, rng) for n in range(CREW))
        places += [
            Place(path=f"{path}/Belt_{number}", params=belt, pose=Pose((x, y, 0.0))),
            Place(path=name, params=station, pose=Pose((x + SECTION, y, 0.0)), robots=crew),
        ]
    return connect([*places, Place(path=f"{path}/Sink", params=Sink())])


def _robot(path: str, arm: Arm, x: float, y: float, number: int, rng: np.random.Generator) -> Robot:
    """A robot beside a station, with a program of small moves between welds of half a second."""
    welds = np.array(HOME) + rng.uniform(-0.5, 0.5, (STOPS, 6))
    points = np.clip([HOME, *welds, HOME], arm.lower, arm.upper)
    dwells = np.array([0.0, *[0.5] * STOPS, 0.0])
    program = Program(path=f"{path}/All", products=(), waypoints=points, dwells=dwells)
    base = Pose((x + SECTION + 3.0 * (number // 2), y - 2.5 + 5.0 * (number % 2), 0.0))
    return Robot(path=path, arm=arm, base=base, programs=(program,))


def _longer(factor: float) -> Arm:
    """An arm of the same build, but of other lengths."""
    arm = hs220()
    fixed = arm.fixed.copy()
    fixed[:, :3, 3] *= factor
    return replace(arm, fixed=fixed)


def _ours() -> float:
    run = Simulation(robot_plant(), motion=True)
    run.advance(to_ticks(WARM_UP))
    frames = run.frames()
    steps = np.round(np.arange(1, SPAN * RATE + 1) * 1e6 / RATE).astype(int).tolist()

    def show() -> None:
        begin = run.now
        for step in steps:
            run.advance(begin + step)
            run.frames(frames)

    return SPAN / best(show, turns=TURNS)


def _mujoco() -> float:
    """The same number of arms and boxes, moved from one set of poses to the next."""
    model = mujoco.MjModel.from_xml_string(_mjcf())
    data = mujoco.MjData(model)
    rng, count = np.random.default_rng(0), 64
    joints = rng.uniform(-0.5, 0.5, (count, model.nq))
    xyz, wxyz = rng.uniform(0.0, 50.0, (count, PARTS, 3)), rng.normal(size=(count, PARTS, 4))
    wxyz /= np.linalg.norm(wxyz, axis=2, keepdims=True)

    def show() -> None:
        for frame in range(int(SPAN * RATE)):
            data.qpos[:] = joints[frame % count]
            data.mocap_pos[:] = xyz[frame % count]
            data.mocap_quat[:] = wxyz[frame % count]
            mujoco.mj_kinematics(model, data)

    return SPAN / best(show, turns=TURNS)


def _mjcf() -> str:
    """200 arms of six joints, bodies without geometry, and boxes that are placed from outside."""
    arm = hs220()
    robots = "".join(
        f'<body pos="{4 * (n % 20)} {4 * (n // 20)} 0">{_chain(arm)}</body>'
        for n in range(LINES * STATIONS * CREW)
    )
    box = '<geom type="box" size="2 0.9 0.7" contype="0" conaffinity="0"/>'
    boxes = f'<body mocap="true">{box}</body>' * PARTS
    return f"<mujoco><worldbody>{robots}{boxes}</worldbody></mujoco>"


def _chain(arm: Arm) -> str:
    """Nested bodies, one a joint."""
    begin = ""
    for fixed, axis in zip(arm.fixed, arm.axis, strict=True):
        xyz, z, x = fixed[:3, 3], fixed[:3, 1], fixed[:3, 0]
        frame = " ".join(f"{value:.17g}" for value in (*x, *z))
        begin += (
            f'<body pos="{xyz[0]} {xyz[1]} {xyz[2]}" xyaxes="{frame}">'
            f'<joint axis="{axis[0]} {axis[1]} {axis[2]}"/>'
            '<inertial pos="0 0 0" mass="1" diaginertia="1 1 1"/>'
        )
    return begin + "</body>" * len(arm.axis)
