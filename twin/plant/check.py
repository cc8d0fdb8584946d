"""Can this plant run? Every rule about parameters, links, products and programs, place by place."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from types import ModuleType

import numpy as np

from twin.core.directory import Surroundings
from twin.core.parameters import Parameter, Params, Vector, parameters, problems_of
from twin.errors import Problem, nearest
from twin.kinds.source import Source
from twin.plant.plant import Place, Plant, Robot
from twin.plant.routes import route_problems

__all__ = ["NEAR", "check", "kind_of", "rules_of_kind"]

CALENDAR = "twin:calendar"
PASSING = ("router", "merge")  # they hand parts on where these are
NEAR = 0.01  # m; parts may not jump further than this from place to place
SAME = 1e-6  # rad; nor robots from program to program


def check(plant: Plant) -> list[Problem]:
    """Every problem of a plant, in the order of its places; empty if it can run."""
    problems: list[Problem] = []
    for place in plant.places:
        problems += [*problems_of(place.path, place.params), *_programs(plant, place)]
    problems += _relations(plant)
    problems += _rules_of_kinds(plant, {problem.path.split()[0] for problem in problems})
    problems += _names(plant)
    known = {place.path for place in plant.places}
    links = [problem for place in plant.places for problem in _links_of(place, known)]
    if links:
        return problems + links
    return [*problems, *_givers(plant), *_unreachable(plant), *_jumps(plant)]


def _names(plant: Plant) -> Iterator[Problem]:
    for path, count in Counter(place.path for place in plant.places).items():
        if count > 1:
            yield Problem(path, "must be the path of one place only", f"{count} places")
    for name, count in Counter(product.name for product in plant.products).items():
        if count > 1:
            yield Problem(name, "must be the name of one product only", f"{count} products")
    if not any(isinstance(place.params, Source) for place in plant.places):
        yield Problem(plant.name, "needs at least one source, or nothing ever moves")


def _rules_of_kinds(plant: Plant, broken: set[str]) -> Iterator[Problem]:
    """Rules between parameters, products and neighbours, where parameters are sound so far."""
    for place, around in zip(plant.places, plant.surroundings(), strict=True):
        if place.path not in broken:
            yield from rules_of_kind(place.params, around)


def rules_of_kind(params: Params, around: Surroundings) -> list[Problem]:
    """What breaks the rules that the kind of a place has for it."""
    rules = getattr(_module(params), "problems", None)
    return list(rules(params, around)) if rules else []


def _module(params: Params) -> ModuleType:
    """The kind that parameters belong to."""
    return sys.modules[type(params).__module__]


def kind_of(params: Params) -> str:
    """The name of the kind that has such parameters."""
    return type(params).__module__.rpartition(".")[2]


def _relations(plant: Plant) -> Iterator[Problem]:
    """What a place refers to, besides the places that take its parts."""
    kinds = {place.path: kind_of(place.params) for place in plant.places}
    for place in plant.places:
        for each in parameters(type(place.params)):
            if each.to is not None:
                paths = getattr(place.params, each.name)
                yield from _targets(f"{place.path} {each.usd_name}", paths, each, kinds)
        if place.calendar and kinds.get(place.calendar) != "calendar":
            known = [path for path, kind in kinds.items() if kind == "calendar"]
            rule = "must point at a calendar"
            yield Problem(
                f"{place.path} {CALENDAR}", rule, place.calendar, nearest(place.calendar, known)
            )


def _targets(
    where: str, paths: Sequence[str], relation: Parameter, kinds: dict[str, str]
) -> Iterator[Problem]:
    to = relation.to or ()
    for path in paths:
        if path not in kinds or (to and kinds[path] not in to):
            known = [each for each, kind in kinds.items() if not to or kind in to]
            rule = f"must point at a {' or '.join(to)}" if to else "must point at a place"
            yield Problem(where, rule, path, nearest(path, known))
    if relation.most and len(paths) > relation.most:
        yield Problem(where, f"must point at {relation.most} at most", str(len(paths)))


def _links_of(place: Place, known: set[str]) -> Iterator[Problem]:
    where = f"{place.path} twin:next"
    for path in place.next:
        if path not in known:
            yield Problem(where, "must point at a place", path, nearest(path, known))
        elif path == place.path:
            yield Problem(where, "must not point at the place itself", path)
    if not place.params.gives:
        if place.next:
            rule = f"must be empty: no parts leave a {kind_of(place.params)}"
            yield Problem(where, rule, ", ".join(place.next))
    elif not place.next:
        yield Problem(where, "must point at the place that takes its parts", "nothing")


def _givers(plant: Plant) -> Iterator[Problem]:
    """Whoever is given parts must take them."""
    for giver, taker in plant.links:
        place = plant.places[taker]
        if not place.params.takes:
            rule = f"is a {kind_of(place.params)} and takes no parts"
            yield Problem(place.path, rule, f"links from {plant.places[giver].path}")


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
        if i not in seen and place.params.takes:
            rule = "can't be reached from any source"
            yield Problem(place.path, rule, way_out="link it with twin:next of the place before it")


def _jumps(plant: Plant) -> Iterator[Problem]:
    """A part may not jump: it moves to a station in its transfer time, onto a conveyor in none.

    A router or a merge passes parts on without moving them: they come from where the place before
    it ends.
    """
    entries: dict[str, list[Place]] = {}
    for place in plant.places:
        for path in place.next:
            entries.setdefault(path, []).append(place)
    for giver, taker in plant.links:
        before, after = plant.places[giver], plant.places[taker]
        if kind_of(before.params) == kind_of(after.params) == "dock":
            continue  # a vehicle carries the part
        if kind_of(after.params) in PASSING:
            continue  # whoever takes it from there
        for path, xyz in _exits(before, after.path, entries, set()):
            gap = _distance(xyz, after.pose.xyz)
            if gap > NEAR:
                yield from _jump(path, after, gap)


def _distance(a: Vector, b: Vector) -> float:
    return float(np.linalg.norm(np.subtract(a, b)))


def _exits(
    before: Place, to: str, entries: dict[str, list[Place]], seen: set[str]
) -> Iterator[tuple[str, Vector]]:
    """The places from which parts come to another one, and where they end [m]."""
    if kind_of(before.params) not in PASSING:
        yield before.path, before.exit_to(to).xyz
    elif before.path not in seen:
        seen.add(before.path)
        for place in entries.get(before.path, ()):
            yield from _exits(place, before.path, entries, seen)


def _jump(giver: str, after: Place, gap: float) -> Iterator[Problem]:
    if len(after.params.track()) > 1:
        rule = f"must begin where {giver} ends"
        yield Problem(after.path, rule, f"a gap of {gap:.3f} m", "move it or change its length")
    elif getattr(after.params, "transfer_time", None) == 0:
        rule = f"must be > 0 s: {giver} ends {gap:.3f} m away"
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
    yield from route_problems(place, names)


def _rests(robot: Robot) -> Iterator[Problem]:
    """A robot may not jump from the end of one program to the beginning of the next."""
    programs = [program for program in robot.programs if len(program.waypoints)]
    for program in programs:
        home, ends = programs[0].waypoints[0], program.waypoints[[0, -1]]
        if home.shape == ends.shape[1:] and not np.allclose(ends, home, rtol=0, atol=SAME):
            rule = "must begin and end where the robot's first program begins"
            off = np.degrees(np.abs(ends - home).max())
            yield Problem(f"{program.path} twin:waypoints", rule, f"a joint {off:.3g} degrees off")
