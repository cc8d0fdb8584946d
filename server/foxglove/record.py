"""The recording of a run, made again from what makes it, in a process of its own."""

from pathlib import Path
from typing import Any, BinaryIO

from server.figures import Ledger
from server.refusal import RefusalError
from server.spec import RunSpec
from twin.engine.command import Command
from twin.foxglove.recording import record_run
from twin.scene.pack import build_pack
from twin.scene.read import read_plant
from twin.scene.stage import open_stage

__all__ = ["record"]

MOST_BYTES = 512 * 2**20  # of a recording


def record(job: dict[str, Any]) -> dict[str, Any]:
    """Write a run, from `start` to `until` [ticks] with `rate` looks a second, to `file`.

    Raises:
        TwinError: the scene can't be opened, the run can't go on, or the file gets too large.
    """
    spec = RunSpec.from_json(job["run"])
    stage = open_stage(spec.scene, scenarios=spec.scenarios, overrides=spec.overrides)
    plant = read_plant(stage)
    pack = build_pack(stage, plant)
    with Path(job["file"]).open("wb") as file:
        out = _Bounded(file)
        done = record_run(
            plant, (pack.scene, pack.prototypes), out, start=job["start"], until=job["until"],
            rate=job["rate"], seed=spec.seed, gauge=Ledger(plant), interpreted=spec.interpreted,
            commands=[Command(**each) for each in spec.commands],
        )  # fmt: skip
    return {"messages": done.messages}


class _Bounded(BinaryIO):
    """A file that takes only so much."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: Any, /) -> int:
        if self._file.tell() > MOST_BYTES:
            rule = f"a recording has at most {MOST_BYTES // 2**20} MiB"
            raise RefusalError("too_large", f"{rule}; take a shorter time, or fewer looks a second")
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()

    def flush(self) -> None:
        self._file.flush()
