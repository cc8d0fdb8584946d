"""Export of a scene to USD: a package of its own, still or with the layers that play a run."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pxr import Sdf, Usd

from twin.engine.simulation import Simulation
from twin.errors import CommandError, Problem, SceneError
from twin.journal import Journal
from twin.plant import Plant
from twin.scene.export.animation import Animation
from twin.scene.export.folder import new_folder
from twin.scene.export.layers import ANIMATION, EXPORTED, FLOW, SEMANTICS, ExportLayers
from twin.scene.export.options import ExportSummary, Options
from twin.scene.export.package import gather
from twin.scene.export.semantics import semantic_layer
from twin.scene.export.wrapping import flattened, zipped
from twin.scene.read import read_plant
from twin.scene.stage import open_stage
from twin.units import TICKS_PER_SECOND

__all__ = ["export_usd"]

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


def export_usd(
    scene_path: FilePath,
    until_ticks: int | None,
    out_dir: FilePath,
    *,
    seed: int = 1,
    scenario: Sequence[FilePath] = (),
    overrides: Sequence[str] = (),
    options: Options | None = None,
    progress: Progress | None = None,
    **bounds: float,
) -> ExportSummary:
    """Write a scene, and a run of it, with everything that they need to a folder.

    Played back, every link and part is at all times, also between keys, within the given errors of
    where the run has it. Opened as a scene, it is the same plant. The same arguments give the same
    bytes.

    Args:
        scene_path: its root layer.
        until_ticks: how long to run [ticks], > 0; None writes the plant as it stands.
        out_dir: a new folder, an empty one, or an earlier export, which is replaced.
        seed: of the run.
        scenario: layers of opinions over the scene, the strongest first.
        overrides: PRIM.twin:attr=VALUE, over everything else.
        options: how to write it.
        progress: called with what is being done and the share of everything that is done.
        bounds: `fps`, `position_error` and `angle_error` of the options.

    Raises:
        SceneError: the scene is wrong or can't be animated.
        CommandError: an argument is wrong, or the folder holds something else.
        RunError: the run could not go on.
    """
    options = replace(options or Options(), **bounds).checked()
    if until_ticks is not None and not until_ticks > 0:
        raise CommandError(f"until must be > 0, got {until_ticks / TICKS_PER_SECOND:g} s")
    tell = _teller(progress)
    source, out = Path(scene_path).resolve(), Path(out_dir)
    notes: dict[str, object] = {
        "scene": source.name,
        "seed": seed,
        "until_ticks": until_ticks,
        "scenario": [Path(each).name for each in scenario],
        "overrides": list(overrides),
        **options.told(),
    }
    with new_folder(out, notes) as folder:
        stage = _open(source, scenario, overrides)
        plant = read_plant(stage)
        run = Journal(plant, seed=seed)
        if until_ticks is not None:
            _simulate(run, until_ticks, tell)
        animation = Animation(stage, run, options)
        if until_ticks is not None:
            animation.write(tell)
        tell("writing", 0.0)
        end = run.until * options.fps / TICKS_PER_SECOND
        layers = ExportLayers(stage, folder, fps=options.fps, end=end)
        over = _write_layers(layers, animation, options, moves=until_ticks is not None)
        layers.write(semantic_layer(stage, plant), SEMANTICS)
        tell("packaging", 0.0)
        package = gather([source, *(Path(each).resolve() for each in scenario)])
        package.write(folder)
        root = f"{source.stem}.usda"
        layers.write_root(root, [*over, SEMANTICS], package.roots)
        root = _wrapped(folder, root, options)
    tell("packaging", 1.0)
    return _summary(out / root, run, animation, options)


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


def _simulate(journal: Journal, until: int, tell: Progress) -> None:
    tell("simulating", 0.0)
    plant: Plant = journal.plant
    simulation = Simulation(plant, seed=journal.seed, motion=True, recorder=journal)
    for part in range(1, SLICES + 1):
        simulation.advance(until * part // SLICES)
        tell("simulating", part / SLICES)
    journal.close(until)


def _write_layers(
    layers: ExportLayers, animation: Animation, options: Options, *, moves: bool
) -> list[str]:
    """Write what moves; returns the files that the root layer names, the strongest first."""
    if not moves:
        return []
    over: list[tuple[str, Sdf.Layer]] = [(ANIMATION, animation.layer), (FLOW, animation.flow)]
    named = [(f"{name}.{options.format.value}", layer) for name, layer in over if layer.rootPrims]
    for name, layer in (*named, *animation.clips.items()):
        layers.write(layer, name)
    return [name for name, _ in named]


def _wrapped(folder: Path, root: str, options: Options) -> str:
    """Make one layer or one package of everything, if that is asked for; returns what to open."""
    if options.flatten:
        root = flattened(folder, root, options.format.value)
    if options.usdz:
        root = zipped(folder, root)
    return root


def _summary(root: Path, run: Journal, animation: Animation, options: Options) -> ExportSummary:
    out = root.parent
    files = [each for each in out.rglob("*") if each.is_file()]
    end = run.until * options.fps / TICKS_PER_SECOND
    layer = out / f"{ANIMATION}.{options.format.value}"
    moving = [layer, *out.glob(f"{FLOW}.*"), *out.glob("clips/*")]
    return ExportSummary(
        root=root,
        animation=layer if layer.is_file() else None,
        ticks=run.until,
        start_code=0.0,
        end_code=end,
        fps=options.fps,
        position_error=options.position_error,
        angle_error=options.angle_error,
        parts=animation.parts,
        serials=animation.serials,
        robots=len(run.plant.robots),
        links=animation.links,
        places=len(run.plant.places),
        keys=animation.keys,
        dense_keys=animation.moving * (int(end) + 1),
        files=len(files),
        bytes=sum(each.stat().st_size for each in files),
        animation_bytes=sum(each.stat().st_size for each in moving if each.is_file()),
    )
