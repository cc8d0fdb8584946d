"""Golden vectors: inputs and NumPy's answers, which every other evaluator must reproduce.

`python -m tests.motion.write_golden` renews golden_segments.json beside this file. The viewer's
TypeScript is tested against the same file.
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.motion.hs220 import CHAIN, HOME, hs220
from twin.motion import (
    SEGMENT,
    Arm,
    Joint,
    Paths,
    PlannedProgram,
    Polyline,
    Programs,
    Timing,
    coordinate,
    current,
    plan_program,
    profile,
    to_whole_ticks,
    travel,
)
from twin.motion.blend import plan_blended
from twin.motion.frame import about, matrix_from

__all__ = ["GOLDEN", "golden", "main"]

GOLDEN = Path(__file__).with_name("golden_segments.json")

Json = dict[str, Any]

TIMINGS = [  # duration, ramp, jerk [s]
    (0.0, 0.0, 0.0),  # no time
    (2.5, 0.0, 0.0),  # constant speed
    (3.0, 1.0, 0.0),  # trapezoid
    (2.0, 1.0, 0.0),  # triangle
    (2.0, 0.5, 0.125),  # all seven phases
    (1.5, 0.5, 0.25),  # no constant acceleration
    (1.6, 0.8, 0.2),  # no cruise
    (1.0, 0.5, 0.25),  # four jerk phases only
]


def golden() -> Json:
    """Compute the whole file's content afresh."""
    paths, programs, segments = _paths(), _programs(), _segments()
    return {
        "profile": _profile_cases(),
        "paths": {
            "first": paths.first.tolist(),
            "count": paths.count.tolist(),
            "length": paths.length.tolist(),
            "knots": paths.knots.tolist(),
        },
        "path_cases": _path_cases(paths),
        "programs": {
            "first": programs.first.tolist(),
            "count": programs.count.tolist(),
            "duration": programs.duration.tolist(),
            "moves": programs.moves.tolist(),
            "cubics": {
                str(row): {
                    "knots": programs.table(row).time[:-1].tolist(),
                    "pieces": programs.table(row).coefficients.reshape(-1, 24).tolist(),
                }
                for row in np.flatnonzero(programs.piece_count).tolist()
            },
        },
        "program_cases": _program_cases(programs),
        "segments": [_record(segment) for segment in segments],
        "segment_cases": _segment_cases(segments),
        "fk_cases": _fk_cases(),
    }


def main() -> None:
    """Write the file, one case a line."""
    sections = [f'"{name}": {_lines(value)}' for name, value in golden().items()]
    GOLDEN.write_text("{\n" + ",\n".join(sections) + "\n}\n", encoding="utf-8")


def _profile_cases() -> list[Json]:
    cases: list[Json] = []
    for duration, ramp, jerk in TIMINGS:
        corners = [0.0, jerk, ramp - jerk, ramp, duration / 2]
        corners += [duration - corner for corner in corners]
        times = sorted({-0.25, duration + 0.25, *corners, *np.linspace(0, duration, 14).tolist()})
        for u, value in zip(times, profile(times, duration, ramp, jerk).tolist(), strict=True):
            cases.append({"u": u, "duration": duration, "ramp": ramp, "jerk": jerk, "value": value})
    return cases


def _paths() -> Paths:
    quarter = about([0.0, 0.0, 1.0], np.linspace(0, math.pi / 2, 5))
    bend = np.linspace(0, math.pi / 2, 5)
    arc = np.stack([7 + 2 * np.sin(bend), 2 - 2 * np.cos(bend), np.full(5, 0.5)], axis=1)
    return Paths.build(
        [
            Polyline(xyz=[(0, 0, 0.5), (7, 0, 0.5)]),  # straight
            Polyline(xyz=arc, wxyz=quarter),  # a curve, the part turns with it
            Polyline(xyz=[(9, 2, 0.5)], wxyz=quarter[-1]),  # a place to stand
            Polyline(  # up a lift; -q where the shorter arc needs the sign turned
                xyz=[(9, 2, 0.5), (9, 2, 3.5), (9, 12, 3.5)],
                wxyz=[quarter[-1], -quarter[2], quarter[0]],
            ),
            Polyline(  # a turntable: a quarter turn on the spot, s is given
                xyz=[(9, 12, 3.5)] * 3, wxyz=quarter[[0, 2, 4]], s=[0.0, 0.5, 1.0]
            ),
        ]
    )


def _path_cases(paths: Paths) -> list[Json]:
    track = np.repeat(np.arange(len(paths.length)), 9)
    s = (paths.length[:, None] * np.linspace(-0.125, 1.125, 9)).ravel()
    xyz, wxyz = paths.pose(track, s)
    return [
        {"track": t, "s": at, "xyz": p, "wxyz": q}
        for t, at, p, q in zip(track.tolist(), s.tolist(), xyz.tolist(), wxyz.tolist(), strict=True)
    ]


def _programs() -> Programs:
    arm = hs220()
    near = np.radians([25, 70, 20, 40, 60, -90])
    spots = near + np.radians([2, 4, -3, 5, 2, 10]) * np.arange(1, 5)[:, None]
    dwell = [0.5, 0.0, 0.8, 0.8, 0.8, 0.8, 0.0, 0.0]
    return Programs.build(
        [
            plan_program(arm, np.vstack([HOME, near, spots, near, HOME]), dwell),
            plan_program(arm, [HOME], 2.0),
            plan_program(arm, np.add(HOME, [[0.0], [1e-4], [0.3]]), 0.0),
            _blended(np.vstack([HOME, near, spots, HOME])),
        ]
    )


def _blended(points: NDArray[np.float64]) -> PlannedProgram:
    """A wait, a way through points that is made of cubics, and a wait."""
    table = plan_blended(hs220(), points, 0.3).table
    ticks = math.ceil(table.duration * 1e6)
    table = table.stretched(ticks / 1e6 / table.duration)
    duration = np.array([0.5, ticks / 1e6, 0.25])
    nothing = np.zeros(3)
    return PlannedProgram(
        start=np.cumsum(duration) - duration,
        duration=duration,
        ramp=nothing,
        jerk=nothing,
        joints_from=points[[0, 0, -1]],
        joints_to=points[[0, -1, -1]],
        tables={1: table},
    )


def _program_cases(programs: Programs) -> list[Json]:
    row = np.repeat(np.arange(len(programs.duration)), 25)
    time = (programs.duration[:, None] * np.linspace(-0.05, 1.05, 25)).ravel()
    joints = programs.joints(row, time)
    return [
        {"program": p, "time": t, "joints": q}
        for p, t, q in zip(row.tolist(), time.tolist(), joints.tolist(), strict=True)
    ]


def _segments() -> NDArray[Any]:
    """Robots are subjects 0 and 1, part slots 2 and 3."""
    lift, lift_ticks = _one_axis(travel(3.0, 0.8, 0.5, math.inf))
    shuttle, shuttle_ticks = _one_axis(travel(3.0, 1.5, 0.8, 2.0))
    rows = [  # tick, duration, start, end, ramp, jerk, subject, track, look, part
        (0, 0, 0.0, 0.0, 0.0, 0.0, 0, 0, -1, 0),
        (0, 0, 2.0, 2.0, 0.0, 0.0, 1, 1, -1, 0),
        (1_000_000, 7_000_001, 0.0, 7.0, 0.0, 0.0, 2, 0, 0, 1),
        (4_500_000, 0, 3.5, 3.5, 0.0, 0.0, 2, 0, 0, 1),  # the belt stops
        (6_000_000, 3_500_001, 3.5, 7.0, 0.0, 0.0, 2, 0, 0, 1),  # and goes on
        (6_000_000, 12_345_678, 0.0, 12.0, 0.0, 0.0, 0, 0, -1, 0),
        (9_500_001, shuttle_ticks, 0.0, 3.0, *shuttle, 2, 1, 1, 1),
        (10_000_000, 450_000, 4.0, 4.3, -0.45, 0.15, 0, 0, -1, 0),  # goes on, and brakes
        (12_000_000, 2_600_000, 4.3, 6.5, -0.6, -0.4, 0, 0, -1, 0),  # stands, and comes back
        (13_000_000, 500_000, 4.775, 5.0, -0.5, 0.1, 0, 0, -1, 0),  # brakes again, slower already
        (13_200_000, 3_200_000, 4.875, 7.9, -0.35, -0.2, 0, 0, -1, 0),  # before it stood
        (18_000_000, 4_000_000, 7.9, 11.5, -0.9, -1.4, 0, 0, -1, 0),  # goes on, and rests
        (12_000_000, lift_ticks, 0.0, 3.0, *lift, 3, 3, 2, 1),
        (20_000_000, 0, 0.0, 0.0, 0.0, 0.0, 2, -1, -1, 1),  # leaves the scene
        (25_000_000, 4_000_000, 7.0, 0.0, 1.0, 0.25, 2, 0, 0, 2),  # the slot again, backwards
        (25_000_000, 0, 0.0, 0.0, 0.0, 0.0, 3, 2, 3, 1),
        (25_000_000, 500_000, 0.5, 1.0, 0.0, 0.0, 3, 4, 3, 1),  # same tick: the later row holds
    ]
    return np.array(rows, dtype=SEGMENT)


def _one_axis(timing: Timing) -> tuple[tuple[float, float], int]:
    """Ramp and jerk [s], and the duration [ticks]."""
    whole = to_whole_ticks(timing)
    return (float(whole.ramp), float(whole.jerk)), round(float(whole.duration) * 1_000_000)


def _record(segment: Any) -> Json:
    return {name: segment[name].item() for name in segment.dtype.names}


def _segment_cases(segments: NDArray[Any]) -> list[Json]:
    ticks = [0, 999_999, 1_000_000, 2_345_678, 4_500_000, 5_999_999, 6_000_001, 7_777_777]
    ticks += [
        9_500_001,
        9_600_000,
        10_100_000,
        10_300_000,
        10_449_999,
        10_987_654,
        12_000_000,
        12_150_000,
        12_400_000,
    ]
    ticks += [12_900_000, 13_050_000, 13_190_000, 13_300_000, 13_540_000, 15_000_000]
    ticks += [18_345_678, 18_600_000, 18_950_000]
    ticks += [19_999_999, 20_000_000, 25_000_000, 25_200_000, 26_111_111, 27_000_001, 40_000_000]
    cases: list[Json] = []
    for tick in ticks:
        now = current(segments, tick)
        for subject, x in zip(now["subject"].tolist(), coordinate(now, tick).tolist(), strict=True):
            cases.append({"tick": tick, "subject": subject, "x": x})
    return cases


SCARA = [  # origin [m], wxyz, axis, whether it slides
    ((0.0, 0.0, 0.4), (1.0, 0.0, 0.0, 0.0), "Z", False),
    ((0.3, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0), "Z", False),
    ((0.25, 0.0, 0.0), (0.6, 0.8, 0.0, 0.0), "Y", True),
    ((0.0, 0.1, 0.0), (0.0, 1.0, 0.0, 0.0), "X", False),
]


def _fk_cases() -> list[Json]:
    """An HS220, one on a rail, and a SCARA: six, seven and four joints; two of all slide."""
    turning = [(origin, wxyz, axis, False) for origin, wxyz, axis, *_ in CHAIN]
    rail = [((0.0, 0.1, 0.2), (0.5, 0.5, 0.5, 0.5), "X", True)]
    return [*_hs220_cases(), *_chain_cases([*rail, *turning]), *_chain_cases(SCARA)]


def _chain_cases(chain: list[Any]) -> list[Json]:
    limits: Json = {"lower": -2.0, "upper": 2.0, "speed": 1.0, "acceleration": 1.0}
    arm = Arm.build(
        [
            Joint(origin=origin, wxyz=wxyz, axis=axis, prismatic=slides, **limits)
            for origin, wxyz, axis, slides in chain
        ]
    )
    joints = np.random.default_rng(2).uniform(-2.0, 2.0, (4, len(chain)))
    frames = arm.link_frames(joints)
    said = [
        {"origin": list(origin), "wxyz": list(wxyz), "axis": axis, "slides": slides}
        for origin, wxyz, axis, slides in chain
    ]
    base = np.eye(4).ravel().tolist()
    return [
        {"chain": said, "joints": q, "base": base, "frames": each.reshape(-1, 16).tolist()}
        for q, each in zip(joints.tolist(), frames, strict=True)
    ]


def _hs220_cases() -> list[Json]:
    arm = hs220()
    draws = np.random.default_rng(1).random((6, arm.joint_count))
    joints = np.vstack([np.zeros(6), HOME, arm.lower + draws * (arm.upper - arm.lower)])
    bases = np.tile(np.eye(4), (len(joints), 1, 1))
    bases[4:] = matrix_from([21.0, -2.5, 0.3], about([0.0, 0.0, 1.0], 2.0))
    frames = arm.link_frames(joints, bases)
    chain = [{"origin": list(o), "wxyz": list(q), "axis": a} for o, q, a, *_ in CHAIN]
    return [
        {
            "chain": chain,
            "joints": joints[i].tolist(),
            "base": bases[i].ravel().tolist(),
            "frames": frames[i].reshape(-1, 16).tolist(),
        }
        for i in range(len(joints))
    ]


def _lines(value: list[Json] | Json) -> str:
    if isinstance(value, dict):
        return json.dumps(value)
    return "[\n" + ",\n".join(json.dumps(item) for item in value) + "\n]"


if __name__ == "__main__":
    main()
