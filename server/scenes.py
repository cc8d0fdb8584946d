"""REST: scenes are uploaded, listed, and deleted."""

from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from starlette.requests import ClientDisconnect

from server.access import caller_of, check_role
from server.api import REFUSALS, All
from server.refusal import RefusalError
from server.schemas import SceneInfo, Scenes
from server.uploads import Upload

__all__ = ["UPLOADS", "scenes"]

UPLOADS = ("/api/scenes",)  # where more may be posted than elsewhere
BINARY = {"schema": {"type": "string", "format": "binary"}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A .usda, .usdc or .usdz, or a zip of a folder with all that it refers to.",
        "content": {"application/octet-stream": BINARY},
    }
}

Name = Annotated[str, Query(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$")]
Root = Annotated[str, Query(max_length=800, description="Root layer in the archive.")]

scenes = APIRouter(prefix="/api", responses=REFUSALS)


@scenes.get("/scenes", summary="List the scenes that runs may be made from")
async def list_scenes(request: Request, runs: All) -> Scenes:
    check_role(caller_of(request.scope), "read")
    uploaded = [_info(each) for each in runs.uploads.listed()]
    return Scenes(offered=sorted(runs.scenes), uploaded=uploaded)


@scenes.post(
    "/scenes", status_code=201, summary="Upload a scene; it is checked at once", openapi_extra=BODY
)
async def upload(request: Request, runs: All, name: Name, root: Root = "") -> SceneInfo:
    caller = caller_of(request.scope)
    check_role(caller, "upload")
    if name in runs.scenes:
        raise RefusalError("refused", f"the server has a scene {name!r} itself; choose another")
    made = await runs.uploads.receive(name, _chunks(request), root=root, issuer=caller.name)
    return _info(made)


@scenes.delete("/scenes/{name}", status_code=204, summary="Remove an uploaded scene")
async def remove(
    request: Request, runs: All, name: Annotated[str, InPath(max_length=64)]
) -> Response:
    check_role(caller_of(request.scope), "upload")
    if used := runs.uses(name):
        raise RefusalError("refused", f"run {used[0]} is of this scene; delete it first")
    await runs.uploads.delete(name)
    return Response(status_code=204)


async def _chunks(request: Request) -> AsyncGenerator[bytes]:
    """The body, as it comes.

    Raises:
        RefusalError: the client has gone before its end.
    """
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect:
        raise RefusalError("slow", "the upload has not arrived") from None


def _info(made: Upload) -> SceneInfo:
    return SceneInfo(**asdict(made))
