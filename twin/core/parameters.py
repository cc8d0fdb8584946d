"""Parameters of equipment, declared once with type, unit, range and meaning.

From one declaration come the USD schema, the validation, the help text, the inspector in the viewer
and the table in the README.
"""

import dataclasses
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, NamedTuple

from twin.errors import Problem, nearest

__all__ = ["LONGEST", "Parameter", "Params", "Track", "Vector", "param", "parameters"]
__all__ += ["problems_of", "relation", "type_name"]

LONGEST = 1e9  # s, some 30 years: no time in a plant is longer

Value = float | int | bool | str | tuple[str, ...] | tuple[float, ...] | tuple[int, ...]
Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What one parameter is: `name` in Python, `usd_name` in a scene, and its rule."""

    name: str
    type: type
    default: Value
    unit: str
    doc: str
    gt: float | None
    ge: float | None
    le: float | None
    choices: tuple[str, ...]
    live: bool
    required: bool
    to: tuple[str, ...] | None = None  # of a relation: the kinds it may point at; empty is any
    most: int = 0  # of a relation: how many it may name; 0 is any number

    @property
    def is_relation(self) -> bool:
        """Whether it names other prims."""
        return self.to is not None

    @property
    def usd_name(self) -> str:
        """The attribute's name in a scene: process_time is twin:processTime."""
        head, *rest = self.name.split("_")
        return "twin:" + head + "".join(word.capitalize() for word in rest)

    @property
    def rule(self) -> str:
        """The range in words, such as 'must be > 0 m/s'."""
        unit = f" {self.unit}" if self.unit else ""
        if self.choices:
            return f"must be one of {', '.join(self.choices)}"
        bounds = [
            f"{sign} {limit:g}"
            for sign, limit in ((">", self.gt), (">=", self.ge), ("<=", self.le))
            if limit is not None
        ]
        return f"must be {' and '.join(bounds)}{unit}" if bounds else f"must be finite{unit}"

    def accepts(self, value: Value) -> bool:
        """Whether a value of the right type is within the rule."""
        if self.choices:
            return all(each in self.choices for each in _texts(value))
        if isinstance(value, bool | str):
            return True
        numbers = value if isinstance(value, tuple) else (value,)
        return all(self._within(number) for number in numbers if not isinstance(number, str))

    def _within(self, number: float) -> bool:
        return (
            math.isfinite(number)
            and (self.gt is None or number > self.gt)
            and (self.ge is None or number >= self.ge)
            and (self.le is None or number <= self.le)
        )


class Track(NamedTuple):
    """A way of a part through a place, in the place's own frame."""

    points: tuple[Vector, ...]  # m
    turns: tuple[float, ...] = ()  # of the part about Z at each point [rad]; empty: none
    s: tuple[float, ...] = ()  # rising coordinates of the points; empty: metres along the way


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Base of the parameters of one kind of thing; fields are declared with `param`."""

    takes: ClassVar[bool] = True  # whether parts come into it
    gives: ClassVar[bool] = True  # whether parts leave it for other places

    def track(self) -> tuple[Vector, ...]:
        """The way of a part through it, in its own frame [m]; parts leave where it ends."""
        return ((0.0, 0.0, 0.0),)

    def tracks(self) -> tuple[Track, ...]:
        """The ways of a part through it: one for each exit, or one for all."""
        return (Track(self.track()),)


def param(
    default: Value | None = None,
    *,
    doc: str,
    unit: str = "",
    gt: float | None = None,
    ge: float | None = None,
    le: float | None = None,
    choices: tuple[str, ...] = (),
    live: bool = False,
) -> Any:
    """Declare one parameter of a `Params` class.

    Args:
        default: the value where nothing is authored; None means that a value must be given.
        doc: what it means, one or two sentences for a planner.
        unit: SI unit, empty where there is none.
        gt: the value must be greater than this.
        ge: the value must be at least this.
        le: the value must be at most this.
        choices: the only texts allowed.
        live: a command may change it while the plant runs.
    """
    rule = {"doc": doc, "unit": unit, "gt": gt, "ge": ge, "le": le}
    metadata = rule | {"choices": choices, "live": live}
    if default is None:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def relation(*, doc: str, to: tuple[str, ...] = (), most: int = 0) -> Any:
    """Declare a relation to other prims of a `Params` class: their paths, in order; none at first.

    Args:
        doc: what it means, one or two sentences for a planner.
        to: names of the kinds that it may point at; empty is every place.
        most: how many it may name; 0 is any number.
    """
    rule = dict.fromkeys(("gt", "ge", "le")) | {"choices": (), "live": False, "unit": ""}
    return dataclasses.field(default=(), metadata=rule | {"doc": doc, "to": to, "most": most})


@cache
def parameters(kind: type[Params]) -> tuple[Parameter, ...]:
    """The declared parameters of a `Params` class, in order."""
    return tuple(_describe(field) for field in dataclasses.fields(kind))


def _describe(field: "dataclasses.Field[Any]") -> Parameter:
    required = field.default is dataclasses.MISSING
    annotated: Any = field.type
    empty: dict[Any, Value] = {float: 0.0, int: 0, bool: False, str: ""}
    default: Any = empty.get(annotated, ()) if required else field.default
    return Parameter(
        name=field.name, type=annotated, default=default, required=required, **field.metadata
    )


def problems_of(path: str, params: Params) -> list[Problem]:
    """Every parameter of one thing that breaks its rule."""
    return [
        Problem(f"{path} {each.usd_name}", each.rule, repr(value), _way_out(each, value))
        for each in parameters(type(params))
        if not each.accepts(value := getattr(params, each.name))
    ]


def _way_out(parameter: Parameter, value: Value) -> str:
    wrong = [each for each in _texts(value) if each not in parameter.choices]
    if parameter.choices and wrong:
        return nearest(str(wrong[0]), parameter.choices)
    return ""


def _texts(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def type_name(kind: type[Params]) -> str:
    """The name of the USD schema that carries these parameters: Station is TwinStationAPI."""
    return f"Twin{re.sub('Params$', '', kind.__name__)}API"
