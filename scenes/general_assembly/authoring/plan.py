"""The hall in numbers: rows, stations, times, failures, each with where the number comes from.

120 stations: 48 where a body stands (40 %: AGV islands, door cells, test cells) and 72 that are
sections, one pitch long, of paced slat lines (60 %).
"""

from dataclasses import dataclass

from scenes.authoring.equipment import Origin

__all__ = ["BODIES", "DOORS", "DOOR_FORMS", "FORMS", "HOISTED", "ISLAND_ROWS", "MIX", "MODELS"]
__all__ += ["PACED_ROWS", "PITCH", "RAISED", "ROOT", "ROW_Y", "SEQUENCE"]
__all__ += ["Islands", "Model", "Paced", "work_of"]

ROOT = "/GeneralAssembly"
PITCH = 7.0  # m
ROW_Y = {name: 6.0 + 12.0 * number for number, name in enumerate("ABCDEFGH")}  # m

# Where the numbers come from.
RATE: Origin = ("60 jobs/h gross: 7 m pitch at 7 m/min; 60 UPH at Hyundai Nosovice", "C2")
PITCHES: Origin = ("7.75 and 6.77 m per station at Ulsan 3, lines 31 and 32 (carguy.kr)", "D")
SLATS: Origin = ("slat conveyor at 7 m/min for 60 jobs/h at 7 m pitch", "D")
SHARES: Origin = ("120 stations, 40 % free and 60 % paced; HMGMA automates 40 % (wowtv)", "D")
FAILING: Origin = ("assembly station, MTBF 240 to 600 min, engineering judgement", "U")
MENDING: Origin = ("assembly station, MTTR 1.5 to 3 min, engineering judgement", "U")
ANDON: Origin = ("a cord pulled once in 1,000 bodies and stations, 20 s each", "proposal")
WORK: Origin = ("manual work below the takt of 60 s with the AGV's 14 s between", "proposal")
VARIANTS: Origin = ("own work content by model: 92 to 108 % of the mean", "proposal")
DRIVING: Origin = ("body AGV, 7 m at 0.6 m/s and 0.4 m/s2: 13.2 s, with 1 s to dock", "U")
LANES: Origin = ("body AGVs one after another, 0.6 m/s in transit", "U")
BUFFER: Origin = ("bodies between rows, so many as the way round the row's end holds", "proposal")
MIXING: Origin = ("HMGMA builds two models and up to 8 may follow; own mix 4:3:2:1", "proposal")
FORMING: Origin = ("what is built when, as usual in general assembly", "proposal")
SETTING: Origin = ("body lifted from AGV to stand or back, pinned", "proposal")
ROBOTS: Origin = ("doors off and on by 14 robots (hyperrich.co.kr, newsis)", "C2")
DOOR_WORK: Origin = ("door work at 6 stops of the door line, below the takt", "proposal")
MONORAIL: Origin = ("electric monorail up to 2 m/s, process 10 to 60 m/min; 0.5 m/s", "U")
DOOR_ROOM: Origin = ("more carriers than bodies between doors off and doors on", "D")
MARRYING: Origin = ("chassis lifted into the hanging body and joined, below the takt", "proposal")
LIFTING: Origin = ("hoist for doors, 0.8 m/s", "proposal")
AMR: Origin = ("part AMR up to 1.8 m/s (HMGICS); 1.2 m/s in narrow aisles", "U")
AMR_FLEET: Origin = (
    "so many AMRs that kits are seldom late; HMGMA has 200 to 300 AGVs",
    "proposal",
)
CHARGING: Origin = ("AMRs charge below 20 % (v.daum, kmib on HMGICS)", "C2")
BATTERY: Origin = ("a shift's way on one charge, half an hour to charge", "proposal")
HANDLING: Origin = ("kit handed over by rollers", "proposal")
TESTING: Origin = ("test cells at takt or in pairs; wheel alignment in 2 min (Kia Hwaseong)", "C")
CHECKING: Origin = ("final inspection, 6 % to rework of 8 min", "proposal")

# Models: prim of the body asset, coat, share of ten, work content.


@dataclass(frozen=True, slots=True)
class Model:
    """One model: the body that shows it, its paint, how much work it is."""

    body: str
    coat: str
    content: float  # share of the mean work


MODELS = {
    "Crossover": Model("crossover", "silver", 1.0),
    "Suv": Model("suv", "sage", 1.08),
    "CrossoverSport": Model("crossover", "red", 1.02),
    "Sedan": Model("sedan", "white", 0.92),
}
BODIES = tuple(MODELS)
DOORS = {name: f"{name}Doors" for name in MODELS}  # a set of doors is a product of its own
MIX = {"Crossover": 4, "Suv": 3, "CrossoverSport": 2, "Sedan": 1}
SEQUENCE = (
    *("Crossover", "Suv", "CrossoverSport", "Crossover", "Suv"),
    *("Crossover", "Sedan", "Suv", "Crossover", "CrossoverSport"),
)
FORMS = (  # what a body looks like, and what carries it
    "painted",  # on its skid, doors on
    "on_agv",
    "doorless",  # on an AGV
    "doorless_on_stand",
    "trimmed",  # on an AGV
    "hung",  # in a gondola
    "married_hung",  # in a gondola, with its chassis
    "married",  # on an AGV
    "married_on_stand",
    "refitted",  # on a stand, with its doors
    "finished_on_slats",
    "finished",
)
ON_AGV, DOORLESS, DOORLESS_STAND, TRIMMED, HUNG, MARRIED_HUNG, MARRIED = range(1, 8)
MARRIED_STAND, REFITTED, FINISHED_SLATS, FINISHED = range(8, 12)
DOOR_FORMS = ("fitted", "hung", "trimmed", "built_in")  # the first and last belong to the body
DOORS_HUNG, DOORS_TRIMMED, DOORS_BUILT_IN = 1, 2, 3
RAISED = 2.0  # of a gondola over the chassis [m]
HOISTED = 1.6  # of doors over bodies and people [m]

# Work.

INTERVAL = 60.0  # s
DRIVE = 14.0  # s from island to island
SPREAD = 8.0  # s, half width of the triangular time of manual work
LEAST, MOST = 31.0, 35.0  # s of work on the mean model
MTBF, MTTR = 600.0 * 60, 90.0  # s, of each station
SLAT_SPEED = 7.0 / 60  # m/s
ANDON_SHARE, ANDON_TIME = 0.001, 20.0  # per part and station; s
LANE_SPEED, LANE_SPACING = 0.6, 5.5  # m/s, m


def work_of(number: int) -> float:
    """Mean work at a manual station [s]: a line balanced as well as people can."""
    return LEAST + (MOST - LEAST) * (number * 7 % 11) / 10


@dataclass(frozen=True, slots=True)
class Islands:
    """Stations one after another on a row, reached by AGV."""

    shop: str  # letter of their names: T, C, F or X
    first: int
    count: int
    row: str
    x: float  # of the first [m]

    @property
    def towards(self) -> int:
        """1 along X, -1 against it."""
        return 1 if self.row in "ACEG" else -1


@dataclass(frozen=True, slots=True)
class Paced:
    """A slat line of so many stations."""

    shop: str
    first: int
    count: int
    row: str
    x: float  # where it begins [m]

    @property
    def towards(self) -> int:
        """1 along X, -1 against it."""
        return 1 if self.row in "ACEG" else -1

    @property
    def name(self) -> str:
        """Of the prim: Line_T16_T30."""
        return f"Line_{self.shop}{self.first:02d}_{self.shop}{self.first + self.count - 1:02d}"


ISLAND_ROWS = (
    Islands("T", 1, 15, "A", 0.0),
    Islands("C", 1, 13, "D", 105.0),
    Islands("C", 14, 12, "E", 21.0),
    Islands("F", 34, 2, "H", 112.0),
)
PACED_ROWS = (
    Paced("T", 16, 15, "B", 105.0),
    Paced("T", 31, 15, "C", 0.0),
    Paced("F", 1, 16, "F", 112.0),
    Paced("F", 17, 17, "G", 0.0),
    Paced("X", 1, 9, "H", 105.0),
)
