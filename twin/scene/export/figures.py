"""What dashboards bind to: the state, count and working time of each place over time.

`run:state` and `primvars:stateColor` hold until they change; `run:count`, the parts that came in,
rises by steps; `run:worked`, the seconds for which a place has worked, grows evenly between keys.
The plant has `run:jobs`, the parts that were finished. So a tool can show any rate or share.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pxr import Sdf

from twin.core.record import FINISHED, MADE, MOVE, STATE
from twin.core.state import STARVED, STATES, WORKING
from twin.journal import Journal
from twin.motion import Segments
from twin.scene.export.channel import Clock, Steps
from twin.scene.export.samples import SampleWriter
from twin.scene.export.tracks import state_track
from twin.units import TICKS_PER_SECOND

__all__ = ["COLORS", "write_figures"]

Array = NDArray[np.float64]

STATE_NAME, COLOR, COUNT, WORKED = "run:state", "primvars:stateColor", "run:count", "run:worked"
JOBS = "run:jobs"
COLORS = {  # linear RGB
    "working": (0.05, 0.45, 0.12),
    "starved": (0.10, 0.25, 0.60),
    "blocked": (0.75, 0.40, 0.02),
    "down": (0.65, 0.02, 0.02),
    "setup": (0.35, 0.10, 0.55),
    "waiting operator": (0.60, 0.50, 0.05),
    "waiting part": (0.05, 0.45, 0.50),
    "off shift": (0.20, 0.20, 0.20),
}


def write_figures(
    writer: SampleWriter,
    run: Journal,
    *,
    top: str,
    clock: Clock,
    progress: Callable[[str, float], None],
) -> None:
    """Write what happened at every place.

    Args:
        writer: of the layer.
        run: what happened.
        top: the prim of the plant.
        clock: turns ticks to time codes.
        progress: called with "states" and the share that is done.
    """
    places = run.plant.places
    events = run.events[np.argsort(run.events["place"], kind="stable")]
    borders = np.searchsorted(events["place"], np.arange(len(places) + 1))
    for row, place in enumerate(places):
        progress("states", row / len(places))
        mine = events[borders[row] : borders[row + 1]]
        with Sdf.ChangeBlock():
            _states(writer, place.path, state_track(mine, row, clock), clock)
            came = mine[np.isin(mine["code"], (MOVE, MADE))]
            writer.steps(f"{place.path}.{COUNT}", "int", _count(came, clock))
            writer.numbers(f"{place.path}.{WORKED}", *_worked(mine, run.until, clock))
    finished = run.events[(run.events["code"] == FINISHED) & (run.events["value"] == 0)]
    with Sdf.ChangeBlock():
        writer.steps(f"{top}.{JOBS}", "int", _count(finished, clock))


def _states(writer: SampleWriter, path: str, states: Steps, clock: Clock) -> None:
    codes, names = states.samples()
    colors = np.array([COLORS[str(name)] for name in names])
    writer.steps(f"{path}.{STATE_NAME}", "token", states)
    writer.rows(f"{path}.{COLOR}", "color3f", *_held(np.array(codes), colors, clock.tick))
    writer.note(f"{path}.{STATE_NAME}", "allowedTokens", STATES)
    writer.note(f"{path}.{COLOR}", "interpolation", "constant")


def _held(codes: Array, values: Array, tick: float) -> tuple[Array, Array]:
    """The same values with a key one tick before each change, so that players do not blend."""
    keys = np.sort(np.concatenate([codes, codes[1:] - tick]))
    row = np.searchsorted(codes, keys, "right") - 1
    return keys, values[row]


def _count(events: Segments, clock: Clock) -> Steps:
    """How many events there have been."""
    when, count = np.unique(events["tick"], return_counts=True)
    steps = Steps(clock)
    steps.put(0, 0)
    for tick, total in zip(when.tolist(), np.cumsum(count).tolist(), strict=True):
        steps.put(total, tick)
    return steps


def _worked(events: Segments, until: int, clock: Clock) -> tuple[Array, Array]:
    """Seconds of work so far, by the time codes between which they grow evenly."""
    changes = events[events["code"] == STATE]
    ticks = np.concatenate([[0], changes["tick"], [until]])
    lasted = np.diff(ticks) * (np.append(STARVED, changes["value"]) == WORKING)
    seconds = np.append(0.0, np.cumsum(lasted) / TICKS_PER_SECOND)
    bends = np.append(np.append(True, (lasted[1:] > 0) != (lasted[:-1] > 0)), True)
    keep = bends & np.append(np.diff(ticks) > 0, True)
    codes = np.array([clock.code(tick) for tick in ticks[keep].tolist()])
    return codes, seconds[keep]
