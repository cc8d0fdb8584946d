"""The places of a scene pack: what each is, where it stands, its parameters and their sources."""

import numpy as np
from numpy.typing import NDArray

from twin.core.parameters import parameters
from twin.engine.dispatch import KINDS, kind_code, kind_name
from twin.engine.layout import Layout
from twin.kinds.station import Station
from twin.plant import Place, Plant
from twin.scene.pack.prototypes import Prototypes
from twin.scene.pack.tables import Table, numbers

__all__ = ["place_table"]


def place_table(plant: Plant, layout: Layout, drawn: Prototypes) -> list[Table]:
    """One row per place, in the plant's order."""
    first = np.cumsum([0, *(len(place.robots) for place in plant.places)]).tolist()
    boxes = _boxes(drawn, len(plant.places))
    return [
        _place(plant, layout, place, robots=range(first[row], first[row + 1]), box=boxes[row])
        for row, place in enumerate(plant.places)
    ]


def _place(
    plant: Plant, layout: Layout, place: Place, *, robots: range, box: NDArray[np.float64] | None
) -> Table:
    xyz = np.array(place.pose.at((getattr(place.params, "length", 0.0) / 2, 0.0, 0.0)))
    if box is not None:
        xyz = np.array([*box.mean(axis=0)[:2], box[0, 2]])
    row: Table = {
        "path": place.path,
        "name": place.name,
        "kind": kind_name(KINDS[kind_code(place.params)]),
        "xyz": numbers(xyz, 4),
        "size": None if box is None else numbers(box[1] - box[0], 4),
        "params": _params(plant, place),
        "robots": list(robots),
    }
    if isinstance(place.params, Station):
        row["process"] = _process(plant, layout, place.params.process_time, robots)
    return row


def _params(plant: Plant, place: Place) -> Table:
    rows: Table = {}
    for each in parameters(type(place.params)):
        value = getattr(place.params, each.name)
        row: Table = {"value": value}
        row |= {"unit": each.unit, "doc": each.doc, "live": each.live}
        provenance = plant.provenance.get(f"{place.path}.{each.usd_name}")
        if provenance is not None:
            row |= {"source": provenance[0], "confidence": provenance[1]}
        rows[each.usd_name.partition(":")[2]] = row
    return rows


def _process(plant: Plant, layout: Layout, seconds: float, robots: range) -> dict[str, float]:
    """Time of work on each product [s]: the longest robot program, then the process time."""
    rows = layout.first_program[robots.start : robots.stop]
    return {
        product.name: round(seconds + layout.programs.duration[rows + number].max(initial=0.0), 6)
        for number, product in enumerate(plant.products)
    }


def _boxes(drawn: Prototypes, place_count: int) -> list[NDArray[np.float64] | None]:
    """The box around what stands still at each place, shape [2, 3] [m]; None where nothing does."""
    boxes: list[NDArray[np.float64] | None] = [None] * place_count
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    for instance in drawn.instances:
        if instance.place < 0 or instance.frame.robot >= 0 or instance.frame.look >= 0:
            continue
        low, high = drawn.prototypes[instance.prototype].box
        points = (low + corners * (high - low)) @ instance.matrix[:3, :3].T
        points += instance.matrix[:3, 3]
        if (box := boxes[instance.place]) is not None:
            points = np.concatenate([points, box])
        boxes[instance.place] = np.stack([points.min(axis=0), points.max(axis=0)])
    return boxes
