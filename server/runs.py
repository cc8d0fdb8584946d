"""All runs of a server: made, found, forked, compared, and gone."""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from server.errand import do_job
from server.hosted import Hosted
from server.refusal import RefusalError
from server.sent import Packed
from server.session import Session
from server.spec import RunSpec
from server.uploads import Uploads
from twin.errors import nearest

__all__ = ["DEFAULT", "Runs"]

DEFAULT = "default"  # stands for the first run
MOST_RUNS = 16
MOST_PRIVATE = 16
COMPARE_WITHIN = 120.0  # s
FORK_WITHIN = 10.0  # s


class Runs:
    """The runs by their ids; lives in one event loop."""

    def __init__(
        self,
        first: RunSpec | None = None,
        *,
        scenes: Mapping[str, Path] | None = None,
        most: int = MOST_RUNS,
        interpreted: bool = False,
        journal: str = "",
        uploads: Uploads | None = None,
    ) -> None:
        """Make the first run; `open` starts it.

        Args:
            first: what whoever names no run looks at.
            scenes: root layers that new runs may be made from, by name.
            most: how many runs there may be that are not private.
            interpreted: new runs run the engine as plain Python.
            journal: where runs are kept, see `twin.journal.open_store`; empty: in memory only.
            uploads: scenes that were uploaded; None: in a folder that goes with the server.
        """
        self.uploads = uploads or Uploads()
        self.scenes = dict(scenes or {})
        self.interpreted = interpreted
        self._journal = journal
        self._most = most
        self._runs: dict[str, Hosted] = {}
        self._first = ""
        self._last_client = 0
        self._recording = asyncio.Lock()
        if first is not None:
            first = replace(first, journal=journal)
            self._first = first.id
            self._runs[first.id] = Hosted(first)
        self._beginning = first

    @property
    def first(self) -> Hosted:
        """The run that is meant where none is named.

        Raises:
            RefusalError: there is none.
        """
        return self.get(DEFAULT)

    @property
    def is_empty(self) -> bool:
        """Whether there is no run."""
        return not self._runs

    @property
    def is_ready(self) -> bool:
        """Whether the first run answers."""
        return self.is_empty or self.first.is_ready

    async def open(self) -> None:
        """Start the runs that are there; returns when the first one's scene is known to be sound.

        Raises:
            RefusalError: it is not.
        """
        if self._journal:
            await self._recall()
        if self.is_empty:
            return
        await self.first.start()
        try:
            await self.first.check()
        except RefusalError as error:
            if error.code != "scene" or self.first.spec == self._beginning:
                raise
            await self._begin_anew()

    async def _begin_anew(self) -> None:
        """The scene is not that of the run in the journal: that one stays, another one begins."""
        assert self._beginning is not None
        spec = self._beginning
        self._runs[spec.id] = Hosted(spec)
        self._first = spec.id
        await self.first.start()
        await self.first.check()

    async def _recall(self) -> None:
        """Find the runs of the journal; the first one goes on if it is there already."""
        records = (await _do({"job": "runs", "journal": self._journal}))["runs"]
        first: RunSpec | None = self._runs[self._first].spec if self._first else None
        for record in records:
            spec = RunSpec.recorded(record, self._journal, interpreted=self.interpreted)
            spec = self._shut_in(spec)
            if first is not None and first.is_same_beginning(spec):
                self._runs.pop(self._first)
                first = replace(first, id=spec.id, created=spec.created)
                spec, self._first = first, spec.id
            self._runs[spec.id] = Hosted(spec)

    async def close(self) -> None:
        """End all runs."""
        await asyncio.gather(*(run.close() for run in self._runs.values()))
        self.uploads.close()

    def get(self, name: str) -> Hosted:
        """The run with an id.

        Raises:
            RefusalError: there is none.
        """
        known = self._first if name in ("", DEFAULT) and name not in self._runs else name
        if known not in self._runs:
            public = [run.id for run in self._runs.values() if not run.spec.private]
            raise RefusalError(
                "not_found", f"there is no run {name!r:.80}; {nearest(name[:80], public)}"
            )
        return self._runs[known]

    def listed(self) -> list[Hosted]:
        """The runs that all may see, oldest first."""
        return [run for run in self._runs.values() if not run.spec.private]

    def client_name(self) -> str:
        """A name that no other client has."""
        self._last_client += 1
        return f"client-{self._last_client}-{secrets.token_hex(3)}"

    async def create(self, spec: RunSpec) -> Hosted:
        """Make a run and start it; it may still be prepared when this returns.

        Args:
            spec: what it is made from; its id is given here.

        Raises:
            RefusalError: there are too many.
        """
        most = MOST_PRIVATE if spec.private else self._most
        same = [run for run in self._runs.values() if run.spec.private == spec.private]
        if len(same) >= most:
            raise RefusalError("limit", f"there are {most} runs already; delete one")
        journal = "" if spec.private else self._journal
        spec = replace(spec, id=secrets.token_hex(6), created=time.time(), journal=journal)
        spec = self._shut_in(spec)
        run = Hosted(spec, pack=self._pack_of(spec))
        self._runs[run.id] = run
        self._first = self._first or run.id
        await run.start()
        return run

    async def fork(
        self,
        parent: Hosted,
        *,
        tick: int | None = None,
        commands: Sequence[Mapping[str, Any]] = (),
        who: str = "",
        owner: Session | None = None,
        **more: Any,
    ) -> Hosted:
        """Make a run that goes on by itself from a tick of another one.

        It is ready then; one without commands, that many may see, may still be prepared.

        Args:
            parent: the other run.
            tick: where it goes on; None: what is shown there.
            commands: fields of commands to be carried out there at once.
            who: who gives them.
            owner: whose alone it is; None: everybody's.
            more: other fields of the spec.

        Raises:
            RefusalError: the tick or a command is wrong; there is no new run then.
        """
        await parent.wait()
        record, _ = await parent.ask("record", tick=tick)
        spec = replace(
            parent.spec, parent=parent.id, parent_tick=record["until"], until=record["until"],
            commands=tuple(record["commands"]), private=owner is not None, **more,
        )  # fmt: skip
        run = await self.create(spec)
        run.owner = owner
        try:
            with suppress(TimeoutError):
                in_time = None if commands or owner else FORK_WITHIN
                async with asyncio.timeout(in_time):
                    await run.wait()
            for fields in commands:
                await run.perform("command", who, **fields)
        except BaseException:
            await self.delete(run)
            raise
        return run

    async def delete(self, run: Hosted) -> None:
        """End a run and forget it."""
        self._runs.pop(run.id, None)
        if run.id == self._first:
            self._first = next((each.id for each in self.listed()), "")
        await run.close()
        if run.spec.journal:
            await _do({"job": "delete", "journal": run.spec.journal, "run": run.id})

    async def compare(
        self, one: Hosted, two: Hosted, *, until: int | None = None, points: int = 60
    ) -> dict[str, Any]:
        """Run two runs again on one clock; returns figures by time and the first difference.

        Raises:
            RefusalError: one of them does not answer, or they take too long.
        """
        cache = one.spec.cache or two.spec.cache
        job: dict[str, Any] = {"job": "compare", "points": points, "cache": cache}
        for name, run in (("one", one), ("two", two)):
            record, _ = await run.ask("record", tick=None)
            spec = replace(
                run.spec, commands=tuple(record["commands"]), until=record["until"], has_pack=True
            )
            job[name] = spec.to_json()
        ends = [job["one"]["until"], job["two"]["until"], *([] if until is None else [until])]
        job["until"] = min(ends)
        return await _do(job)

    async def record(
        self, run: Hosted, file: Path, *, start: int, until: int | None, rate: float
    ) -> None:
        """Write a run as it went, made again, as an MCAP file.

        Args:
            run: which.
            file: where to.
            start: the first tick that is written.
            until: the last one; None: what is shown now.
            rate: looks a second, of the run's time.

        Raises:
            RefusalError: it does not answer, has not come so far, or that takes too long; or
                another recording is being made.
        """
        if self._recording.locked():
            raise RefusalError("limit", "one recording at a time; come again")
        async with self._recording:
            record, _ = await run.ask("record", tick=until)
            if start > record["until"]:
                rule = "a recording must begin before its end"
                raise RefusalError("refused", f"{rule}, at tick {record['until']}")
            spec = replace(run.spec, commands=tuple(record["commands"]), has_pack=True)
            await _do(
                {
                    "job": "record", "run": spec.to_json(), "file": str(file), "start": start,
                    "until": record["until"], "rate": rate,
                }
            )  # fmt: skip

    def pack(self, digest: str) -> Packed | None:
        """The scene pack with a digest, or None."""
        packs = (run.pack for run in self._runs.values())
        return next((pack for pack in packs if pack is not None and pack.digest == digest), None)

    def scene(self, name: str) -> Path:
        """The root layer of a scene that is offered.

        Raises:
            RefusalError: there is none of this name.
        """
        found = self.scenes.get(name) or self.uploads.scene(name)
        if found is None:
            known = [*self.scenes, *(each.name for each in self.uploads.listed())]
            hint = nearest(name, known)
            raise RefusalError("not_found", f"there is no scene {name!r:.80}; {hint}")
        return found

    def uses(self, name: str) -> list[str]:
        """The runs of an uploaded scene."""
        scene = self.uploads.scene(name)
        return [run.id for run in self._runs.values() if run.spec.scene == str(scene)]

    def _shut_in(self, spec: RunSpec) -> RunSpec:
        """The same run, which does not leave its folder if its scene was uploaded."""
        home = self.uploads.home(spec.scene)
        return replace(spec, home=home, cache=str(self.uploads.cache) if home else "")

    def _pack_of(self, spec: RunSpec) -> Packed | None:
        """The pack of a run that is made from the same scene in the same way, if there is one."""
        for run in self._runs.values():
            other = run.spec
            same = (other.scene, other.scenarios, other.overrides)
            if run.pack and same == (spec.scene, spec.scenarios, spec.overrides):
                return run.pack
        return None


async def _do(job: dict[str, Any]) -> dict[str, Any]:
    """Let a process of its own do one job."""
    return await do_job(job, within=COMPARE_WITHIN, what="does it")
