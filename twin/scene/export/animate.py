"""Export of a run to USD: the scene in a folder of its own, with a layer that plays the run."""

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pxr import Usd

from twin.engine.simulation import Simulation
from twin.errors import CommandError, Problem, SceneError
from twin.journal import Journal
from twin.plant import Plant
from twin.scene.export.animation import Animation
from twin.scene.export.folder import new_folder
from twin.scene.export.layers import ANIMATION, EXPORTED, ExportLayers
from twin.scene.export.package import gather
from twin.scene.read import read_plant
from twin.scene.stage import open_stage
from twin.units import TICKS_PER_SECOND

__all__ = ["ExportSummary", "export_usd"]

SLICES = 20  # of the simulation, for the progress bar
SHARES = {  # of the whole, at which each kind of work begins and ends
    "simulating": (0.0, 0.1),
    "robots": (0.1, 0.8),
    "parts": (0.8, 0.85),
    "states": (0.85, 0.87),
    "writing": (0.87, 0.95),
    "packaging": (0.95, 1.0),
}

Progress = Callable[[str, float], None]
FilePath = str | os.PathLike[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What was exported, and how large it is."""

    root: Path  # open this file
    animation: Path
    ticks: int
    start_code: float
    end_code: float
    fps: float
    position_error: float  # bound that every key keeps [m]
    angle_error: float  # [rad]
    parts: int  # prims for parts
    serials: int  # parts that were seen
    robots: int
    links: int
    places: int
    keys: int  # time samples
    dense_keys: int  # time samples of one per frame for everything that moves
    files: int
    bytes: int  # of all files
    animation_bytes: int


def export_usd(
    scene_path: FilePath,
    until_ticks: int,
    out_dir: FilePath,
    *,
    seed: int = 1,
    scenario: Sequence[FilePath] = (),
    overrides: Sequence[str] = (),
    fps: float = 60.0,
    position_error: float = 1e-3,
    angle_error: float = math.radians(0.1),
    progress: Progress | None = None,
) -> ExportSummary:
    """Run a scene and write it with everything it needs and its animation to a folder.

    Played back, every link and part is at all times, also between keys, within the given errors of
    where the run has it. The same arguments give the same bytes.

    Args:
        scene_path: its root layer.
        until_ticks: how long to run [ticks], > 0.
        out_dir: a new folder, an empty one, or an earlier export, which is replaced.
        seed: of the run.
        scenario: layers of opinions over the scene, the strongest first.
        overrides: PRIM.twin:attr=VALUE, over everything else.
        fps: time codes per second; keys need not fall on whole ones.
        position_error: bound for origins of links and parts [m].
        angle_error: bound for their orientations [rad].
        progress: called with what is being done and the share of everything that is done.

    Raises:
        SceneError: the scene is wrong or can't be animated.
        CommandError: an argument is wrong, or the folder holds something else.
        RunError: the run could not go on.
    """
    bounds = {"fps": fps, "position_error": position_error, "angle_error": angle_error}
    _check(until_ticks, bounds)
    tell = _teller(progress)
    source, out = Path(scene_path).resolve(), Path(out_dir)
    notes: dict[str, object] = {
        "scene": source.name,
        "seed": seed,
        "until_ticks": until_ticks,
        "scenario": [Path(each).name for each in scenario],
        "overrides": list(overrides),
        **bounds,
    }
    with new_folder(out, notes) as folder:
        stage = _open(source, scenario, overrides)
        run = _simulate(read_plant(stage), seed, until_ticks, tell)
        animation = Animation(stage, run, **bounds)
        animation.write(tell)
        tell("writing", 0.0)
        layers = ExportLayers(stage, folder, fps=fps, end=run.until * fps / TICKS_PER_SECOND)
        layers.write_animation(animation.layer)
        tell("packaging", 0.0)
        package = gather([source, *(Path(each).resolve() for each in scenario)])
        package.write(folder)
        root = f"{source.stem}_animated.usda"
        layers.write_root(root, package.roots)
    tell("packaging", 1.0)
    return _summary(out / root, run, animation, bounds)


def _check(until_ticks: int, bounds: dict[str, float]) -> None:
    if not until_ticks > 0:
        raise CommandError(f"until must be > 0, got {until_ticks / TICKS_PER_SECOND:g} s")
    for name, value in bounds.items():
        if not (value > 0 and math.isfinite(value)):
            raise CommandError(f"{name} must be > 0, got {value}")


def _teller(progress: Progress | None) -> Progress:
    """Turns the share of one kind of work into the share of everything."""

    def tell(what: str, share: float) -> None:
        if progress is not None:
            low, high = SHARES[what]
            progress(what, low + (high - low) * share)

    return tell


def _open(source: Path, scenario: Sequence[FilePath], overrides: Sequence[str]) -> Usd.Stage:
    stage = open_stage(source, scenarios=scenario, overrides=overrides)
    if EXPORTED in stage.GetRootLayer().customLayerData:
        way_out = "export the scene that it was made of"
        raise SceneError([Problem(source.name, "must not be an export itself", way_out=way_out)])
    if not stage.GetDefaultPrim():
        raise SceneError([Problem(source.name, "must have a default prim")])
    return stage


def _simulate(plant: Plant, seed: int, until: int, tell: Progress) -> Journal:
    tell("simulating", 0.0)
    journal = Journal(plant, seed=seed)
    simulation = Simulation(plant, seed=seed, motion=True, recorder=journal)
    for part in range(1, SLICES + 1):
        simulation.advance(until * part // SLICES)
        tell("simulating", part / SLICES)
    journal.close(until)
    return journal


def _summary(
    root: Path, run: Journal, animation: Animation, bounds: dict[str, float]
) -> ExportSummary:
    files = [each for each in root.parent.rglob("*") if each.is_file()]
    end = run.until * bounds["fps"] / TICKS_PER_SECOND
    return ExportSummary(
        root=root,
        animation=root.parent / ANIMATION,
        ticks=run.until,
        start_code=0.0,
        end_code=end,
        **bounds,
        parts=animation.parts,
        serials=animation.serials,
        robots=len(run.plant.robots),
        links=animation.links,
        places=len(run.plant.places),
        keys=animation.writer.keys,
        dense_keys=animation.writer.moving * (int(end) + 1),
        files=len(files),
        bytes=sum(each.stat().st_size for each in files),
        animation_bytes=(root.parent / ANIMATION).stat().st_size,
    )
