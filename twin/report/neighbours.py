"""Who stands before and after a place in the flow."""

from collections.abc import Iterable

from twin.plant import Plant
from twin.report.roles import Role, role_of

__all__ = ["Neighbours", "reached"]

Steps = dict[int, list[int]]  # from a row to the rows one link on


class Neighbours:
    """The nearest machines of every place, past conveyors and buffers."""

    def __init__(self, plant: Plant) -> None:
        """Sort the links of a plant by their ends."""
        rows = range(len(plant.places))
        machine = (Role.MACHINE, Role.SOURCE)
        self.machines = {row for row in rows if role_of(plant, row) in machine}
        self.stations = [row for row in rows if role_of(plant, row) is Role.MACHINE]
        self._after = _by_first(plant.links)
        self._before = _by_first((taker, giver) for giver, taker in plant.links)

    def before(self, row: int) -> list[int]:
        """The nearest machines upstream."""
        return self._nearest(row, self._before)

    def after(self, row: int) -> list[int]:
        """The nearest machines downstream."""
        return self._nearest(row, self._after)

    def _nearest(self, row: int, steps: Steps) -> list[int]:
        found: list[int] = []
        seen, frontier = {row}, [row]
        while frontier:
            onward = sorted({b for a in frontier for b in steps.get(a, ())} - seen)
            seen.update(onward)
            found += [other for other in onward if other in self.machines]
            frontier = [other for other in onward if other not in self.machines]
        return found


def reached(start: Iterable[int], links: Iterable[tuple[int, int]]) -> set[int]:
    """The rows where one can come to over links, those where one starts included."""
    steps = _by_first(links)
    seen = set(start)
    frontier = seen
    while frontier:
        frontier = {b for a in frontier for b in steps.get(a, ())} - seen
        seen = seen | frontier
    return seen


def _by_first(links: Iterable[tuple[int, int]]) -> Steps:
    steps: Steps = {}
    for a, b in links:
        steps.setdefault(a, []).append(b)
    return steps
