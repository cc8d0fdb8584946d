"""What a run's process answers: every operation by its name, with its fields as JSON values."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import inf
from typing import Any, NamedTuple

from server.live import Live
from server.orders import Order, Orders
from server.refusal import RefusalError
from server.spec import RunSpec
from twin.errors import CommandError
from twin.units import TICKS_PER_SECOND, to_seconds, to_ticks

__all__ = ["Answer", "Desk"]

MOST_STEPS = 10_000  # events
LONGEST_RUN = 2**62  # ticks
STEP_PATIENCE = 10.0  # s for an exporter in lock-step, unless it says otherwise

Fields = dict[str, Any]


class Answer(NamedTuple):
    """What an operation came to."""

    fields: Fields
    blobs: Sequence[bytes] = ()


class Desk:
    """Does operations on a live run."""

    def __init__(self, spec: RunSpec, live: Live, orders: Orders) -> None:
        """Open for a run.

        Args:
            spec: what it is made from.
            live: the run.
            orders: who carries out commands.
        """
        self._spec = spec
        self._live = live
        self._orders = orders
        self._ops: dict[str, Callable[[Fields], Answer]] = {
            "play": self._play, "pause": self._play, "speed": self._speed, "reset": self._reset,
            "jump": self._jump, "step": self._step, "seek": self._seek, "live": self._go_live,
            "command": self._command, "commands": self._commands, "place": self._place,
            "figures": self._figures, "record": self._record, "welcome": self._welcome,
            "lockstep": self._lock_step, "done": self._done, "unlock": self._unlock,
            "open": self._open, "close": self._close, "status": lambda _: Answer(self.status()),
        }  # fmt: skip

    def do(self, op: str, fields: Fields) -> Answer:
        """Do an operation.

        Raises:
            TwinError: it can't be done.
        """
        if op not in self._ops:
            raise RefusalError("invalid", f"a run has no operation {op!r}")
        return self._ops[op](fields)

    def status(self) -> Fields:
        """How the run goes."""
        pace, run = self._live.pace, self._live.run
        clock = run.sim.world.clock[0]
        return {
            "tick": min(self._live.shown, run.head),
            "head": run.head,
            "live": run.is_live,
            "playing": pace.playing,
            "speed": "max" if pace.speed == inf else pace.speed,
            "rate": pace.rate,
            "epoch": self._live.stream.epoch,
            "finished": int(clock.finished),
            "created": int(clock.created),
            "commands": len(run.commands),
        }

    def _play(self, fields: Fields) -> Answer:
        self._live.play(playing=fields["op"] == "play")
        return Answer({})

    def _speed(self, fields: Fields) -> Answer:
        value = fields["value"]
        self._live.set_speed(inf if value == "max" else value)
        return Answer({"value": value if value == "max" else self._live.pace.speed})

    def _reset(self, _: Fields) -> Answer:
        if self._spec.journal:
            raise RefusalError(
                "refused", "a run with a journal has one past; fork it at tick 0 instead"
            )
        self._live.reset()
        return Answer({"tick": 0})

    def _jump(self, fields: Fields) -> Answer:
        return Answer({"seconds": self._live.jump(fields["seconds"])})

    def _step(self, fields: Fields) -> Answer:
        if (seconds := fields.get("seconds")) is not None:
            self._live.play(playing=False)
            self._live.jump(seconds)
            return Answer({"tick": self._live.shown})
        count = fields.get("events") or 1
        if not 1 <= count <= MOST_STEPS:
            raise CommandError(f"events must be >= 1 and <= {MOST_STEPS}, got {count}")
        return Answer({"tick": self._live.step_events(count)})

    def _seek(self, fields: Fields) -> Answer:
        tick = fields.get("tick")
        if tick is None:
            seconds = fields.get("seconds") or 0.0
            if not 0 <= seconds * TICKS_PER_SECOND <= LONGEST_RUN:
                raise CommandError(f"seconds must be >= 0 and within the run, got {seconds:g}")
            tick = to_ticks(seconds)
        return Answer({"tick": self._live.seek(tick)})

    def _go_live(self, _: Fields) -> Answer:
        return Answer({"tick": self._live.go_live()})

    def _command(self, fields: Fields) -> Answer:
        names = ("action", "path", "attribute", "value", "key", "correlation", "issuer")
        wanted = Order(number=0, **{name: fields[name] for name in names if name in fields})
        order = self._orders.perform(wanted)
        if order.state == "rejected":
            raise RefusalError("refused", order.reason, order.path)
        return Answer(order.to_json())

    def _commands(self, fields: Fields) -> Answer:
        after, most = int(fields.get("after", 0)), int(fields.get("most", 100))
        return Answer({"commands": self._orders.listed(after, most)})

    def _place(self, fields: Fields) -> Answer:
        return Answer(self._orders.place(fields["path"]))

    def _figures(self, _: Fields) -> Answer:
        run = self._live.run
        totals = run.ledger.look(run.sim).totals.tolist()
        names = ("finished", "wip", "jph", "jph_total", "lead_mean", "lead_max", "created")
        history = [
            {"seconds": to_seconds(tick), "finished": finished, "wip": wip}
            for tick, finished, wip in run.ledger.history
        ]
        now = {"seconds": to_seconds(run.now), **dict(zip(names, totals, strict=False))}
        return Answer({"now": now, "history": history})

    def _record(self, fields: Fields) -> Answer:
        """What makes the same run again, up to a tick."""
        run = self._live.run
        shown = min(self._live.shown, run.head)
        until = fields.get("tick")
        until = shown if until is None else int(until)
        if not 0 <= until <= run.head:
            rule = f"tick must be >= 0 and <= {run.head}, as far as the run has come"
            raise CommandError(f"{rule}, got {until}")
        commands = [asdict(each) for each in run.commands if each.tick <= until]
        return Answer({"until": until, "commands": commands})

    def _lock_step(self, fields: Fields) -> Answer:
        patience = fields.get("patience", STEP_PATIENCE)
        return Answer({"tick": self._live.hold(fields["name"], fields["step"], patience)})

    def _done(self, fields: Fields) -> Answer:
        self._live.lockstep.done(fields["name"], fields["tick"])
        return Answer({})

    def _unlock(self, fields: Fields) -> Answer:
        self._live.lockstep.close(fields["name"])
        return Answer({})

    def _welcome(self, fields: Fields) -> Answer:
        welcome = self._live.welcome(fields.get("topic", 0))
        head = {
            "seq": welcome.seq, "epoch": welcome.epoch, "playing": welcome.playing,
            "speed": "max" if welcome.speed == inf else welcome.speed, "history": welcome.history,
        }  # fmt: skip
        return Answer(head, [*welcome.frames, welcome.notes])

    def _open(self, fields: Fields) -> Answer:
        poses = float(fields.get("poses", 0.0))
        stream = self._live.stream
        return Answer({"seq": stream.open(fields["topic"], fields["paths"], poses=poses)})

    def _close(self, fields: Fields) -> Answer:
        self._live.stream.close(fields["topic"])
        return Answer({})
