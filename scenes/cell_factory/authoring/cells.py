"""Process layer: the way of a body, from painted body to car, cell by cell.

A cell has up to four bodies: one comes in, one gets its kit, one is worked on, one waits for an
AGV. Where models go on to different cells, a router tells them apart: those that go on to the
second choice wait for their AGV aside.
"""

from pxr import Usd

from scenes.authoring.equipment import equip
from scenes.authoring.usd import Vector
from scenes.cell_factory.authoring import plan
from scenes.cell_factory.authoring.plan import MODELS, STEPS, Step, cells_of, minutes, path
from scenes.cell_factory.authoring.roads import CELLS, EAST, SPOT, Cell, roads
from scenes.cell_factory.authoring.robots import robot_time
from twin.kinds.assembler import Assembler
from twin.kinds.calendar import Calendar
from twin.kinds.dock import Dock
from twin.kinds.pool import Pool
from twin.kinds.router import Router
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station

__all__ = ["KIT", "RECEIVE", "author_cells", "author_people", "step_of"]

KIT = "Kit"
LIFT_TIME, SHIFT_TIME, HANDLING = 30.0, 15.0, 20.0  # s
RECEIVE: Vector = (-18.5, -12.5, 0.0)  # the lift for painted bodies [m]
BODY_AGVS = path("Body_AGVs")


def step_of(cell: Cell) -> Step:
    """What is done in a cell."""
    return next(step for step in STEPS if cell.number in cells_of(step))


def author_people(stage: Usd.Stage) -> None:
    """A worker for each cell, pooled by skill, with breaks in two groups."""
    for group, breaks in plan.BREAK_ENDS.items():
        bells = [0.0, *(60.0 * each for pause in breaks for each in pause), plan.SHIFT]
        params = Calendar(
            period=plan.SHIFT,
            starts=tuple(bells[0::2]),
            ends=tuple(bells[1::2]),
            at_bell="finish",
        )
        label = f"Shift with {group} breaks"
        equip(stage, path(f"Breaks_{group}"), params, plan.BREAKS, label=label)
    for skill, group in plan.SKILLS.items():
        cells = [cell for cell in CELLS if step_of(cell).skill == skill]
        middle = cells[len(cells) // 2].middle
        params = Pool(size=len(cells), skills=(skill,))
        label = f"Workers for {skill}"
        equip(
            *(stage, path(f"Workers_{skill}"), params, plan.PEOPLE), xyz=(*middle, 0.0),
            label=label, calendar=path(f"Breaks_{group}"),
        )  # fmt: skip


def author_cells(stage: Usd.Stage) -> None:
    """Author the way in, all cells, and the way out."""
    params = Source(interval=plan.TAKT, release="takt", sequence=plan.SEQUENCE)
    equip(
        *(stage, path("Painted_Bodies"), params, plan.RATE), xyz=RECEIVE,
        label="Painted bodies by lift", to=[path("Receive")], sequence=plan.MIXING,
    )  # fmt: skip
    ways = {model: tuple(f"C{k:02d}_In" for k in plan.first_cells(model)) for model in MODELS}
    (first,) = set(ways.values())
    x, y = roads().points["Receive"]
    label = "Bodies received"
    _dock(stage, "Receive", (x, y, 0.0), to=first, label=label, transfer_time=LIFT_TIME, turn=0.0)
    for cell in CELLS:
        _cell(stage, cell)
    x, y = roads().points["Deliver"]
    _dock(stage, "Deliver", (x, y, 0.0), to=("Cars",), label="Cars leave their AGVs")
    at = (EAST + 14.0, y, 0.0)
    equip(stage, path("Cars"), Sink(), plan.RATE, xyz=at, label="Cars to the roof track")


def _dock(
    stage: Usd.Stage,
    name: str,
    xyz: Vector,
    *,
    to: tuple[str, ...],
    label: str,
    transfer_time: float = 0.0,
    turn: float = 90.0,
) -> None:
    params = Dock(
        waypoint=(path(f"Lanes/{name}"),),
        fleet=(BODY_AGVS,) if transfer_time > 0.0 else (),
        handling_time=HANDLING,
        transfer_time=transfer_time,
    )
    own = {"transfer_time": plan.HANDLING} if transfer_time > 0.0 else {}
    equip(
        *(stage, path(name), params, plan.HANDLING), xyz=xyz, turn=turn, label=label,
        to=[path(each) for each in to], **own,
    )  # fmt: skip


def _cell(stage: Usd.Stage, cell: Cell) -> None:
    step, name, (x, y) = step_of(cell), f"C{cell.number:02d}", cell.middle
    at = (cell.x_in, y - SPOT, 0.0)
    _dock(stage, f"{name}_In", at, to=(f"{name}_Kit",), label=f"{name} Bodies in")
    kitted = Assembler(components=(KIT,), base_products=tuple(MODELS), transfer_time=SHIFT_TIME)
    equip(
        *(stage, path(f"{name}_Kit"), kitted, plan.FORMING), xyz=(cell.x_in, y + SPOT, 0.0),
        turn=90.0, label=f"{name} Body gets its kit", to=[path(name)],
        transfer_time=plan.HANDLING,
    )  # fmt: skip
    exits = {model: _exits(step, model) for model in MODELS}
    ways = list(dict.fromkeys(exits.values()))
    docks = [f"{name}_Out", f"{name}_Aside"][: len(ways)]
    assert len(docks) == len(ways), f"{name} has more than two ways on"
    onward = f"{name}_Routes" if len(ways) > 1 else docks[0]
    _work(stage, cell, onward)
    if len(ways) > 1:
        params = Router(
            rule="product",
            products=tuple(MODELS),
            exits=tuple(ways.index(exits[model]) for model in MODELS),
        )
        equip(
            *(stage, path(f"{name}_Routes"), params, plan.ROUTES), xyz=(x, y, 0.0),
            turn=_turn(cell), label=f"{name} Routes by model", to=[path(each) for each in docks],
        )  # fmt: skip
    for dock, to, side, note in zip(docks, ways, (-SPOT, SPOT), ("", ", aside"), strict=False):
        at = (cell.x_out, y + side, 0.0)
        _dock(
            *(stage, dock, at),
            to=to,
            label=f"{name} Bodies out{note}",
            transfer_time=SHIFT_TIME,
            turn=-90.0,
        )


def _turn(cell: Cell) -> float:
    return 0.0 if cell.towards > 0 else 180.0


def _exits(step: Step, model: str) -> tuple[str, ...]:
    """The docks where a model may go from a step."""
    return tuple(f"C{k:02d}_In" for k in plan.next_cells(step, model)) or ("Deliver",)


def _work(stage: Usd.Stage, cell: Cell, onward: str) -> None:
    """The robot's program and the worker's time make up the time of the step."""
    step, turn = step_of(cell), _turn(cell)
    own_time = robot_time(cell.number)  # comes besides the process time
    totals = tuple(60.0 * minutes(step, model) for model in MODELS)
    times = tuple(round(each - own_time, 1) for each in totals)
    params = Station(
        process_time=round(60.0 * step.time - own_time, 1),
        process_distribution="lognormal",
        process_spread=round(60.0 * step.time * plan.VARIATION, 2),
        products=tuple(MODELS),
        product_times=times,
        product_distributions=("lognormal",) * len(MODELS),
        product_spreads=tuple(round(each * plan.VARIATION, 2) for each in totals),
        transfer_time=SHIFT_TIME,
        mtbf=plan.MTBF,
        mttr=plan.MTTR,
        form=step.form,
        workers=(path(f"Workers_{step.skill}"),),
        skill=step.skill,
    )
    own = dict.fromkeys(("process_distribution", "process_spread"), plan.SPREAD)
    own |= dict.fromkeys(("product_distributions", "product_spreads"), plan.SPREAD)
    own |= dict.fromkeys(("mtbf", "mttr"), plan.FAILING)
    own |= {"transfer_time": plan.HANDLING, "skill": plan.PEOPLE, "products": plan.MIXING}
    if step.form:
        own["form"] = plan.FORMING
    name, (x, y) = f"C{cell.number:02d}", cell.middle
    label = f"C{cell.number:02d} {step.name}"
    equip(
        *(stage, path(name), params, plan.TIMES), xyz=(x, y, 0.0), turn=turn, label=label,
        to=[path(onward)], **own,
    )  # fmt: skip
