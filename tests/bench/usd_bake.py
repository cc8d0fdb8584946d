"""A bake as scripts do it: every position and orientation at every frame, with UsdAttribute.Set."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from pxr import Gf, Usd, UsdGeom

from twin.journal import Journal
from twin.motion.frame import pose_from
from twin.units import TICKS_PER_SECOND

__all__ = ["Bake", "bake"]

FPS = 60


class Bake(NamedTuple):
    """What a stretch of a bake took."""

    seconds: float  # of CPU, poses not counted
    bytes: int
    samples: int


def bake(run: Journal, begin: int, frames: int) -> Bake:
    """Bake a stretch of a run: all links of all robots, and all parts in sight.

    Args:
        run: the record of it.
        begin: the first frame's tick.
        frames: how many, 60 a second.
    """
    ticks = [begin + frame * TICKS_PER_SECOND // FPS for frame in range(frames)]
    poses = [run.poses(tick) for tick in ticks]
    links = np.array([each.link_frames()[:, 1:].reshape(-1, 4, 4) for each in poses])
    xyz, wxyz = pose_from(links.reshape(-1, 4, 4))
    robots = (xyz.reshape(frames, -1, 3).tolist(), wxyz.reshape(frames, -1, 4).tolist())
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bake.usdc"
        start = time.process_time()
        stage = Usd.Stage.CreateNew(str(path))
        prims = [_prim(stage, f"/Bake/Link_{row}") for row in range(links.shape[1])]
        parts: dict[int, tuple[Usd.Attribute, Usd.Attribute]] = {}
        for frame in range(frames):
            for (where, turn), p, q in zip(prims, robots[0][frame], robots[1][frame], strict=True):
                where.Set(Gf.Vec3d(*p), frame)
                turn.Set(Gf.Quatd(*q), frame)
            now = poses[frame]
            rows = zip(now.serial.tolist(), now.xyz.tolist(), now.wxyz.tolist(), strict=True)
            for serial, p, q in rows:
                if serial not in parts:
                    parts[serial] = _prim(stage, f"/Bake/Part_{serial}")
                parts[serial][0].Set(Gf.Vec3d(*p), frame)
                parts[serial][1].Set(Gf.Quatd(*q), frame)
        stage.Save()
        seconds = time.process_time() - start
        samples = 2 * (frames * links.shape[1] + sum(len(each.serial) for each in poses))
        return Bake(seconds, path.stat().st_size, samples)


def _prim(stage: Usd.Stage, path: str) -> tuple[Usd.Attribute, Usd.Attribute]:
    form = UsdGeom.Xform.Define(stage, path)
    turn = form.AddOrientOp(UsdGeom.XformOp.PrecisionDouble)
    return form.AddTranslateOp().GetAttr(), turn.GetAttr()
