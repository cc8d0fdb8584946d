"""Laying out a plant on foot: places one after another, each linked to the one before it."""

import math
from collections.abc import Mapping, Sequence

from pxr import Usd

from scenes.authoring.equipment import Origin, equip
from scenes.authoring.usd import Vector, about_z, group, refer
from scenes.whole_plant.authoring.numbers import EMS, LAYOUT, SKID
from twin.core.parameters import Params
from twin.kinds.conveyor import Conveyor
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.scene.author import keep_shifts, link, stand

__all__ = ["CALENDAR", "ROOT", "Site", "Walk"]

ROOT = "/WholePlant"
CALENDAR = f"{ROOT}/Shifts"
UP = 4.6  # height of what overhead carriers carry [m]
RAIL = -2.6  # of the rail asset below what its carriers carry [m]
SKIDS, CARRIERS = 5.5, 2.75  # spacing on floors and overhead [m]
SKID_SPEED, CARRIER_SPEED = 0.6, 0.8  # m/s
LIFT_TIME = 15.0  # s
LIFTING: Origin = ("lift table 12 to 18 s, engineering judgement", "U")


class Site:
    """The stage with the links between all places, which are written at the end."""

    def __init__(self, stage: Usd.Stage, prefix: str = "./stations") -> None:
        self.stage = stage
        self.prefix = prefix
        self.onward: dict[str, list[str]] = {}
        self.pitches: dict[str, float] = {}  # of the kinds of station in the library
        self.layer: dict[str, object] = {}  # in which each place is authored

    def join(self, giver: str, taker: str) -> None:
        """One more place that takes the parts of another."""
        self.onward.setdefault(giver, []).append(taker)

    def note(self, path: str) -> None:
        """Remember where a place is authored, so that its links go there too."""
        assert path not in self.layer, path
        self.layer[path] = self.stage.GetEditTarget()

    def write_links(self) -> None:
        """Author all links."""
        for giver, takers in self.onward.items():
            self.stage.SetEditTarget(self.layer[giver])
            link(self.stage.GetPrimAtPath(giver), *takers)


class Walk:
    """Places one after another, from a point on, in a group of their own.

    Args:
        site: where they stand.
        name: of the group, below the root, such as Body/Underbody.
        xyz: where to begin [m].
        heading: direction [deg].
        shifts: whether the places keep the shifts.
    """

    def __init__(
        self,
        site: Site,
        name: str,
        xyz: Vector | tuple[float, float],
        heading: float = 0.0,
        *,
        shifts: bool = True,
    ) -> None:
        self.site = site
        self.xyz: Vector = (xyz[0], xyz[1], xyz[2] if len(xyz) > 2 else 0.0)
        self.heading = heading
        self.shifts = shifts
        self.last = ""  # path of the last place
        self.enter(name)

    def enter(self, name: str) -> None:
        """Go on in a group of its own."""
        self.path = f"{ROOT}/{name}"
        self.counts: dict[str, int] = {}
        if not self.site.stage.GetPrimAtPath(self.path):
            group(self.site.stage, self.path)

    def ahead(self, distance: float) -> Vector:
        """The point so far ahead [m]."""
        x, y, z = self.xyz
        angle = math.radians(self.heading)
        ahead = (x + distance * math.cos(angle), y + distance * math.sin(angle), z)
        return (round(ahead[0], 4) + 0.0, round(ahead[1], 4) + 0.0, z)

    def _name(self, word: str) -> str:
        self.counts[word] = self.counts.get(word, 0) + 1
        if word == "Station":
            return f"{self.path}/Station_{10 * self.counts[word]:03d}"
        return f"{self.path}/{word}_{self.counts[word]}"

    def _arrive(self, path: str) -> str:
        self.site.note(path)
        if self.last:
            self.site.join(self.last, path)
        self.last = path
        return path

    def station(self, kind: str, *, step: float | None = None, label: str = "") -> str:
        """One more station of the library; return its path."""
        if self.last:
            pitch = self.site.pitches[kind] if step is None else step
            self.xyz = self.ahead(pitch)
        path = self._name("Station")
        stage = self.site.stage
        prim = stage.DefinePrim(path, "Xform")
        prim.GetReferences().AddReference(f"{self.site.prefix}/{kind}.usda")
        stand(prim, self.xyz, about_z(self.heading))
        if label:
            prim.SetDisplayName(label)
        if self.shifts:
            keep_shifts(prim, CALENDAR)
        return self._arrive(path)

    def stations(self, kind: str, count: int) -> str:
        """More stations of the library; return the path of the last."""
        for _ in range(count):
            self.station(kind)
        return self.last

    def place(
        self,
        word: str,
        params: Params,
        origin: Origin,
        *,
        step: float = 0.0,
        label: str = "",
        looks: Mapping[str, str] | None = None,
        shifts: bool | None = None,
        **own: Origin,
    ) -> str:
        """One more place of any kind; return its path."""
        self.xyz = self.ahead(step)
        path = self._name(word)
        keeps = self.shifts if shifts is None else shifts
        equip(
            self.site.stage, path, params, origin, xyz=self.xyz, turn=self.heading, label=label,
            calendar=CALENDAR if keeps else "", looks=looks, **own,
        )  # fmt: skip
        return self._arrive(path)

    def source(self, sequence: Sequence[str], interval: float, origin: Origin) -> str:
        """Where parts come from."""
        params = Source(interval=interval, sequence=tuple(sequence))
        return self.place("Source", params, origin)

    def belt(
        self, length: float, *, speed: float = 0.0, spacing: float = 0.0, rollers: bool = True
    ) -> str:
        """An accumulating conveyor ahead [m]; on the floor for skids, else for carriers."""
        high = self.xyz[2] > 0
        params = Conveyor(
            length=round(length, 4),
            speed=speed or (CARRIER_SPEED if high else SKID_SPEED),
            spacing=spacing or (CARRIERS if high else SKIDS),
        )
        moving = EMS if high else SKID
        path = self.place("Belt", params, LAYOUT, speed=moving, spacing=moving)
        if rollers and not high:
            self._rollers(path, length)
        if high:
            self._rail(path, length)
        self.xyz = self.ahead(length)
        return path

    def _rollers(self, path: str, length: float) -> None:
        asset = "../../assets/conveyors/roller_conveyor/roller_conveyor.usda"
        for number in range(max(1, round(length / SKIDS))):
            at = ((number + 0.5) * length / max(1, round(length / SKIDS)), 0.0, 0.0)
            refer(self.site.stage, f"{path}/Module_{number + 1:02d}", asset, at)

    def _rail(self, path: str, length: float) -> None:
        asset = "../../assets/conveyors/overhead_rail/overhead_rail.usda"
        for number in range(int(length // 6)):
            refer(
                self.site.stage, f"{path}/Rail_{number + 1:02d}", asset, (6 * number + 3, 0, RAIL)
            )

    def belt_to(self, *, x: float | None = None, y: float | None = None, **how: float) -> str:
        """A belt along X or Y to a coordinate [m]; the heading follows."""
        dx = 0.0 if x is None else x - self.xyz[0]
        dy = 0.0 if y is None else y - self.xyz[1]
        assert (abs(dx) < 1e-9) != (abs(dy) < 1e-9), (self.path, dx, dy)
        self.heading = (0.0 if dx > 0 else 180.0) if dx else (90.0 if dy > 0 else -90.0)
        return self.belt(abs(dx + dy), **how)

    def lift(self, height: float = UP) -> str:
        """Up to the overhead carriers, or down to a height [m]."""
        x, y, z = self.xyz
        self.xyz = (x, y, height)
        params = Station(transfer_time=LIFT_TIME)
        looks = {"Looks": "../../assets/conveyors/lift/lift.usda"} if z == height else None
        return self.place("Lift", params, LAYOUT, looks=looks, transfer_time=LIFTING)

    def move_to(self, x: float, y: float, z: float = 0.0, heading: float | None = None) -> None:
        """Go on from another point: the next station is there, after its step."""
        self.xyz = (x, y, z)
        self.heading = self.heading if heading is None else heading

    def to(self, path: str) -> None:
        """Give to a place that stands already."""
        self.site.join(self.last, path)
