"""One cycle of a shop: a run until the first body has gone through, and its last stretch."""

import numpy as np

from twin.core.record import FINISHED, MADE
from twin.engine.simulation import Simulation
from twin.errors import CommandError, RunError, nearest
from twin.journal import Journal
from twin.plant import Plant
from twin.units import to_ticks

__all__ = ["cycle", "life_of_first", "window"]

CHUNK, MOST_CHUNKS = to_ticks(120.0), 720  # a day


def cycle(plant: Plant, *, product: str | None = None, seed: int = 1) -> Journal:
    """Run a plant until the first body has gone through, of one product if it is named.

    Raises:
        CommandError: there is no such product.
        RunError: no body comes through within a day.
    """
    names = [each.name for each in plant.products]
    if product is not None and product not in names:
        raise CommandError(f"{product} is not a product of {plant.name}; {nearest(product, names)}")
    journal = Journal(plant, seed=seed)
    run = Simulation(plant, seed=seed, motion=True, recorder=journal)
    for _ in range(MOST_CHUNKS):
        run.advance(run.now + CHUNK)
        journal.close(run.now)
        if life_of_first(journal, product) is not None:
            return journal
    raise RunError(f"no {product or 'part'} comes through {plant.name} within a day")


def life_of_first(journal: Journal, product: str | None) -> tuple[int, int, int] | None:
    """Serial number of the first body that came through, when it was made, and when it left."""
    events = journal.events
    made, done = events[events["code"] == MADE], events[events["code"] == FINISHED]
    if product is not None:
        row = [each.name for each in journal.plant.products].index(product)
        made = made[made["value"] == row]
    done = done[np.isin(done["part"], made["part"]) & (done["value"] == 0)]
    if not len(done):
        return None
    serial = int(done["part"][0])
    return serial, int(made["tick"][made["part"] == serial][0]), int(done["tick"][0])


def window(journal: Journal) -> tuple[int, int]:
    """The shortest time up to the end of a run in which every robot has run a whole program.

    Robots that never ran one are left out; where none did it is the whole run.
    """
    segments = journal.segments
    runs = segments[(segments["part"] == 0) & (segments["track"] >= 0)]
    length = journal.layout.programs.duration[runs["track"]]
    end = runs["tick"] + runs["duration"]
    whole = (np.abs(runs["end"] - length) < 1e-6) & (end <= journal.until) & (length > 0)
    runs = runs[whole]
    if not len(runs):
        return 0, journal.until
    begun = runs["tick"] - (runs["start"] * 1e6).astype(np.int64)
    latest: dict[int, int] = dict(zip(runs["subject"].tolist(), begun.tolist(), strict=True))
    return max(0, min(latest.values())), journal.until
