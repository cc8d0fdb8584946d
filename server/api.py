"""REST: runs, their time, their commands. What may be asked of whom is in `server.access`."""

import math
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from server.access import caller_of, check_role
from server.hosted import Hosted
from server.refusal import STATUS, RefusalError
from server.runs import Runs
from server.schemas import (
    CommandBody,
    CommandState,
    Comparison,
    CreateBody,
    Created,
    Done,
    DriveBody,
    Driver,
    ErrorBody,
    Figures,
    ForkBody,
    JumpBody,
    Listing,
    Orders,
    PlaceState,
    RunInfo,
    SeekBody,
    SpeedBody,
    StepBody,
    Tick,
)
from server.spec import RunSpec
from twin.errors import nearest
from twin.units import to_ticks

__all__ = ["REFUSALS", "All", "api"]

DRIVER = "twin-client"  # header: who drives, as a lease was taken
MOST_WATCHERS = 64
TICKS = 2**53
LONGEST = 1e9  # s
MCAP = "application/octet-stream"

RunId = Annotated[str, InPath(max_length=64, description="A run, or default: the first.")]


def _runs(request: Request) -> Runs:
    return request.app.state.runs


All = Annotated[Runs, Depends(_runs)]


def _public(runs: Runs, name: str) -> Hosted:
    """A run that all may see.

    Raises:
        RefusalError: there is none.
    """
    run = runs.get(name)
    if run.spec.private:
        raise RefusalError("not_found", f"there is no run {name!r}")
    return run


def _found(runs: All, run: RunId) -> Hosted:
    return _public(runs, run)


Found = Annotated[Hosted, Depends(_found)]

REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorBody} for status in {*STATUS.values(), 400} - {422}
}
api = APIRouter(prefix="/api", responses=REFUSALS)


@api.get("/runs", summary="List runs, and the scenes that new ones may have")
async def list_runs(request: Request, runs: All) -> Listing:
    _check(request, "read")
    uploaded = [each.name for each in runs.uploads.listed()]
    scenes = sorted({*runs.scenes, *uploaded})
    return Listing(runs=[_info(run) for run in runs.listed()], scenes=scenes)


@api.post("/runs", status_code=201, summary="Make a run; it is prepared meanwhile")
async def create(request: Request, runs: All, body: CreateBody) -> Created:
    _check(request, "create")
    return Created(run=_info(await runs.create(_spec(runs, body))))


@api.get("/runs/{run}", summary="How a run goes")
async def get(request: Request, run: Found) -> RunInfo:
    _check(request, "read")
    return _info(run)


@api.delete("/runs/{run}", status_code=204, summary="End a run and forget it")
async def delete(request: Request, runs: All, run: Found) -> Response:
    _check(request, "delete")
    await runs.delete(run)
    return Response(status_code=204)


@api.post("/runs/{run}/start", summary="Start a stopped run where it was, or let time run")
async def start(request: Request, run: Found) -> Done:
    _check(request, "start")
    if run.state in ("ready", "preparing"):
        await _perform(run, request, "play")
    else:
        await run.start()
    return Done(run=_info(run))


@api.post("/runs/{run}/stop", summary="End a run's process; what makes it again is kept")
async def stop(request: Request, run: Found) -> Done:
    _check(request, "stop")
    await run.stop()
    return Done(run=_info(run))


@api.post("/runs/{run}/fork", status_code=201, summary="A run that goes on by itself from here")
async def fork(request: Request, runs: All, run: Found, body: ForkBody) -> Created:
    _check(request, "fork")
    more: dict[str, Any] = {}
    if body.speed is not None:
        more["speed"] = math.inf if body.speed == "max" else body.speed
    if body.playing is not None:
        more["playing"] = body.playing
    made = await runs.fork(run, tick=body.tick, commands=_changes(body), who=_who(request), **more)
    return Created(run=_info(made))


@api.get(
    "/runs/{run}/recording",
    summary="The run as it went, as an MCAP file for Foxglove, Lichtblick and Rerun",
    response_class=FileResponse,
    responses={200: {"content": {MCAP: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def recording(  # noqa: PLR0917 - FastAPI gives them by name
    request: Request,
    runs: All,
    run: Found,
    start: Annotated[float, Query(ge=0, le=LONGEST, description="s")] = 0.0,
    until: Annotated[
        float | None, Query(ge=0, le=LONGEST, description="s; none: what is shown now")
    ] = None,
    rate: Annotated[float, Query(ge=0.01, le=100, description="looks a second")] = 10.0,
) -> FileResponse:
    _check(request, "record")
    handle, name = tempfile.mkstemp(suffix=".mcap")
    os.close(handle)
    file = Path(name)
    ticks = None if until is None else to_ticks(until)
    try:
        await runs.record(run, file, start=to_ticks(start), until=ticks, rate=rate)
    except BaseException:
        _drop(file)
        raise
    gone = BackgroundTask(_drop, file)
    return FileResponse(file, media_type=MCAP, filename=f"{run.id}.mcap", background=gone)


@api.get("/compare", summary="Two runs on one clock: figures by time, first difference")
async def compare(  # noqa: PLR0917 - FastAPI gives them by name
    request: Request,
    runs: All,
    one: Annotated[str, Query(max_length=64)],
    two: Annotated[str, Query(max_length=64)],
    until: Annotated[int | None, Query(ge=0, le=TICKS)] = None,
    points: Annotated[int, Query(ge=1, le=1000)] = 60,
) -> Comparison:
    _check(request, "compare")
    result = await runs.compare(_public(runs, one), _public(runs, two), until=until, points=points)
    return Comparison(**result)


@api.post("/runs/{run}/play", summary="Let time run")
async def play(request: Request, run: Found) -> Done:
    await _perform(run, request, "play")
    return Done(run=_info(run))


@api.post("/runs/{run}/pause", summary="Let time stand")
async def pause(request: Request, run: Found) -> Done:
    await _perform(run, request, "pause")
    return Done(run=_info(run))


@api.post("/runs/{run}/speed", summary="Set how fast time runs")
async def speed(request: Request, run: Found, body: SpeedBody) -> Done:
    await _perform(run, request, "speed", value=body.value)
    return Done(run=_info(run))


@api.post("/runs/{run}/jump", summary="Go forward as fast as possible")
async def jump(request: Request, run: Found, body: JumpBody) -> Done:
    await _perform(run, request, "jump", seconds=body.seconds)
    return Done(run=_info(run))


@api.post("/runs/{run}/step", summary="Pause, and go forward by seconds or events")
async def step(request: Request, run: Found, body: StepBody) -> Tick:
    return Tick(**await _perform(run, request, "step", **body.model_dump(exclude_none=True)))


@api.post("/runs/{run}/seek", summary="Show another time of the past")
async def seek(request: Request, run: Found, body: SeekBody) -> Tick:
    return Tick(**await _perform(run, request, "seek", **body.model_dump(exclude_none=True)))


@api.post("/runs/{run}/live", summary="Show the farthest time that the run has reached")
async def live(request: Request, run: Found) -> Tick:
    return Tick(**await _perform(run, request, "live"))


@api.post("/runs/{run}/reset", summary="Begin the run again")
async def reset(request: Request, run: Found) -> Done:
    await _perform(run, request, "reset")
    return Done(run=_info(run))


@api.get("/runs/{run}/driver", summary="Who drives")
async def driver(request: Request, run: Found) -> Driver:
    _check(request, "read")
    return _driver(run)


@api.post("/runs/{run}/driver", summary="Drive: nobody else changes the time meanwhile")
async def drive(request: Request, run: Found, body: DriveBody) -> Driver:
    _check(request, "drive")
    run.lease.take(_who(request), body.seconds)
    run.tell_driver()
    return _driver(run)


@api.delete("/runs/{run}/driver", status_code=204, summary="Let others drive again")
async def release(request: Request, run: Found) -> Response:
    _check(request, "release")
    run.lease.release(_who(request))
    run.tell_driver()
    return Response(status_code=204)


@api.post("/runs/{run}/commands", summary="Command equipment at the time that is shown")
async def command(request: Request, run: Found, body: CommandBody) -> CommandState:
    fields = body.model_dump(exclude_none=True)
    return CommandState(**await _perform(run, request, "command", **fields))


@api.get("/runs/{run}/commands", summary="The commands of a run, and what became of them")
async def commands(
    request: Request,
    run: Found,
    after: Annotated[int, Query(ge=0, le=TICKS)] = 0,
    most: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Orders:
    _check(request, "read")
    fields, _ = await run.ask("commands", after=after, most=most)
    return Orders(**fields)


@api.get("/runs/{run}/place", summary="What is desired of a place, and what it reports")
async def place(
    request: Request, run: Found, path: Annotated[str, Query(max_length=1024)]
) -> PlaceState:
    _check(request, "read")
    fields, _ = await run.ask("place", path=path)
    return PlaceState(**fields)


@api.get("/runs/{run}/figures", summary="Key figures, and their history")
async def figures(request: Request, run: Found) -> Figures:
    _check(request, "read")
    fields, _ = await run.ask("figures")
    return Figures(**fields)


def _driver(run: Hosted) -> Driver:
    lease = run.lease
    return Driver(client=lease.holder, seconds=lease.left, watching=run.watchers(MOST_WATCHERS))


def _info(run: Hosted) -> RunInfo:
    return RunInfo(**run.summary())


def _drop(file: Path) -> None:
    file.unlink(missing_ok=True)


def _check(request: Request, op: str) -> None:
    check_role(caller_of(request.scope), op)


def _who(request: Request) -> str:
    """The name by which a lease knows who calls."""
    named = request.headers.get(DRIVER, "")[:64]
    return named or f"rest-{caller_of(request.scope).name}"


async def _perform(run: Hosted, request: Request, op: str, **fields: Any) -> dict[str, Any]:
    _check(request, op)
    return await run.perform(op, _who(request), **fields)


def _spec(runs: Runs, body: CreateBody) -> RunSpec:
    """What a new run is made from; only scenes and scenarios that the server offers."""
    scene = runs.scene(body.scene) if body.scene else Path(runs.first.spec.scene)
    folder = scene.parent / "scenarios"
    layers = {file.stem: file for file in sorted(folder.glob("*.usd*"))}
    for name in body.scenarios:
        if name not in layers:
            hint = nearest(name, layers)
            raise RefusalError("not_found", f"the scene has no scenario {name!r}; {hint}")
    return RunSpec(
        id="", scene=str(scene), scenarios=tuple(str(layers[name]) for name in body.scenarios),
        overrides=tuple(body.overrides), seed=body.seed, playing=body.playing,
        speed=math.inf if body.speed == "max" else body.speed, until=to_ticks(body.start),
        interpreted=runs.interpreted,
    )  # fmt: skip


def _changes(body: ForkBody) -> list[dict[str, Any]]:
    """What is done at the tick of a fork: a new seed, overrides, then commands."""
    commands: list[dict[str, Any]] = []
    if body.seed is not None:
        commands.append({"action": "seed", "attribute": str(body.seed)})
    for text in body.overrides:
        where, _, value = text.partition("=")
        path, _, attribute = where.rpartition(".")
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not path.startswith("/") or not attribute or not math.isfinite(number):
            rule = "an override of a fork must be PRIM.twin:attr=NUMBER"
            raise RefusalError("invalid", f"{rule}, got {text!r:.200}", path)
        commands.append({"action": "set", "path": path, "attribute": attribute, "value": number})
    return [*commands, *(each.model_dump(exclude_none=True) for each in body.commands)]
