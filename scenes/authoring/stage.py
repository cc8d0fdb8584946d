"""What every scene has besides its plant: views of it, and gravity."""

import math
from collections.abc import Mapping

from pxr import Gf, Usd, UsdGeom, UsdPhysics

from scenes.authoring.usd import Vector
from twin.scene.author import stand

__all__ = ["author_cameras", "author_physics"]

View = tuple[Vector, Vector]  # eye, target [m]


def author_cameras(stage: Usd.Stage, root: str, views: Mapping[str, View]) -> None:
    """Set up cameras under the root prim; the first is the one that tools open with."""
    UsdGeom.Scope.Define(stage, f"{root}/Cameras")
    for name, (eye, target) in views.items():
        camera = UsdGeom.Camera.Define(stage, f"{root}/Cameras/{name}")
        view = Gf.Matrix4d().SetLookAt(Gf.Vec3d(*eye), Gf.Vec3d(*target), Gf.Vec3d.ZAxis())
        turn = view.GetInverse().ExtractRotationQuat()
        wxyz = tuple(round(each, 9) for each in (turn.real, *turn.imaginary))
        stand(camera.GetPrim(), eye, wxyz)
        camera.CreateFocalLengthAttr(24.0)
        camera.CreateHorizontalApertureAttr(36.0)
        camera.CreateVerticalApertureAttr(20.25)
        camera.CreateFocusDistanceAttr(round(math.dist(eye, target), 3))
        camera.CreateClippingRangeAttr(Gf.Vec2f(0.1, 10_000.0 if eye[2] > 100 else 1000.0))


def author_physics(stage: Usd.Stage, root: str) -> None:
    """Give the scene its gravity."""
    scene = UsdPhysics.Scene.Define(stage, f"{root}/PhysicsScene")
    scene.CreateGravityDirectionAttr(Gf.Vec3f(0, 0, -1))
    scene.CreateGravityMagnitudeAttr(9.81)
