"""The line in numbers: stations, conveyors, products, each with where the number comes from."""

from dataclasses import dataclass

__all__ = ["FORMS", "IN", "OUT", "PITCH", "PRODUCTS", "SEQUENCE", "STATIONS"]
__all__ += ["Conveying", "Stop", "paths"]

Origin = tuple[str, str]  # source, confidence

PITCH = 7.0  # m, C: 1,434 m over 185 stations and 738 m over 109 at Ulsan 3 are 7.75 and 6.77 m
PRODUCTS = ("Sedan", "Suv", "Crossover")  # prims of the body assets
FORMS = ("underbody", "framed", "complete")  # variants `build` of the body assets
SEQUENCE = (
    "Suv",
    "Sedan",
    "Crossover",
    "Suv",
    "Sedan",
    "Suv",
    "Crossover",
    "Sedan",
    "Suv",
    "Crossover",
)

TAKT: Origin = ("60 jobs/h: Hyundai Nosovice 60 UPH (ridez.ca, video.onet.pl)", "C2")
MIX: Origin = (
    "three body types on one line, own mix of 4 : 3 : 3 in levelled sequence",
    "proposal",
)
TRANSFER: Origin = ("skid roller bed, 6.5 m index in 9 to 12 s, engineering judgement", "U")
FAILURES: Origin = ("auto body station, MTBF 300 to 600 min, engineering judgement", "U")
REPAIRS: Origin = ("auto body station, MTTR 2 to 5 min, engineering judgement", "U")
FORMING: Origin = ("body sides join at framing, roof and closures at the roof station", "proposal")
BUFFERS: Origin = (
    "6 places before framing, 12 after respot, design choice of the line",
    "proposal",
)
SPEED: Origin = ("skid roller conveyor 24 to 60 m/min, engineering judgement; 36 chosen", "U")
SPACING: Origin = ("skid of 5.0 m and 0.5 m between skids", "proposal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A station: what stands there and how long it works besides its robots."""

    name: str
    label: str  # for people
    equipment: str  # variant of the station asset
    work: float  # s
    work_origin: Origin
    form: int = 0  # index of the form that parts have afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Conveying:
    """An accumulating conveyor and the x where it begins [m]."""

    name: str
    begin: float
    places: int
    modules: int  # roller beds that it is built of
    ahead: float  # from where parts enter to the edge of the first bed [m]

    @property
    def length(self) -> float:
        """From entry to exit [m]."""
        return self.places * SKID_PITCH


SKID_PITCH = 5.5  # m
CONVEYOR_SPEED = 0.6  # m/s
MTBF, MTTR = 420.0 * 60, 3.0 * 60  # s
TRANSFER_TIME = 10.0  # s
INTERVAL = 60.0  # s

LOADING: Origin = ("underbody set on the skid and located, below the takt of 60 s", "proposal")
CLAMPING: Origin = ("lift tables, pins and clamps in and out", "proposal")
BUCK: Origin = ("framing buck: side frames in, clamp, and out again", "proposal")
ROOFING: Origin = ("roof set by gripper and clamped", "proposal")
LOOKING: Origin = ("vision check of one body every 30 s: Kia Gwangju 1 (ebn.co.kr 1582990)", "C")

STATIONS = (
    Stop(name="Station_010", label="010 Load", equipment="load", work=38.0, work_origin=LOADING),
    Stop(
        name="Station_020",
        label="020 Framing",
        equipment="framing",
        work=13.0,
        work_origin=BUCK,
        form=1,
    ),
    *(
        Stop(
            name=f"Station_{number:03d}",
            label=f"{number:03d} Respot {number // 10 - 2}",
            equipment="respot",
            work=2.0,
            work_origin=CLAMPING,
        )
        for number in range(30, 110, 10)
    ),
    Stop(
        name="Station_110",
        label="110 Roof",
        equipment="roof",
        work=6.0,
        work_origin=ROOFING,
        form=2,
    ),
    Stop(
        name="Station_120", label="120 Vision", equipment="vision", work=30.0, work_origin=LOOKING
    ),
)
IN = Conveying(name="Conveyor_In", begin=-PITCH - 6 * SKID_PITCH, places=6, modules=7, ahead=-2.0)
OUT = Conveying(
    name="Conveyor_Out",
    begin=PITCH * (len(STATIONS) - 1),
    places=12,
    modules=12,
    ahead=PITCH / 2,
)


def paths() -> list[str]:
    """Prim paths of all places, source to sink."""
    names = ("Source", IN.name, *(stop.name for stop in STATIONS), OUT.name, "Sink")
    return [f"/BodyShop/Line/{name}" for name in names]
