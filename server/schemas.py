"""What REST takes and gives, as the OpenAPI document describes it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from server.messages import LARGEST, Path, Seconds, Word

__all__ = ["CommandBody", "CommandState", "Comparison", "CreateBody", "Created", "Done"]
__all__ += ["SceneInfo", "Scenes"]
__all__ += ["DriveBody", "Driver", "ErrorBody", "Figures", "ForkBody", "JumpBody", "Listing"]
__all__ += ["Orders", "PlaceState", "RunInfo", "SeekBody", "SpeedBody", "StepBody", "Tick"]

MOST_OVERRIDES = 256
MOST_TICK = 2**53


def _whole(value: object) -> object:
    """JSON knows one kind of number: 3.0 is a whole one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Ticks = Annotated[int, Field(ge=0, le=MOST_TICK), BeforeValidator(_whole)]
Seed = Annotated[int, Field(ge=0, le=2**53), BeforeValidator(_whole)]
Events = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(_whole)]
Override = Annotated[str, Field(max_length=2048)]
NUMBER = r"[-+]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][-+]?[0-9]{1,2})?"
Change = Annotated[str, Field(max_length=2048, pattern=rf"^/[^=]+\.[^=.]+={NUMBER}$")]
Speed = Annotated[float, Field(ge=0.01, le=1000)] | Literal["max"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


class CreateBody(_Body):
    """A run to be made."""

    scene: Word = Field(default="", description="Name of a scene; empty: that of the first run.")
    scenarios: list[Word] = Field(
        default_factory=list[str], max_length=16, description="Names, the strongest first."
    )
    overrides: list[Override] = Field(
        default_factory=list[str], max_length=MOST_OVERRIDES, description="PRIM.twin:attr=VALUE"
    )
    seed: Seed = 1
    speed: Speed = 1.0
    playing: bool = True
    start: float = Field(default=0.0, ge=0, le=86400, description="s that pass at once.")


class CommandBody(_Body):
    """A command: what is asked of a place, of all below a prim path, or of the whole run."""

    action: Word
    path: Path = ""
    attribute: Word = ""
    value: float | None = Field(default=None, ge=-LARGEST, le=LARGEST)
    key: Word = Field(default="", description="Idempotency key: carried out once, answered alike.")
    correlation: Word = Field(default="", description="Comes back with the answer.")


class ForkBody(_Body):
    """Where a fork goes on, and what is different there."""

    tick: Ticks | None = Field(default=None, description="None: what is shown.")
    seed: Seed | None = Field(default=None, description="Chances are drawn anew.")
    overrides: list[Change] = Field(
        default_factory=list[str], max_length=MOST_OVERRIDES, description="PRIM.twin:attr=NUMBER"
    )
    commands: list[CommandBody] = Field(default_factory=list[CommandBody], max_length=256)
    speed: Speed | None = None
    playing: bool | None = None


class SpeedBody(_Body):
    """How fast time runs."""

    value: Speed = Field(description="Simulated seconds per second, or max: as fast as possible.")


class JumpBody(_Body):
    """How far to go forward."""

    seconds: float = Field(gt=0, le=86400)


class StepBody(_Body):
    """By how much to step: seconds, or events."""

    seconds: float | None = Field(default=None, gt=0, le=86400)
    events: Events | None = None


class SeekBody(_Body):
    """Which time to show: a tick, or seconds since the run's beginning."""

    tick: Ticks | None = None
    seconds: float | None = Field(default=None, ge=0, le=LARGEST)


class DriveBody(_Body):
    """For how long to drive."""

    seconds: Seconds = 60.0


class ErrorBody(BaseModel):
    """Why something was not done."""

    code: str
    message: str
    path: str = ""


class RunInfo(BaseModel):
    """One run."""

    id: str
    name: str
    scene: str
    scenarios: list[str]
    overrides: list[str]
    seed: int
    state: Literal["preparing", "ready", "stopped", "failed", "crashed"]
    error: str
    parent: str
    parent_tick: int
    private: bool
    created: float = Field(description="s since 1970")
    pack: str = Field(description="Hash of its scene pack: /pack/HASH/scene.json")
    clients: int
    driver: str
    tick: int = Field(description="Shown when the run last told.")
    head: int = Field(description="The farthest that it has reached.")
    live: bool
    playing: bool
    speed: float | Literal["max"]
    epoch: int
    finished: int


class Listing(BaseModel):
    """All runs."""

    runs: list[RunInfo]
    scenes: list[str]


class SceneInfo(BaseModel):
    """A scene that was uploaded."""

    name: str
    root: str = Field(description="Its root layer.")
    sha256: str = Field(description="Of what was sent.")
    received: int = Field(description="Bytes that were sent.")
    size: int = Field(description="Bytes of its files.")
    files: int
    left_out: int = Field(description="Files that are no layers and no pictures.")
    places: int
    plant: str = Field(description="The plant's digest.")
    issuer: str
    created: float = Field(description="s since 1970")


class Scenes(BaseModel):
    """The scenes that runs may be made from: those of the server, and those uploaded."""

    offered: list[str]
    uploaded: list[SceneInfo]


class Created(BaseModel):
    """A run that was made; it may still be prepared."""

    run: RunInfo


class Done(BaseModel):
    """It was done."""

    run: RunInfo


class Tick(BaseModel):
    """It was done; this tick is shown."""

    tick: int


class CommandState(BaseModel):
    """A command, and what became of it."""

    number: int
    action: str
    path: str
    attribute: str
    value: float | None
    key: str
    correlation: str
    issuer: str
    state: Literal["done", "rejected"]
    tick: int
    reason: str


class Orders(BaseModel):
    """The commands of a run."""

    commands: list[CommandState]


class Desired(BaseModel):
    """What commands ask of a place."""

    running: bool
    reasons: list[str]
    parameters: dict[str, float]


class Reported(BaseModel):
    """What a place does."""

    tick: int
    state: str
    running: bool
    reasons: list[str]
    parts: int
    completed: int
    parameters: dict[str, Any]


class PlaceState(BaseModel):
    """A place: desired and reported."""

    path: str
    desired: Desired
    reported: Reported


class Figures(BaseModel):
    """Key figures now, and their history."""

    now: dict[str, float]
    history: list[dict[str, float]]


class Driver(BaseModel):
    """Who drives a run's time, and for how long still."""

    client: str
    seconds: float
    watching: list[str] = Field(description="Clients to whom it can be handed over, at most 64.")


class Comparison(BaseModel):
    """Two runs on one clock."""

    until: int
    figures: list[dict[str, Any]]
    first_difference: dict[str, Any] | None
