"""Can this plant run? Every rule about parameters, links, products and programs, place by place."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from twin.core.parameters import problems_of
from twin.errors import Problem, nearest
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.plant import Place, Plant, Robot

__all__ = ["NEAR", "check"]

NEAR = 0.01  # m; parts may not jump further than this from place to place
SAME = 1e-6  # rad; nor robots from program to program


def check(plant: Plant) -> list[Problem]:
    """Every problem of a plant, in the order of its places; empty if it can run."""
    problems: list[Problem] = []
    for place in plant.places:
        problems += [*problems_of(place.path, place.params), *_parameters_together(plant, place)]
        problems += _programs(plant, place)
    problems += _names(plant)
    known = {place.path for place in plant.places}
    links = [problem for place in plant.places for problem in _links_of(place, known)]
    if links:
        return problems + links
    return [*problems, *_givers(plant), *_unreachable(plant), *_circles(plant), *_jumps(plant)]


def _names(plant: Plant) -> Iterator[Problem]:
    for path, count in Counter(place.path for place in plant.places).items():
        if count > 1:
            yield Problem(path, "must be the path of one place only", f"{count} places")
    for name, count in Counter(product.name for product in plant.products).items():
        if count > 1:
            yield Problem(name, "must be the name of one product only", f"{count} products")
    if not any(isinstance(place.params, Source) for place in plant.places):
        yield Problem(plant.name, "needs at least one source, or nothing ever moves")


def _parameters_together(plant: Plant, place: Place) -> Iterator[Problem]:
    """Rules between several parameters, or between parameters and products."""
    match place.params:
        case Source() as source:
            names = [product.name for product in plant.products]
            for name in dict.fromkeys(source.sequence):
                if name not in names:
                    rule = "must name products of the plant"
                    yield Problem(f"{place.path} twin:sequence", rule, name, nearest(name, names))
        case Station() as station:
            yield from _station(plant, place.path, station)
        case Conveyor() as conveyor:
            if conveyor.spacing > conveyor.length:
                rule = f"must be <= twin:length ({conveyor.length:g} m)"
                yield Problem(f"{place.path} twin:spacing", rule, f"{conveyor.spacing:g}")
        case _:
            pass


def _station(plant: Plant, path: str, station: Station) -> Iterator[Problem]:
    if station.mtbf > 0 and station.mttr <= 0:
        rule = "must be > 0 s where twin:mtbf is set"
        yield Problem(f"{path} twin:mttr", rule, f"{station.mttr:g}")
    if station.process_distribution == "uniform" and station.process_spread > station.process_time:
        rule = f"must be <= twin:processTime ({station.process_time:g} s)"
        yield Problem(f"{path} twin:processSpread", rule, f"{station.process_spread:g}")
    for product in plant.products:
        count = max(1, len(product.forms))
        if station.form >= count:
            rule = f"must be below {count}, the number of forms of {product.name}"
            yield Problem(f"{path} twin:form", rule, str(station.form))


def _links_of(place: Place, known: set[str]) -> Iterator[Problem]:
    where = f"{place.path} twin:next"
    for path in place.next:
        if path not in known:
            yield Problem(where, "must point at a place", path, nearest(path, known))
        elif path == place.path:
            yield Problem(where, "must not point at the place itself", path)
    if isinstance(place.params, Sink):
        if place.next:
            yield Problem(where, "must be empty: parts end in a sink", ", ".join(place.next))
    elif not place.next:
        yield Problem(where, "must point at the place that takes its parts", "nothing")


def _givers(plant: Plant) -> Iterator[Problem]:
    """Only a merge, or the end of the plant, may take from two places."""
    givers: dict[int, list[str]] = {}
    for giver, taker in plant.links:
        givers.setdefault(taker, []).append(plant.places[giver].path)
    for taker, paths in givers.items():
        place = plant.places[taker]
        if isinstance(place.params, Source):
            yield Problem(place.path, "is a source and takes no parts", f"links from {paths[0]}")
        elif len(paths) > 1 and not isinstance(place.params, Sink):
            rule = "must have one giver only, as it is not a merge"
            yield Problem(place.path, rule, ", ".join(paths), "remove all links but one")


def _unreachable(plant: Plant) -> Iterator[Problem]:
    onward: dict[int, list[int]] = {}
    for giver, taker in plant.links:
        onward.setdefault(giver, []).append(taker)
    seen = {i for i, place in enumerate(plant.places) if isinstance(place.params, Source)}
    frontier = sorted(seen)
    while frontier:
        frontier = sorted({j for i in frontier for j in onward.get(i, [])} - seen)
        seen.update(frontier)
    for i, place in enumerate(plant.places):
        if i not in seen:
            rule = "can't be reached from any source"
            yield Problem(place.path, rule, way_out="link it with twin:next of the place before it")


def _circles(plant: Plant) -> Iterator[Problem]:
    """Links that lead back: follow each place's links depth first and name the first circle."""
    onward: dict[int, list[int]] = {}
    for giver, taker in plant.links:
        onward.setdefault(giver, []).append(taker)
    done: set[int] = set()
    for root in range(len(plant.places)):
        trail: list[int] = []
        stack = [(root, 0)] if root not in done else []
        while stack:
            i, branch = stack.pop()
            del trail[len(stack) :]
            trail.append(i)
            targets = onward.get(i, [])
            if branch == len(targets):
                done.add(i)
                continue
            stack.append((i, branch + 1))
            j = targets[branch]
            if j in trail:
                circle = [plant.places[k].path for k in (*trail[trail.index(j) :], j)]
                yield Problem(f"{circle[-2]} twin:next", "must not lead back", " > ".join(circle))
            elif j not in done:
                stack.append((j, 0))


def _jumps(plant: Plant) -> Iterator[Problem]:
    """A part may not jump: it moves to a station in its transfer time, onto a conveyor in none."""
    for giver, taker in plant.links:
        before, after = plant.places[giver], plant.places[taker]
        gap = float(np.linalg.norm(np.subtract(after.pose.xyz, before.exit)))
        if gap <= NEAR:
            continue
        if isinstance(after.params, Conveyor):
            rule = f"must begin where {before.path} ends"
            yield Problem(after.path, rule, f"a gap of {gap:.3f} m", "move it or change its length")
        elif isinstance(after.params, Station) and after.params.transfer_time == 0:
            rule = f"must be > 0 s: {before.path} ends {gap:.3f} m away"
            yield Problem(f"{after.path} twin:transferTime", rule, "0")


def _programs(plant: Plant, place: Place) -> Iterator[Problem]:
    names = [product.name for product in plant.products]
    for robot in place.robots:
        for name in names:
            if robot.program_for(name) is None:
                way_out = "add one under its Programs, or one without twin:products for all"
                yield Problem(robot.path, f"needs a program for {name}", way_out=way_out)
        for program in robot.programs:
            for name in program.products:
                if name not in names:
                    rule = "must name products of the plant"
                    yield Problem(f"{program.path} twin:products", rule, name, nearest(name, names))
        yield from _rests(robot)


def _rests(robot: Robot) -> Iterator[Problem]:
    """A robot may not jump from the end of one program to the beginning of the next."""
    programs = [program for program in robot.programs if len(program.waypoints)]
    for program in programs:
        home, ends = programs[0].waypoints[0], program.waypoints[[0, -1]]
        if home.shape == ends.shape[1:] and not np.allclose(ends, home, rtol=0, atol=SAME):
            rule = "must begin and end where the robot's first program begins"
            off = np.degrees(np.abs(ends - home).max())
            yield Problem(f"{program.path} twin:waypoints", rule, f"a joint {off:.3g} degrees off")
