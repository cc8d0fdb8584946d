"""What a player of an exported stage sees, compared with the poses of the same run."""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom

from tests.scene.export_line import write_line
from twin.core.record import STATE
from twin.core.state import STATES
from twin.engine.simulation import Simulation
from twin.journal import Journal
from twin.motion import profile
from twin.motion.frame import about, pose_from
from twin.scene import load
from twin.scene.export import Options, export_usd
from twin.scene.export.keys import Grid, angle_between, fit
from twin.units import to_ticks

FPS = 60.0
END = to_ticks(120.0)
METRES, RADIANS = 1e-3, np.radians(0.1)
SHARES = np.linspace(0.0, 1.1, 23)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Two minutes of the small line, exported, and the journal of the same run."""
    return play(write_line(tmp_path_factory.mktemp("line")), END)


def play(
    scene: Path, end: int, out: Path | None = None, options: Options | None = None
) -> SimpleNamespace:
    summary = export_usd(scene, end, out or scene.parent / "out", seed=1, options=options)
    plant = load(scene)
    journal = Journal(plant, seed=1)
    Simulation(plant, seed=1, motion=True, recorder=journal).advance(end)
    journal.close(end)
    stage = Usd.Stage.Open(str(summary.root))
    return SimpleNamespace(summary=summary, journal=journal, stage=stage)


def ticks_to_look(journal: Journal, count: int, seed: int = 7) -> list[int]:
    """Random ticks, and ticks at and around beginnings and ends of segments."""
    random = np.random.default_rng(seed)
    segments = random.choice(journal.segments, min(count, len(journal.segments)), replace=False)
    edges = np.concatenate([segments["tick"], segments["tick"] + segments["duration"]])
    near = (edges[:, None] + [-2, -1, 0, 1, 2, 40]).ravel()
    ticks = np.unique([0, journal.until, *near, *random.integers(0, journal.until, count)])
    return ticks[(ticks >= 0) & (ticks <= journal.until)].tolist()


def code(tick: int) -> float:
    return tick * FPS / 1e6


def frame(cache: UsdGeom.XformCache, prim: Usd.Prim) -> np.ndarray:
    return np.array(cache.GetLocalToWorldTransform(prim)).T


def link_prims(played: SimpleNamespace) -> list[list[Usd.Prim]]:
    robots = played.journal.plant.robots
    paths = [[f"{robot.path}/link_{i}" for i in range(1, 7)] for robot in robots]
    return [[played.stage.GetPrimAtPath(path) for path in links] for links in paths]


def errors(shown: np.ndarray, exact: np.ndarray) -> tuple[float, float]:
    """Largest distance [m] and angle [rad] between frames, shapes [n, 4, 4]."""
    (a, p), (b, q) = pose_from(shown), pose_from(exact)
    return float(np.linalg.norm(a - b, axis=-1).max()), float(angle_between(p, q).max())


def part_prims(played: SimpleNamespace) -> list[Usd.Prim]:
    return played.stage.GetDefaultPrim().GetChild("Parts").GetChildren()


def parts_shown(played: SimpleNamespace, tick: int) -> dict[int, Usd.Prim]:
    """Prims of parts in sight by serial number."""
    shown = {}
    for prim in part_prims(played):
        if UsdGeom.Imageable(prim).ComputeVisibility(code(tick)) == UsdGeom.Tokens.inherited:
            shown[prim.GetAttribute("run:part").Get(code(tick))] = prim
    return shown


def assert_links_within_bounds(
    played: SimpleNamespace, ticks: list[int], most_metres: float = METRES, most: float = RADIANS
):
    links = [prim for robot in link_prims(played) for prim in robot]
    for tick in ticks:
        exact = played.journal.poses(tick).link_frames()[:, 1:].reshape(-1, 4, 4)
        cache = UsdGeom.XformCache(code(tick))
        metres, radians = errors(np.array([frame(cache, link) for link in links]), exact)
        assert metres <= most_metres, tick
        assert radians <= most, tick


def assert_parts_within_bounds(played: SimpleNamespace, count: int):
    for tick in ticks_to_look(played.journal, count):
        poses, shown = played.journal.poses(tick), parts_shown(played, tick)
        assert sorted(shown) == poses.serial.tolist(), tick
        cache = UsdGeom.XformCache(code(tick))
        for i, serial in enumerate(poses.serial.tolist()):
            xyz, wxyz = pose_from(frame(cache, shown[serial]))
            assert np.linalg.norm(xyz - poses.xyz[i]) <= METRES, (tick, serial)
            assert angle_between(wxyz[None], poses.wxyz[i][None])[0] <= RADIANS, (tick, serial)


def test_every_link_stays_within_the_bounds_at_any_time(played: SimpleNamespace):
    assert_links_within_bounds(played, ticks_to_look(played.journal, 60))


def assert_links_brake_within_bounds(played: SimpleNamespace):
    segments = played.journal.segments
    changing = segments[segments["ramp"] < 0]
    assert len(changing) >= 4
    spans = zip(changing["tick"].tolist(), changing["ramp"].tolist(), strict=True)
    ticks = [tick + int(-ramp * 1e6 * share) for tick, ramp in spans for share in SHARES]
    assert_links_within_bounds(played, [tick for tick in ticks if tick < END])


def test_links_stay_within_the_bounds_while_robots_brake_and_start_again(played: SimpleNamespace):
    assert_links_brake_within_bounds(played)


def test_links_are_exact_where_a_motion_begins(played: SimpleNamespace):
    links = [prim for robot in link_prims(played) for prim in robot]
    journal = played.journal
    for tick in journal.segments["tick"][journal.segments["part"] == 0][:20].tolist():
        exact = journal.poses(tick).link_frames()[:, 1:].reshape(-1, 4, 4)
        cache = UsdGeom.XformCache(code(tick))
        programs = journal.segments[journal.segments["tick"] == tick]
        if (programs["start"] == 0).all():  # not one that goes on after a failure
            shown = np.array([frame(cache, link) for link in links])
            assert errors(shown, exact)[0] < 1e-6


def test_the_same_parts_are_in_sight_with_the_same_looks(played: SimpleNamespace):
    looks = played.journal.layout.looks
    for tick in ticks_to_look(played.journal, 60):
        poses, shown = played.journal.poses(tick), parts_shown(played, tick)
        assert sorted(shown) == poses.serial.tolist(), tick
        for serial, look in zip(poses.serial.tolist(), poses.look.tolist(), strict=True):
            visible = [
                child.GetName()
                for child in shown[serial].GetChildren()
                if UsdGeom.Imageable(child).ComputeVisibility(code(tick)) == "inherited"
            ]
            assert visible == ["_".join(looks[look])], tick


def test_every_part_stays_within_the_bounds_at_any_time(played: SimpleNamespace):
    assert_parts_within_bounds(played, 100)


def test_no_part_in_sight_is_ever_off_all_paths(played: SimpleNamespace):
    """Between any two ticks too: a part that leaves or appears never flies through the hall."""
    paths = played.journal.layout.paths
    start, end = paths.xyz[paths.first], paths.xyz[paths.first + paths.count - 1]
    assert (paths.count == 2).all()
    for prim in part_prims(played):
        translate = prim.GetAttribute("xformOp:translate")
        codes = np.array(translate.GetTimeSamples())
        between = (codes[1:] + codes[:-1]) / 2
        jumps = np.diff(codes) < 1.5 * FPS / 1e6  # inside one tick it may be anywhere
        for each in [*codes, *between[~jumps], *(codes[1:] - 1e-7), *(codes[:-1] + 1e-7)]:
            if UsdGeom.Imageable(prim).ComputeVisibility(each) == UsdGeom.Tokens.inherited:
                xyz = np.array(translate.Get(each))
                share = ((xyz - start) * (end - start)).sum(axis=1) / paths.length**2
                nearest = start + (end - start) * np.clip(share, 0, 1)[:, None]
                assert np.linalg.norm(nearest - xyz, axis=1).min() < 2e-3, (prim, each)


def test_parts_are_out_of_sight_in_a_store_and_without_a_time(played: SimpleNamespace):
    hidden = played.journal.segments[played.journal.segments["track"] < 0]
    assert len(hidden) > 3
    for prim in part_prims(played):
        visibility = UsdGeom.Imageable(prim)
        assert visibility.ComputeVisibility(Usd.TimeCode.Default()) == UsdGeom.Tokens.invisible


def test_states_are_those_of_the_run_at_any_tick(played: SimpleNamespace):
    journal = played.journal
    changes = journal.events[journal.events["code"] == STATE]
    assert len(set(changes["value"].tolist())) >= 4
    for row, place in enumerate(journal.plant.places):
        attribute = played.stage.GetPrimAtPath(place.path).GetAttribute("run:state")
        color = played.stage.GetPrimAtPath(place.path).GetAttribute("primvars:stateColor")
        mine = changes[changes["place"] == row]
        for tick in ticks_to_look(journal, 30):
            before = mine["value"][mine["tick"] <= tick]
            state = STATES[before[-1]] if len(before) else "starved"
            assert attribute.Get(code(tick)) == state, (place.path, tick)
            assert Gf.IsClose(color.Get(code(tick)), colors()[state], 1e-6), (place.path, tick)


def colors() -> dict[str, Gf.Vec3f]:
    from twin.scene.export.figures import COLORS

    return {state: Gf.Vec3f(*color) for state, color in COLORS.items()}


def test_keys_are_sparse_and_need_not_fall_on_frames(played: SimpleNamespace):
    summary = played.summary
    assert summary.keys < summary.dense_keys / 10
    codes = link_prims(played)[0][5].GetAttribute("xformOp:orient").GetTimeSamples()
    assert any(code != int(code) for code in codes)


def test_a_belt_at_even_speed_has_two_keys(played: SimpleNamespace):
    segments = played.journal.segments
    first = segments[(segments["part"] == 1)][0]
    prim = parts_shown(played, int(first["tick"]))[1]
    codes = np.array(prim.GetAttribute("xformOp:translate").GetTimeSamples())
    start, end = code(first["tick"]), code(first["tick"] + first["duration"])
    assert codes[(codes >= start) & (codes <= end)].tolist() == pytest.approx([start, end])


def test_orientations_turn_the_shorter_way_between_keys(played: SimpleNamespace):
    for prim in link_prims(played)[0]:
        attribute = prim.GetAttribute("xformOp:orient")
        quaternions = [attribute.Get(each) for each in attribute.GetTimeSamples()]
        for a, b in pairwise(quaternions):
            assert a.GetReal() * b.GetReal() + a.GetImaginary() * b.GetImaginary() >= 0


def test_a_link_in_single_precision_keeps_the_bounds_too(tmp_path: Path):
    scene = write_line(tmp_path)
    robot = tmp_path / "assets" / "robots" / "hs220"
    asset = robot / "simready_usd" / "payload" / "hs220_geo.usdc"
    layer = Sdf.Layer.FindOrOpen(str(asset))
    for i in range(1, 7):
        prim = layer.GetPrimAtPath(f"/HS220/link_{i}")
        orient = prim.attributes["xformOp:orient"]
        value = Gf.Quatf(orient.default)
        prim.RemoveProperty(orient)
        single = Sdf.AttributeSpec(prim, "xformOp:orient", Sdf.ValueTypeNames.Quatf)
        single.default = value
    layer.Save()
    played = play(scene, to_ticks(30.0))
    assert_links_within_bounds(played, ticks_to_look(played.journal, 20))


def test_a_turn_that_begins_slowly_at_no_turn_keeps_the_bound_in_usd():
    """There USD makes an angle of a w near 1, which a blend along the chord makes too small."""
    grid = Grid.build(np.array([0.0, 2.0]), np.array([0.005]))
    angle = 0.8 * profile(grid.time, 2.0, 0.9, 0.45)
    curve = fit(grid, about([0.0, 0.0, 1.0], angle), RADIANS)
    stage = Usd.Stage.CreateInMemory()
    orient = UsdGeom.Xform.Define(stage, "/A").AddOrientOp(UsdGeom.XformOp.PrecisionDouble)
    for time, value in zip(curve.time.tolist(), curve.value.tolist(), strict=True):
        orient.Set(Gf.Quatd(*value), time)
    for time in np.linspace(0, 2, 2001).tolist():
        shown = frame(UsdGeom.XformCache(time), stage.GetPrimAtPath("/A"))
        exact = 0.8 * float(profile(time, 2.0, 0.9, 0.45))
        assert abs(np.arctan2(shown[1, 0], shown[0, 0]) - exact) <= RADIANS, time
