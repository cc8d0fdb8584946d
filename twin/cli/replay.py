"""`twin replay`: play a journaled run again, and prove its hashes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.options import AsJson, find_scene
from twin.errors import CommandError, RunError
from twin.units import to_seconds

if TYPE_CHECKING:
    from twin.journal import RunRecord, RunStore, Verification
    from twin.plant import Plant

__all__ = ["replay"]

RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="A run's folder, or its id in the journal.")
]
Where = Annotated[
    str | None,
    typer.Option(
        "--journal", metavar="WHERE", help="The journal: a folder, or postgresql://USER@HOST/NAME."
    ),
]
Other = Annotated[
    str | None,
    typer.Option("--scene", metavar="SCENE", help="The scene, if it is not where the run had it."),
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Compare every snapshot's hash and every event.")
]


def replay(
    run: RunName,
    *,
    journal: Where = None,
    scene: Other = None,
    verify: Verify = False,
    as_json: AsJson = False,
) -> None:
    """Play a run of a durable journal again from its beginning; print what it comes to.

    twin replay runs/live/r1 --verify

    twin replay r1 --journal postgresql://twin@localhost/twin --verify

    With --verify it proves the hashes of the journal, or names the first tick that differs.

    [bold]Exit codes[/bold]

      0  all is well

      1  the run differs from its journal, or what is kept of it is damaged

      2  there is no such run, or the scene is not the one that it was made from
    """
    from twin.cli.progress import compiled_first
    from twin.journal import open_store
    from twin.journal import verify as verified

    where, name = (journal, run) if journal else _parted(run)
    store = open_store(where)
    try:
        opened = store.read(name)
        plant = _plant(opened.record, scene)
        compiled_first(plant)
        found = verified(opened, plant) if verify else _played(opened, plant)
        for sentence in opened.damage:
            typer.echo(f"warning: {sentence}", err=True)
        _tell(opened.record, found, as_json=as_json, verify=verify)
    finally:
        store.close()


def _parted(run: str) -> tuple[str, str]:
    """The journal and the id of a run's folder."""
    folder = Path(run).absolute()
    if not folder.is_dir():
        raise CommandError(f"{run} is no folder; name the run's folder, or give --journal")
    if (folder / "run.json").exists():
        raise CommandError(f"{run} is of twin run --journal, which keeps no scene; read it with "
                           "twin.journal.load and twin.journal.replay")  # fmt: skip
    return str(folder.parent), folder.name


def _plant(record: "RunRecord", scene: str | None) -> "Plant":
    from twin.scene import load

    scenarios = [Path(each) for each in record.scenarios]
    return load(find_scene(scene or record.scene), scenarios=scenarios, overrides=record.overrides)


def _played(run: "RunStore", plant: "Plant") -> "Verification":
    """Play a run without comparing anything."""
    from twin.journal import Mark, Verification, last_tick
    from twin.journal.recovery import Player

    commands = run.commands()
    player = Player(run.record, plant, commands)
    player.play(Mark(last_tick(run), max((row.sequence for row in commands), default=0)))
    carried_out = sum(not row.refused for row in commands)
    return Verification(
        until=player.simulation.now, digest=player.simulation.digest(), commands=carried_out,
        snapshots=0, events=0,
    )  # fmt: skip


def _tell(record: "RunRecord", found: "Verification", *, as_json: bool, verify: bool) -> None:
    if as_json:
        from twin.report import json_text

        told: dict[str, Any] = {"run": record.id, "scene": record.scene, "seed": record.seed}
        names = ("until", "digest", "commands", "snapshots", "events", "differs_at", "why")
        typer.echo(json_text(told | {name: getattr(found, name) for name in names}))
    if found.differs_at is not None:
        at = f"tick {found.differs_at} ({to_seconds(found.differs_at):.6f} s)"
        equal = f"{found.snapshots} snapshots and {found.events} events before it are equal"
        raise RunError(f"run {record.id} differs from its journal at {at}; {found.why}; {equal}")
    if not as_json:
        typer.echo(f"{record.id}: {record.scene}, seed {record.seed}, {found.commands} commands, "
                   f"{to_seconds(found.until):g} s: {found.digest}")  # fmt: skip
        if verify:
            typer.echo(f"{found.snapshots} snapshots and {found.events} events are equal")
