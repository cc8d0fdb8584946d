"""The check of an upload, in a process that is shut in: unpacked, looked at, opened, read.

The order matters: sizes and names before anything is written, asset paths of every single layer
before anything is composed, the number of prims before that as well.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.confine import confine_check
from server.enclosure import enclose, software
from server.refusal import RefusalError
from server.spec import RunSpec
from server.unpack import unpack
from twin.errors import Problem, SceneError
from twin.plant import check as check_plant
from twin.scene.enclosed import beyond, whole_count
from twin.scene.read import read_plant
from twin.scene.stage import open_stage

__all__ = ["check", "check_home", "shut_in"]

MOST_PRIMS = 1_000_000  # those of every instance counted
LONGEST = 8000  # characters of problems that are told


def check(head: dict[str, Any]) -> dict[str, Any]:
    """Unpack an upload and tell what it is, or what is wrong with it.

    Args:
        head: `home`, a folder with the upload as `body`; `name` of the scene; `root`, see
            `server.unpack`.

    Raises:
        RefusalError: the archive or the scene is not what may be uploaded.
        SceneError: the scene is wrong.
    """
    home = Path(head["home"])
    confine_check()
    try:
        files = home / "files"
        found = unpack(home / "body", files, name=head["name"], root=head["root"])
        root = files / found.root
        check_home(files, root)
        plant = read_plant(open_stage(root))
        problems = check_plant(plant)
    except SceneError as error:
        raise RefusalError("scene", str(error)[:LONGEST]) from None
    except (MemoryError, RecursionError):
        raise RefusalError("too_large", "the scene takes more memory than it may") from None
    except UnicodeError:
        raise RefusalError("scene", "the scene's texts must be UTF-8") from None
    except OSError as error:
        raise RefusalError("invalid", f"the upload can't be kept: {error.strerror}") from None
    if problems:
        raise RefusalError("scene", str(SceneError(problems))[:LONGEST])
    return {
        "root": found.root, "files": found.files, "size": found.size, "left_out": found.left_out,
        "places": len(plant.places), "plant": plant.digest,
    }  # fmt: skip


def shut_in(head: dict[str, Any]) -> None:
    """Shut this process into the folders that it needs, if it is to open what was uploaded.

    Args:
        head: what the process is told to do; see `server.child`.

    Raises:
        SceneError: a layer of it leaves its folder; that was looked at before, but is again.
    """
    job = head.get("job")
    if job == "check":
        home = Path(head["home"])
        enclose(read=software(), write=[home, Path(head["cache"])])
        os.chdir(home)
    elif job == "compare":
        _shut_in([RunSpec.from_json(head[name]) for name in ("one", "two")])
    elif job is None:
        _shut_in([RunSpec.from_json(head)])


def _shut_in(specs: Sequence[RunSpec]) -> None:
    strange = [spec for spec in specs if spec.home]
    if not strange:
        return
    journals = [Path(spec.journal) for spec in specs if spec.journal and "://" not in spec.journal]
    for folder in journals:
        folder.mkdir(parents=True, exist_ok=True)
    trusted = [Path(spec.scene).parent for spec in specs if not spec.home]
    homes = [Path(spec.home) for spec in strange]
    caches = [Path(spec.cache) for spec in strange]
    network = any("://" in spec.journal for spec in specs)
    enclose(read=[*software(), *homes, *trusted], write=[*caches, *journals], network=network)
    os.chdir(homes[0])  # USD looks there for what it finds nowhere else
    for spec in strange:
        check_home(Path(spec.home), Path(spec.scene))


def check_home(home: Path, root: Path) -> None:
    """Whether an upload's layers stay in their folder, and become no more than they may.

    Raises:
        SceneError: they don't; it lists every reason.
    """
    problems = beyond(home)
    if not problems and (count := whole_count(root)) > MOST_PRIMS:
        rule = f"must have at most {MOST_PRIMS:,} prims, those of instances counted"
        problems = [Problem(root.name, rule, f"{count:,}")]
    if problems:
        raise SceneError(problems)
