"""The library of stations: what a kind of station does, how it looks, and where that is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scenes.authoring.usd import Vector, refer
from scenes.whole_plant.authoring import numbers as n
from twin.kinds.station import Station
from twin.scene.author import apply, new_stage

__all__ = ["KINDS", "Kind", "author_kit"]

Origin = tuple[str, str]
Look = tuple[str, Vector, float, tuple[str, str] | None]  # asset, where, turn, variant
ASSETS = "../../../assets"

BODY = {"mtbf": 420.0 * 60, "mttr": 3.0 * 60}  # s
MANUAL = {"mtbf": 600.0 * 60, "mttr": 1.5 * 60}  # s


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of station."""

    params: Station
    origin: Origin  # of its process time
    fails: Origin
    pitch: float  # m to the next one
    doc: str
    looks: Mapping[str, Look] = field(default_factory=dict)


def _bed(name: str) -> Look:
    return ("stations/station/station.usda", (0.0, 0.0, 0.0), 0.0, ("equipment", name))


def _worker(x: float, y: float) -> Look:
    return (
        "people/worker/worker.usda",
        (x, y, 0.0),
        -90.0 if y > 0 else 90.0,
        ("pose", "reaching"),
    )


MODULE: Look = ("conveyors/roller_conveyor/roller_conveyor.usda", (0.0, 0.0, 0.0), 0.0, None)
SLATS: Look = ("conveyors/slat_conveyor/slat_conveyor.usda", (0.0, 0.0, 0.0), 0.0, None)
GANTRY: Look = ("stations/assembly_station/assembly_station.usda", (0.0, 0.0, 0.0), 0.0, None)
BOOTH: Look = ("stations/paint_booth/paint_booth.usda", (0.0, 0.0, 0.0), 0.0, ("roof", "none"))


def _line(doc: str, work: float, spread: float = 0.0, form: int = 0, **looks: Look) -> Kind:
    """A manual station of a line in assembly or paint."""
    params = Station(
        process_time=work, process_distribution="triangular" if spread else "constant",
        process_spread=spread, transfer_time=8.0, form=form, **MANUAL,
    )  # fmt: skip
    return Kind(
        params=params, origin=n.ROUTE, fails=n.MANUAL_FAILS, pitch=7.0, doc=doc, looks=looks
    )


def _bench(doc: str, work: float, spread: float) -> Kind:
    """A station of a sub-assembly line."""
    params = Station(
        process_time=work, process_distribution="triangular", process_spread=spread,
        transfer_time=6.0, **MANUAL,
    )  # fmt: skip
    looks = {"Belt": MODULE, "Worker": _worker(0.0, 1.6)}
    return Kind(
        params=params, origin=n.ROUTE, fails=n.MANUAL_FAILS, pitch=5.5, doc=doc, looks=looks
    )


def _cell(doc: str, work: float, equipment: str) -> Kind:
    """A station of the body shop without robots."""
    params = Station(process_time=work, transfer_time=10.0, **BODY)
    looks = {"Equipment": _bed(equipment)}
    return Kind(params=params, origin=n.ROUTE, fails=n.BODY_FAILS, pitch=7.0, doc=doc, looks=looks)


KINDS: dict[str, Kind] = {
    "geo": _cell("Locates and clamps parts of a sub-assembly.", 34.0, "load"),
    "hem": _cell("Folds the outer panel of a closure over its inner one; adhesive.", 36.0, "load"),
    "vision": _cell("Looks at a body or a sub-assembly.", 30.0, "vision"),
    "finish": _line("Finishes metal by hand.", 40.0, 3.0, Belt=MODULE, Worker=_worker(0.0, 2.2)),
    "wash": _line("Washes and wipes bodies.", 40.0, 0.0, Booth=BOOTH),
    "sealer": _line("Seals seams and sprays the underbody.", 42.0, 0.0, Booth=BOOTH),
    "sand": _line("Looks at the electrocoat and sands it.", 40.0, 4.0, Belt=MODULE,
                  Worker=_worker(0.0, 2.2)),
    "drain": _line("Bodies drain after the dip.", 40.0, 0.0, Booth=BOOTH, form=3),
    "prep": _line("Blows and wipes bodies; one of two lanes.", 84.0, 0.0, Booth=BOOTH),
    "base": _line("Sprays base coat; one of two lanes.", 88.0, 0.0, Booth=BOOTH),
    "clear": _line("Sprays clear coat; one of two lanes.", 88.0, 0.0, Booth=BOOTH, form=4),
    "inspect": _line("Inspects paint under light.", 40.0, 4.0, Belt=MODULE,
                     Worker=_worker(0.0, 2.2)),
    "trim": _line("Trim: harness, headliner, cockpit, glass.", 42.0, 4.0, Gantry=GANTRY,
                  Slats=SLATS),
    "chassis": _line("Chassis: lines, marriage, wheels.", 42.0, 4.0, Gantry=GANTRY, Slats=SLATS),
    "rolling": _line("Chassis, with the car on its wheels.", 42.0, 4.0, form=5, Gantry=GANTRY,
                     Slats=SLATS),
    "final": _line("Final: bumpers, seats, fluids, doors.", 42.0, 4.0, Gantry=GANTRY, Slats=SLATS),
    "test": _line("Test: alignment, lamps, assistance, rollers, water.", 42.0, 3.0, Slats=SLATS),
    "bench": _bench("One of the stations of a sub-assembly line.", 42.0, 4.0),
    "audit": _bench("Test of a sub-assembly.", 40.0, 3.0),
}  # fmt: skip


def author_kit(folder: Path) -> list[Path]:
    """Write the library; return its files."""
    return [_author(folder / f"{name}.usda", kind) for name, kind in KINDS.items()]


def _author(path: Path, kind: Kind) -> Path:
    name = path.stem.title()
    stage = new_stage(path, name, kind="component")
    root = stage.GetDefaultPrim()
    root.SetDocumentation(kind.doc)
    apply(
        root, kind.params, source=kind.origin[0], confidence=kind.origin[1],
        provenance={
            "transfer_time": n.TRANSFER, "mtbf": kind.fails, "mttr": kind.fails,
        },
    )  # fmt: skip
    for child, (asset, xyz, turn, variant) in kind.looks.items():
        refer(stage, f"/{name}/{child}", f"{ASSETS}/{asset}", xyz, turn=turn, variant=variant)
    stage.GetRootLayer().Save()
    return path
