"""A section of a plant: some of its places, with sources and sinks where it is cut."""

from collections.abc import Sequence
from dataclasses import replace

from twin.kinds.calendar import Calendar
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.plant import Place, Plant

__all__ = ["section"]


def section(plant: Plant, groups: Sequence[str], sequence: tuple[str, ...] = ()) -> Plant:
    """The places below some prims, by themselves; what came from elsewhere is always there.

    Args:
        plant: to cut out of.
        groups: paths of the prims.
        sequence: of the products that come in where it is cut.
    """
    inside = {
        place.path
        for place in plant.places
        if place.path.startswith(tuple(f"{g}/" for g in groups))
    }
    kept = [each for each in plant.places if isinstance(each.params, Calendar)]
    for place in plant.places:
        others = [path for path in place.next if (path in inside) != (place.path in inside)]
        for path in others:
            if path in inside:
                supply = Source(interval=0.0, sequence=sequence)
                kept.append(Place(path=f"/In_{len(kept)}", params=supply, next=(path,)))
            elif f"/Out{path}" not in {each.path for each in kept}:
                kept.append(Place(path=f"/Out{path}", params=Sink()))
        if place.path in inside:
            ways = tuple(path if path in inside else f"/Out{path}" for path in place.next)
            kept.append(replace(place, next=ways))
    return replace(plant, places=tuple(kept))
