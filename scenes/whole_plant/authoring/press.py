"""Press shop: five lines that press lots of panels, change dies, and fill the panel stores."""

from scenes.authoring.usd import refer
from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.products import PANELS, panel
from scenes.whole_plant.authoring.walk import Site, Walk
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.kinds.store import Store

__all__ = ["author_press"]

AT = (-230.0, 20.0)  # of the first line [m]
APART = 24.0  # lines [m]
STROKE = 4.0  # s
DIE_CHANGE = 360.0  # s, for one die
LOTS = {"Sedan": 540, "Suv": 720, "Crossover": 540}  # bodies' worth of panels, 3 : 4 : 3
STOCK = 1830  # bodies' worth of panels: 1.5 days of 20 h at 61 an hour
PRESSES = 5
BLANK = ("blanks of coil are washed and centred while the one before is pressed", "proposal")
RACKING = ("cameras look at every panel for holes and cracks: newsis NISX20250327_0003115419", "C")
FAILS = ("press line, own estimate of MTBF 4 h and MTTR 10 min", "proposal")


def author_press(site: Site) -> dict[str, Walk]:
    """Lay out the lines; return where each panel store stands, by family."""
    return {
        family: _line(site, number, family, strokes)
        for number, (family, strokes) in enumerate(PANELS.items())
    }


def _line(site: Site, number: int, family: str, strokes: int) -> Walk:
    walk = Walk(site, f"Press/{family}", (AT[0], AT[1] + APART * number))
    lots = tuple(panel(family, body) for body in n.TYPES for _ in range(LOTS[body] // 180))
    walk.place("Blanks", Source(interval=0.0, sequence=lots, lot=180), n.BOUGHT, lot=n.PRESS_LOT,
               sequence=n.PRESS_LOT)  # fmt: skip
    each = {"mtbf": FAILS, "mttr": FAILS, "transfer_time": BLANK}
    walk.place(
        "Station", Station(process_time=strokes * STROKE - 2.0, transfer_time=2.0), BLANK,
        step=8.0, label="Destacker", **each,
    )  # fmt: skip
    setups = Station(
        process_time=strokes * STROKE, setup_time=strokes * DIE_CHANGE, mtbf=4 * 3600.0,
        mttr=600.0, transfer_time=2.0,
    )  # fmt: skip
    press = walk.place(
        "Station", setups, n.PRESS_RATE, step=26.0, label=f"Press line {number + 1}", **each
    )
    _presses(site, press)
    walk.place(
        "Station", Station(process_time=strokes * STROKE - 2.0, transfer_time=2.0), RACKING,
        step=24.0, label="Camera tunnel and racking", **each,
    )  # fmt: skip
    target = tuple(panel(family, body) for body in n.SEQUENCE)
    walk.place(
        "Store", Store(capacity=STOCK, release="target", target=target), n.STORE, step=10.0,
        label=f"{family} panels", release=n.MIX, target=n.MIX, shifts=False,
    )  # fmt: skip
    _racks(site, walk.last)
    return walk


def _presses(site: Site, path: str) -> None:
    for number in range(PRESSES):
        at = (-16.0 + 8.0 * number, 0.0, 0.0)
        refer(
            site.stage, f"{path}/Press_{number + 1}", "../../assets/stations/press/press.usda", at
        )


def _racks(site: Site, path: str) -> None:
    for number in range(10):
        at = (4.0 + 3.0 * number, 0.0, 0.0)
        asset = "../../assets/storage/asrs_rack/asrs_rack.usda"
        refer(site.stage, f"{path}/Bay_{number + 1:02d}", asset, at)
