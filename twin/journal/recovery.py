"""Makes a run's simulation anew from its journal: at its end after a crash, or at any past tick."""

from collections.abc import Iterator, Mapping, Sequence

from twin.engine.build import seed_streams
from twin.engine.question import Question
from twin.engine.simulation import Recorder, Rule, Simulation
from twin.errors import CommandError, RunError
from twin.journal.keeper import Keeper
from twin.journal.packing import unpacked_snapshot
from twin.journal.store import CommandRow, Mark, RunRecord, RunStore, SnapshotRow
from twin.plant import Plant

__all__ = ["Player", "last_tick", "recover"]

SEED = "seed"


class Player:
    """A run that is played again from its record, command by command."""

    def __init__(
        self,
        record: RunRecord,
        plant: Plant,
        commands: Sequence[CommandRow],
        *,
        recorder: Recorder | None = None,
        rules: Mapping[str, Rule] | None = None,
        interpreted: bool = False,
    ) -> None:
        """Make the run at tick 0.

        Args:
            record: what the run is made from.
            plant: what exists; its digest must be the record's.
            commands: the run's, from the first that is to be carried out.
            recorder: who keeps what happens.
            rules: who answers when recorded answers have come to their end.
            interpreted: run handlers as plain Python.

        Raises:
            CommandError: the plant is not the one of the record.
        """
        if record.plant != plant.digest:
            raise CommandError(
                f"run {record.id} is of plant {record.plant[:12] or 'unknown'}, not of "
                f"{plant.name} {plant.digest[:12]}; open it with the scene that it was made from"
            )
        done = [row for row in commands if not row.refused]
        answers = [row for row in done if row.action == "route"]
        self._commands = [row for row in done if row.action != "route"]
        self.sequence = 0  # of the last command that was carried out
        self.simulation = Simulation(
            plant, seed=record.seed, replication=record.replication, motion=record.motion,
            recorder=recorder, interpreted=interpreted, rules=_rules(plant, answers, rules or {}),
        )  # fmt: skip

    def restore(self, row: SnapshotRow) -> None:
        """Go to a snapshot; the commands given must be those behind it.

        Raises:
            RunError: it is of another release, or of another plant.
        """
        simulation = self.simulation
        like = simulation.snapshot()
        simulation.restore(unpacked_snapshot(row.content, simulation.plant, like))
        if simulation.digest() != row.digest:
            raise RunError(f"the snapshot of tick {row.mark.tick} does not give its own digest")
        self.sequence = row.mark.sequence

    def play(self, until: Mark) -> None:
        """Go on to a mark: all commands up to its sequence, then up to its tick.

        Raises:
            RunError: a command can't be carried out again, as something is different now.
        """
        while self._commands and self._commands[0].sequence <= until.sequence:
            row = self._commands.pop(0)
            try:
                self.simulation.advance(row.tick)
                self._apply(row)
            except CommandError as error:
                at = f"command {row.sequence} of tick {row.tick}"
                raise RunError(f"{at} can't be carried out again: {error}") from error
            self.sequence = row.sequence
        self.simulation.advance(max(until.tick, self.simulation.now))
        self.sequence = max(self.sequence, until.sequence)

    def _apply(self, row: CommandRow) -> None:
        simulation = self.simulation
        if row.action != SEED:
            simulation.apply(row.command)
            return
        simulation.seed, simulation.replication = int(row.attribute), int(row.value)
        seed_streams(simulation.world, simulation.plant, simulation.seed, simulation.replication)


def _rules(
    plant: Plant, answers: Sequence[CommandRow], rules: Mapping[str, Rule]
) -> dict[str, Rule]:
    """For every place that asks a rule, the recorded answers in turn, then its own rule's."""
    given: dict[str, Rule] = {}
    for place in plant.places:
        if getattr(place.params, "rule", "") == "own":
            recorded = iter([int(row.value) for row in answers if row.path == place.path])
            given[place.path] = _answering(recorded, rules.get(place.path), place.path)
    return given


def _answering(recorded: Iterator[int], rule: Rule | None, path: str) -> Rule:
    def answer(run: Simulation, question: Question) -> int:
        known = next(recorded, None)
        if known is not None:
            return known
        if rule is None:
            raise RunError(f"{path} asks a rule, and there is none behind the recorded answers")
        return rule(run, question)

    return answer


def recover(
    run: RunStore,
    plant: Plant,
    *,
    at: int | None = None,
    keeper: Keeper | None = None,
    rules: Mapping[str, Rule] | None = None,
    interpreted: bool = False,
) -> Simulation:
    """A run's simulation as it was: from the newest sound snapshot, with all commands behind it.

    Args:
        run: the run's journal.
        plant: what the run is of.
        at: the tick to be at, with all commands of that tick; None: the last that is known.
        keeper: to go on with, at the end; it records what the journal lacks. None: only to look.
        rules: by prim path, functions that routers of rule "own" ask.
        interpreted: run handlers as plain Python.

    Raises:
        CommandError: the plant is not the one of the run, or a keeper can't go on at a past tick.
        RunError: a command is lost behind the newest snapshot, or can't be carried out again.
    """
    if at is not None and keeper is not None:
        raise CommandError("a run goes on only at its end; fork it at a past tick")
    run.flush()
    kept = run.until
    if run.record.parent and kept.tick < run.record.parent_tick:
        raise RunError(f"run {run.record.id} was not forked to its end; delete it")
    goal = last_tick(run) if at is None else at
    snapshot = run.snapshot(goal if keeper is None else min(goal, kept.tick))
    while True:
        if snapshot is not None and keeper is not None and snapshot.mark > kept:
            snapshot = run.snapshot(snapshot.mark.tick - 1)
        after = 0 if snapshot is None else snapshot.mark.sequence
        commands = run.commands(after, until=goal)
        if keeper is not None:
            keeper.muted, keeper.replaying = kept.tick >= 0, True
        player = Player(
            run.record, plant, commands, recorder=keeper, rules=rules, interpreted=interpreted
        )
        if snapshot is None:
            break
        try:
            player.restore(snapshot)
            break
        except RunError:  # of another release: an earlier one, or all from the beginning
            snapshot = run.snapshot(snapshot.mark.tick - 1)
    if keeper is not None:
        player.play(kept)
        keeper.muted = False
    player.play(Mark(goal, max((row.sequence for row in commands), default=after)))
    if keeper is not None:
        keeper.replaying = False
    return player.simulation


def last_tick(run: RunStore) -> int:
    """The last tick that is known of a run: of its last batch, snapshot or command.

    Raises:
        RunError: a command is lost behind both.
    """
    snapshots = run.snapshots()
    kept = max([run.until, *(row.mark for row in snapshots[-1:])])
    ticks = [row.tick for row in run.commands(kept.sequence) if not row.refused]
    return max(kept.tick, *ticks, 0)
