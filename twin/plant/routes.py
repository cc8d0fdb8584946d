"""Rules of programs by targets that need no geometry: arcs, tools, signals, interlocks."""

from collections.abc import Iterator, Sequence

from twin.errors import Problem, nearest
from twin.plant.plant import Place, Program
from twin.plant.route import Route

__all__ = ["route_problems"]

WITH_TOOL = ("weld", "seal", "pick", "place")
WITH_SIGNAL = ("wait", "set")


def route_problems(place: Place, products: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with the programs by targets of one place."""
    for robot in place.robots:
        for program in robot.programs:
            if program.route is not None:
                yield from _own(program.path, program.route)
    told: set[tuple[Program, str]] = set()
    for product in products:
        programs = [robot.program_for(product) for robot in place.robots]
        team = [program for program in programs if program is not None]
        known = {signal for program in team for signal in _signals(program, "set")}
        for program in team:
            for signal in _signals(program, "wait"):
                if signal and signal not in known and (program, signal) not in told:
                    told.add((program, signal))
                    rule = f"must wait for a signal that a program at {place.path} sets"
                    yield Problem(
                        f"{program.path} twin:signals", rule, signal, nearest(signal, known)
                    )


def _signals(program: Program, action: str) -> list[str]:
    route = program.route
    if route is None:
        return []
    rows = zip(route.actions, route.signals, strict=True)
    return [signal for own, signal in rows if own == action]


def _own(path: str, route: Route) -> Iterator[Problem]:
    yield from _arcs(path, route)
    acts = next((action for action in route.actions if action in WITH_TOOL), None)
    if acts and not route.tool_path:
        rule, way_out = f"needs a tool to {acts}", "name its frame, below the robot's last link"
        yield Problem(f"{path} twin:tool", rule, "nothing", way_out)
    for visit, name in enumerate(route.names):
        if route.actions[visit] in WITH_SIGNAL and not route.signals[visit]:
            rule = f"must name the signal to {route.actions[visit]} at visit {visit + 1}, {name}"
            yield Problem(f"{path} twin:signals", rule, "nothing")
        if route.moves[visit] == "joint" and route.speeds[visit] > 1:
            rule = f"must be at most 1, a share, for the joint move to visit {visit + 1}, {name}"
            yield Problem(f"{path} twin:speeds", rule, f"{route.speeds[visit]:g}")
    for lock in route.interlocks:
        if lock.last < lock.first:
            rule = f"must not leave {lock.zone} before it enters it, at visit {lock.first + 1}"
            yield Problem(f"{path} twin:interlockLast", rule, str(lock.last + 1))


def _arcs(path: str, route: Route) -> Iterator[Problem]:
    for visit in sorted(route.through):
        name = f"visit {visit + 1}, {route.names[visit]}"
        if route.moves[visit + 1 : visit + 2] != ("arc",):
            rule, way_out = "must have arcs in pairs", "an arc goes through a visit, to the next"
            yield Problem(f"{path} twin:moves", rule, f"a single one to {name}", way_out)
        if route.actions[visit] != "none":
            rule = f"must be none at {name}: an arc goes through it"
            yield Problem(f"{path} twin:actions", rule, route.actions[visit])
