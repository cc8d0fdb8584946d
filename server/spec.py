"""What a run is made from, as the server tells its process: plain data, JSON both ways."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

__all__ = ["RunSpec"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """A run, up to where its process begins to pace it."""

    id: str
    scene: str  # its root layer
    scenarios: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    seed: int = 1
    speed: float = 1.0  # simulated seconds per second; infinite: as fast as possible
    playing: bool = True
    until: int = 0  # tick up to which it runs at once, with these commands
    commands: tuple[Mapping[str, Any], ...] = ()  # fields of twin.engine.command.Command, in order
    parent: str = ""  # the run that it was forked from
    parent_tick: int = 0
    private: bool = False  # of one client, gone with it
    journal: str = ""  # folder of the durable journal, or empty
    created: float = 0.0  # s since 1970
    home: str = ""  # folder that a scene of strangers must not leave; empty: it is trusted
    cache: str = ""  # where its machine code is kept then
    has_pack: bool = False  # the server has its scene pack already
    interpreted: bool = False

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return {**asdict(self), "speed": "max" if self.speed == float("inf") else self.speed}

    @classmethod
    def recorded(cls, record: Mapping[str, Any], journal: str, *, interpreted: bool) -> Self:
        """A run that a journal keeps, by its `twin.journal.RunRecord`; it stands at first."""
        names = ("id", "scene", "seed", "parent", "parent_tick", "created")
        fields: dict[str, Any] = {name: record[name] for name in names}
        for name in ("scenarios", "overrides"):
            fields[name] = tuple(record[name])
        return cls(**fields, journal=journal, playing=False, interpreted=interpreted)

    def is_same_beginning(self, other: Self) -> bool:
        """Whether another run was made from the same, and is nobody's fork."""
        same = (self.scene, self.scenarios, self.overrides, self.seed)
        return not other.parent and same == (
            other.scene, other.scenarios, other.overrides, other.seed,
        )  # fmt: skip

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """What `to_json` gave."""
        read: dict[str, Any] = dict(values)
        for name in ("scenarios", "overrides", "commands"):
            read[name] = tuple(read[name])
        read["speed"] = float("inf") if read["speed"] == "max" else read["speed"]
        return cls(**read)
