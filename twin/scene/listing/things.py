"""Lines of a list as things of a plant: kind, parameters, where it stands, what comes next.

    name    path below the plant, such as Line/Station_010
    kind    station, conveyor, ... as in the README's table, or product, robot, group
    next    names of the places that take its parts; without this column, the place below it
    x y z   where it stands [m], in the frame of what is above it; turn: about Z [deg]
    asset   what it looks like: a bundled asset such as stations/station, or a USD file

Every other column is a parameter, by its name in Python or USD. A name stands for the only path
that ends in it.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from twin.core.parameters import Parameter, Params, Value, parameters, type_name
from twin.errors import CommandError, Problem, SceneError, nearest
from twin.plant.declared import ProductParams, RobotParams
from twin.scene.listing.names import Names
from twin.scene.listing.table import Row, Table
from twin.scene.overrides import parse_value
from twin.scene.schema import is_place, schemas

__all__ = ["GROUP", "Thing", "kind_names", "things_of"]

POSE = ("x", "y", "z", "turn")
FIXED = ("name", "kind", "next", *POSE, "asset")
GROUP = "group"
FARTHEST = 1e5  # m
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One prim to be written."""

    name: str  # path below the plant
    row: Row
    kind: type[Params] | None  # None: something that only stands there
    xyz: tuple[float, float, float] | None
    turn: float  # about Z [deg]
    asset: str
    next: tuple[str, ...] = ()  # names
    values: dict[str, Value] = field(default_factory=dict[str, Value])

    @property
    def is_place(self) -> bool:
        """Whether it has a life of its own in a run."""
        return self.kind is not None and is_place(self.kind)

    @property
    def takes(self) -> bool:
        """Whether parts come into it."""
        return self.kind is not None and self.kind.takes

    @property
    def gives(self) -> bool:
        """Whether parts leave it for other places."""
        return self.kind is not None and self.kind.gives


@cache
def kind_names() -> dict[str, type[Params]]:
    """What a list may call the kinds: paced_line is PacedLine."""
    kinds = [kind for kind in schemas().values() if is_place(kind)]
    kinds += [ProductParams, RobotParams]
    words = {type_name(kind).removeprefix("Twin").removesuffix("API"): kind for kind in kinds}
    return {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word).lower(): words[word] for word in words}


def things_of(table: Table) -> list[Thing]:
    """Every line as a thing, in order, with names made whole.

    Raises:
        SceneError: lines are wrong; every problem, up to 20.
    """
    missing = [each for each in ("name", "kind") if each not in table.columns]
    if missing:
        rule = f"must name the column {missing[0]}"
        raise SceneError([table.problem(None, rule, ", ".join(table.columns))])
    reader = _Reader(table, Names(table), list(_unknown_columns(table)))
    things: list[Thing] = []
    for row in table.rows:
        things.append(reader.thing(row))
        if len(reader.problems) >= MOST_PROBLEMS:
            break
    if not table.rows:
        rule = "must be followed by things, one a line"
        reader.problems.append(table.problem(None, rule, "nothing"))
    if reader.problems:
        raise SceneError(reader.problems[:MOST_PROBLEMS])
    return things


def _unknown_columns(table: Table) -> Iterator[Problem]:
    known = {each for kind in kind_names().values() for each in _parameters(kind)} | {*FIXED}
    for each in table.columns:
        if each not in known:
            rule = "must be a column of the list, or a parameter"
            yield table.problem(None, rule, each, nearest(each, known))


@cache
def _parameters(kind: type[Params]) -> Mapping[str, Parameter]:
    """The parameters of a kind by all names that a list may give them."""
    both = [(each.name, each.usd_name.partition(":")[2], each) for each in parameters(kind)]
    return {name: each for *names, each in both for name in names}


@dataclass(slots=True)
class _Reader:
    """Reads the lines of one list; problems are gathered."""

    table: Table
    names: Names
    problems: list[Problem]

    def thing(self, row: Row) -> Thing:
        """What a line says, with stand-ins where that is wrong."""
        self.problems += self.names.problems(row)
        told = row.cells.get("kind", "")
        kind = kind_names().get(told)
        if kind is None and told != GROUP:
            way_out = nearest(told, [*kind_names(), GROUP])
            self._wrong(row, "kind must be one that there is", told or "nothing", way_out)
        x, y, z, turn = (self._number(row, column) for column in POSE)
        return Thing(
            name=row.cells.get("name", ""),
            row=row,
            kind=kind,
            xyz=(x, y, z) if any(column in row.cells for column in POSE) else None,
            turn=turn,
            asset=row.cells.get("asset", ""),
            next=self._names(row, "next"),
            values=self._values(row, kind) if kind else {},
        )

    def _wrong(self, row: Row, rule: str, value: str = "", way_out: str = "") -> None:
        self.problems.append(self.table.problem(row, rule, value, way_out))

    def _number(self, row: Row, column: str) -> float:
        text = row.cells.get(column, "0")
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if abs(number) <= FARTHEST:
            return number
        unit = "deg" if column == "turn" else "m"
        self._wrong(row, f"{column} must be a number up to {FARTHEST:g} {unit}", text)
        return 0.0

    def _names(self, row: Row, column: str) -> tuple[str, ...]:
        found, problems = self.names.found(row, column)
        self.problems += problems
        return found

    def _values(self, row: Row, kind: type[Params]) -> dict[str, Value]:
        """The parameters that a line gives."""
        values: dict[str, Value] = {}
        for column, text in row.cells.items():
            if column in FIXED:
                continue
            parameter = _parameters(kind).get(column)
            if parameter is None:
                rule = f"{column} must be empty: {row.cells['kind']} has no such parameter"
                self._wrong(row, rule, text)
            elif parameter.is_relation:
                values[parameter.name] = self._names(row, column)
            else:
                values[parameter.name] = self._value(row, parameter, column)
        for each in parameters(kind):
            if each.required and each.name not in values:
                self._wrong(row, f"{each.name} must be given: it {each.rule}")
        return values

    def _value(self, row: Row, parameter: Parameter, column: str) -> Value:
        text = row.cells[column]
        try:
            value = parse_value(parameter, text, column)
        except CommandError as error:
            self._wrong(row, str(error))
            return parameter.default
        if not parameter.accepts(value):
            way_out = nearest(text, parameter.choices) if parameter.choices else ""
            self._wrong(row, f"{column} {parameter.rule}", text, way_out)
        return value
