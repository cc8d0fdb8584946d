"""The names in a list, and what short ones stand for."""

import re
from collections.abc import Iterator

from pxr import Sdf

from twin.errors import Problem, nearest
from twin.scene.listing.table import Row, Table

__all__ = ["Names"]


class Names:
    """All names of one list, as paths below the plant."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._seen: set[str] = set()
        self._all = {row.cells.get("name", "") for row in table.rows}
        self._ends: dict[str, list[str]] = {}
        for name in sorted(self._all):
            self._ends.setdefault(name.rpartition("/")[2], []).append(name)

    def problems(self, row: Row) -> Iterator[Problem]:
        """What is wrong with the name of a line."""
        name = row.cells.get("name", "")
        if not all(Sdf.Path.IsValidIdentifier(each) for each in name.split("/")):
            rule = "name must be words of letters, digits and _, parted by /"
            yield self._table.problem(row, rule, name or "nothing", "such as Line/Station_010")
        elif name in self._seen:
            yield self._table.problem(row, "name must be given once", name)
        self._seen.add(name)

    def found(self, row: Row, column: str) -> tuple[tuple[str, ...], list[Problem]]:
        """The whole names that a cell lists, and what is wrong with it."""
        found: list[str] = []
        problems: list[Problem] = []
        for each in re.findall(r"[^;,\s]+", row.cells.get(column, "")):
            whole = [each] if each in self._all else self._ends.get(each, [])
            found += whole[:1]
            if not whole:
                rule = f"{column} must name a thing of the list"
                way_out = nearest(each, self._all | set(self._ends))
                problems.append(self._table.problem(row, rule, each, way_out))
            elif len(whole) > 1:
                rule, way_out = (
                    f"{column} must name one thing",
                    f"write one of: {', '.join(whole[:4])}",
                )
                problems.append(self._table.problem(row, rule, each, way_out))
        return tuple(found), problems
