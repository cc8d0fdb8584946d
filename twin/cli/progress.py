"""Progress of long work: on a terminal's stderr, and nowhere else."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from twin.plant import Plant

__all__ = ["compiled_first", "working"]


@contextmanager
def working(what: str) -> Generator[Callable[[str, float], None]]:
    """Show a bar; the work calls what it is given with (what it is doing, share done 0 to 1)."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task(what, total=1.0)
        yield lambda text, share: progress.update(task, description=text, completed=share)


def compiled_first(plant: Plant) -> None:
    """Compile the engine if that has not been done on this machine, and say so."""
    from rich.console import Console

    from twin.core.compiled import is_cached
    from twin.engine.dispatch import variant_for
    from twin.engine.simulation import Simulation

    console, variant = Console(stderr=True), variant_for(type(p.params) for p in plant.places)
    if is_cached(variant) or not console.is_terminal:
        return
    seconds = {"basic": 15, "flow": 40}.get(variant, 50)
    with console.status(f"compiling the engine, once (about {seconds} s)"):
        Simulation(plant).advance(0)
