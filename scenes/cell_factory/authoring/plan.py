"""The cells in numbers: steps, models and their routes, times, people, vehicles, origins.

27 cells do 21 steps: 15 steps have one cell, 6 longer ones two cells side by side. A model goes
through its own steps, in this order. Of two cells one is for smaller models, one for larger ones;
for most steps a body goes to the other one where its own has no room.
"""

from dataclasses import dataclass
from itertools import accumulate

from scenes.authoring.equipment import Origin

__all__ = ["MODELS", "ROOT", "SEQUENCE", "SKILLS", "STEPS", "Model", "Step", "cells_of", "minutes"]
__all__ += ["ASSETS", "first_cells", "next_cells", "path", "route"]

ROOT = "/CellFactory"
ASSETS = "../../assets"

# Where the numbers come from.
COUNT: Origin = ("27 cells: assumed, no source read confirms the count", "U")
RATE: Origin = ("30,000 cars a year at 250 d of 16 h: 7.5 cars/h, 8 min", "D")
TIMES: Origin = (
    "8 min mean per step, 4 to 12 min by model, chosen for a takt of 8 min",
    "proposal",
)
SPREAD: Origin = ("coefficient of variation 0.25 of manual work, lognormal", "proposal")
MIXING: Origin = ("IONIQ 5 and IONIQ 6 (motaauto.com); own mix of four models 4:3:2:1", "proposal")
ROUTES: Origin = ("different models in parallel cells (edaily, Chosun); own routes", "proposal")
PEOPLE: Origin = ("one worker and robots per cell (edaily, Chosun, kmib)", "C2")
BREAKS: Origin = ("10, 30 and 10 min a shift of 8 h, in two groups", "proposal")
FAILING: Origin = ("tools and robots of a cell: MTBF 300 to 600 min, MTTR 2 to 5 min", "U")
MOVING: Origin = ("bodies go between cells on AGVs (edaily, Chosun)", "C2")
AGV: Origin = ("body AGV 0.6 to 1.0 m/s in transit, 0.3 to 0.5 m/s2", "U")
AGV_FLEET: Origin = ("about 20 body AGVs", "proposal")
AMR: Origin = ("AMR up to 1.8 m/s (Chosun, kmib)", "C2")
AMR_RAMP: Origin = ("AMR accelerates by 0.3 to 0.5 m/s2", "U")
AMR_FLEET: Origin = ("21 AMRs, so many that kits are seldom late", "proposal")
SIZES: Origin = ("sizes of the vehicles' own assets", "proposal")
CHARGING: Origin = ("AMRs charge below 20 % (Chosun, kmib)", "C2")
BATTERY: Origin = ("most of a shift on one charge, 40 min to charge", "proposal")
HANDLING: Origin = ("body lifted and pinned, kit rolled over", "proposal")
LAYOUT: Origin = ("oval cells of 14 m by 9 m in rows with aisles of 6 m", "proposal")
STORE: Origin = (
    "automated store on the first floor (dt.co.kr); own sizes, lift left out",
    "proposal",
)
FORMING: Origin = ("what is built when, as usual in general assembly", "proposal")


@dataclass(frozen=True, slots=True)
class Model:
    """One model: the body that shows it, its paint, its work, the steps that it does without."""

    body: str
    coat: str
    content: float  # share of the mean work
    skips: tuple[str, ...] = ()


MODELS = {
    "Crossover": Model("crossover", "silver", 1.0, ("Heat pump",)),
    "Sedan": Model("sedan", "white", 0.95, ("Roof rails", "Second motor", "Tailgate drive")),
    "Suv": Model("suv", "sage", 1.07),
    "CrossoverSport": Model("crossover", "red", 1.04, ("Roof rails", "Tailgate drive")),
}
SEQUENCE = (
    *("Crossover", "Sedan", "Crossover", "Suv", "Sedan"),
    *("Crossover", "CrossoverSport", "Sedan", "Crossover", "Suv"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """Work done in one cell, or in either of two."""

    name: str
    skill: str
    time: float  # min, of a model with content 1
    cells: int = 1
    form: int = 0  # that the body has afterwards
    kept: bool = False  # whether each of its cells takes its own models only


TRIMMED, MARRIED, FINISHED = 1, 2, 3  # forms of a body
LARGE = ("Sedan", "Suv")  # the others are smaller
STEPS = (
    Step("Insulation", "trim", 6.0),
    Step("Wiring", "trim", 11.2, cells=2),
    Step("Glass seals", "trim", 6.1),
    Step("Roof rails", "trim", 8.4),
    Step("Headliner", "trim", 6.2),
    Step("Cockpit", "trim", 11.2, cells=2, form=TRIMMED),
    Step("Pedals", "trim", 6.0),
    Step("Brake lines", "chassis", 6.1),
    Step("Heat pump", "chassis", 8.8),
    Step("Battery", "chassis", 11.2, cells=2),
    Step("Front axle", "chassis", 6.2),
    Step("Second motor", "chassis", 8.2),
    Step("Marriage", "chassis", 11.2, cells=2, form=MARRIED, kept=True),
    Step("Underbody", "chassis", 6.1),
    Step("Fluids", "chassis", 6.0),
    Step("Seats", "final", 11.0, cells=2),
    Step("Doors", "final", 6.2, form=FINISHED),
    Step("Tailgate drive", "final", 8.4),
    Step("Wheels", "final", 6.0),
    Step("Software and test", "test", 11.2, cells=2, kept=True),
    Step("Inspection", "test", 6.1),
)
SKILLS = {"trim": "early", "chassis": "late", "final": "early", "test": "late"}  # and break group

TAKT = 480.0  # s
VARIATION = 0.25  # standard deviation over mean
MTBF, MTTR = 600.0 * 60, 180.0  # s
SHIFT = 8 * 3600.0  # s; shifts follow one another, the night is left out
BREAK_ENDS = {  # min of the shift: begin and end of each break, by group
    "early": ((110, 120), (220, 250), (360, 370)),
    "late": ((120, 130), (250, 280), (370, 380)),
}


def path(name: str) -> str:
    """The prim path of a place."""
    return f"{ROOT}/Plant/{name}"


def minutes(step: Step, model: str) -> float:
    """Mean work of a step on a model."""
    return round(step.time * MODELS[model].content, 2)


def cells_of(step: Step) -> tuple[int, ...]:
    """Numbers of the cells of a step, from 1."""
    ends = list(accumulate(each.cells for each in STEPS))
    end = ends[STEPS.index(step)]
    return tuple(range(end - step.cells + 1, end + 1))


def route(model: str) -> tuple[Step, ...]:
    """The steps of a model in their order."""
    return tuple(step for step in STEPS if step.name not in MODELS[model].skips)


def next_cells(step: Step, model: str) -> tuple[int, ...]:
    """Cells where a model may go after a step, in order of preference; none after the last one."""
    way = route(model)
    later = [each for each in way if STEPS.index(each) > STEPS.index(step)]
    return _open(later[0], model) if later else ()


def first_cells(model: str) -> tuple[int, ...]:
    """Cells where a model may begin."""
    return _open(route(model)[0], model)


def _open(step: Step, model: str) -> tuple[int, ...]:
    """The cells of a step that a model may go to, its own one first."""
    cells = cells_of(step)
    if model in LARGE:
        cells = cells[::-1]
    return cells[:1] if step.kept else cells
