"""A plant: places, how they are linked, the robots at them, and the products that flow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.core.directory import Surroundings
from twin.core.parameters import Params, Vector
from twin.errors import CommandError, nearest
from twin.motion import Arm
from twin.motion.frame import about, compose, rotate
from twin.plant.route import Route

__all__ = ["Place", "Plant", "Pose", "Product", "Program", "Robot", "connect"]


@dataclass(frozen=True, slots=True)
class Pose:
    """Where something stands in the world."""

    xyz: Vector = (0.0, 0.0, 0.0)  # m
    wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)

    def at(self, local: Vector) -> Vector:
        """The world position [m] of a point given in this frame."""
        x, y, z = (np.asarray(self.xyz) + rotate(self.wxyz, local)).tolist()
        return (x, y, z)

    def turned(self, local: Vector, turn: float) -> "Pose":
        """The pose of a thing at a point of this frame, turned about its Z axis [rad]."""
        if turn == 0.0:
            return Pose(self.at(local), self.wxyz)
        w, x, y, z = compose(self.wxyz, about((0.0, 0.0, 1.0), turn)).tolist()
        return Pose(self.at(local), (w, x, y, z))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """What a robot does to a product: joint positions one after another, with waits, or targets."""

    path: str
    products: tuple[str, ...]  # names; empty for all
    waypoints: NDArray[np.float64]  # joint positions, shape [n, J] [rad]; of a route: home, n = 1
    dwells: NDArray[np.float64]  # wait at each waypoint, shape [n] [s]
    route: Route | None = None  # the targets, if it has some


def _nowhere() -> NDArray[np.float64]:
    return np.empty((0, 6))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Robot:
    """A robot at a station; every product needs one program."""

    path: str
    arm: Arm
    base: Pose
    programs: tuple[Program, ...]
    home: NDArray[np.float64] = field(default_factory=_nowhere)  # [rad], shape [1, J]; [0, J]: none

    def program_for(self, product: str) -> Program | None:
        """The program for a product: its own before the one for all."""
        own = [program for program in self.programs if product in program.products]
        common = [program for program in self.programs if not program.products]
        return (own + common or [None])[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What flows: a name, and the forms that it takes on its way, first to last."""

    name: str
    path: str = ""
    forms: tuple[str, ...] = ("",)
    carrier: bool = False  # whether it carries others round and round, and is no work in process


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One piece of equipment: its prim path is its identity everywhere."""

    path: str
    params: Params
    pose: Pose = Pose()
    next: tuple[str, ...] = ()  # prim paths of the places it gives to
    robots: tuple[Robot, ...] = ()
    calendar: str = ""  # prim path of the shifts that it keeps
    label: str = ""  # what people call it, where that is not the last name of its path

    @property
    def name(self) -> str:
        """What people call it."""
        return self.label or self.path.rpartition("/")[2]

    def exit_to(self, taker: str) -> Pose:
        """Where parts leave for the place with a path, and how they are turned there."""
        tracks = self.params.tracks()
        number = self.next.index(taker) if len(tracks) > 1 else 0
        track = tracks[min(number, len(tracks) - 1)]
        return self.pose.turned(track.points[-1], track.turns[-1] if track.turns else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """Everything that exists in one plant. `twin.plant.check` says whether it can run."""

    name: str = "Plant"
    places: tuple[Place, ...]
    products: tuple[Product, ...] = (Product(name="part"),)
    digest: str = ""  # of the scene it was read from
    provenance: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Attribute path to (source, confidence) of its value."""

    def index(self, path: str) -> int:
        """The row of a place.

        Raises:
            CommandError: there is no place with this path.
        """
        for row, place in enumerate(self.places):
            if place.path == path:
                return row
        known = [place.path for place in self.places]
        raise CommandError(f"{path} is not a place of {self.name}; {nearest(path, known)}")

    def surroundings(self) -> tuple[Surroundings, ...]:
        """What each place has around it, in the order of the places."""
        params = {place.path: place.params for place in self.places}
        forms = {product.name: max(1, len(product.forms)) for product in self.products}
        xyz = {place.path: place.pose.xyz for place in self.places}
        onward = {place.path: place.next for place in self.places}
        entries: dict[str, list[str]] = {path: [] for path in params}
        for place in self.places:
            for path in place.next:
                entries.get(path, []).append(place.path)
        known: dict[Any, Any] = {}
        return tuple(
            Surroundings(
                path=place.path, exits=place.next, entries=tuple(entries[place.path]),
                forms=forms, params=params, xyz=xyz, onward=onward, known=known,
            )
            for place in self.places
        )  # fmt: skip

    @property
    def carriers(self) -> tuple[bool, ...]:
        """For each product, whether it is declared a carrier, or is the body of vehicles."""
        bodies = {getattr(place.params, "look", "") for place in self.places}
        return tuple(each.carrier or each.name in bodies for each in self.products)

    @property
    def robots(self) -> tuple[Robot, ...]:
        """All robots, place by place."""
        return tuple(robot for place in self.places for robot in place.robots)

    @property
    def links(self) -> tuple[tuple[int, int], ...]:
        """Giver and taker rows of every link, in the order of the givers."""
        row = {place.path: i for i, place in enumerate(self.places)}
        return tuple((row[place.path], row[to]) for place in self.places for to in place.next)


def connect(places: Iterable[Place | tuple[str, Params]]) -> tuple[Place, ...]:
    """Link places into a line, each giving to the next; made for studies and tests in Python."""
    line: Sequence[Place] = [
        each if isinstance(each, Place) else Place(path=each[0], params=each[1]) for each in places
    ]
    linked = [replace(one, next=(two.path,)) for one, two in pairwise(line)]
    return (*linked, *line[-1:])
