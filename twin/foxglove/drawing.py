"""How Foxglove is told what to draw: models by address, models inside the message, or boxes."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from foxglove_schemas_protobuf.CubePrimitive_pb2 import CubePrimitive
from foxglove_schemas_protobuf.ModelPrimitive_pb2 import ModelPrimitive
from foxglove_schemas_protobuf.Pose_pb2 import Pose
from foxglove_schemas_protobuf.SceneEntity_pb2 import SceneEntity
from numpy.typing import ArrayLike, NDArray

from twin.foxglove.models import Models
from twin.motion.frame import pose_from

__all__ = ["ADDRESS", "Boxes", "Drawing", "Embedded", "Linked", "pose_at"]

ADDRESS = "package://twin/"  # of models; followed by the pack's hash, /, number and .glb
MEDIA_TYPE = "model/gltf-binary"
GREY = (0.62, 0.64, 0.66, 1.0)

Instances = Sequence[dict[str, Any]]  # with prototype and matrix


class Drawing(Protocol):
    """Puts prototypes into an entity."""

    def draw(self, entity: SceneEntity, instances: Instances) -> None:
        """Let an entity show prototypes, each where its matrix says."""
        ...


class Linked:
    """Models that the viewer fetches by their address, once each."""

    def __init__(self, digest: str) -> None:
        self._folder = f"{ADDRESS}{digest}/"

    def draw(self, entity: SceneEntity, instances: Instances) -> None:
        """Name the model of each instance; a matrix that shears is taken without its shear."""
        for each in instances:
            model = entity.models.add(
                url=f"{self._folder}{each['prototype']}.glb", media_type=MEDIA_TYPE
            )
            _set_model(model, _parts(each["matrix"]))


class Embedded:
    """Models inside the message, up to so many bytes of all; then boxes instead."""

    def __init__(self, models: Models, most: int) -> None:
        self._models = models
        self._left = most
        self._boxes = Boxes(models)

    def draw(self, entity: SceneEntity, instances: Instances) -> None:
        """Draw all instances as one model, in which those of one prototype share its shape."""
        if not instances:
            return
        data = self._models.cut([(each["prototype"], each["matrix"]) for each in instances])
        if len(data) > self._left:
            self._boxes.draw(entity, instances)
            return
        self._left -= len(data)
        model = entity.models.add(media_type=MEDIA_TYPE, data=data)
        _set_model(model, _parts(np.eye(4)))


class Boxes:
    """One box around each prototype."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def draw(self, entity: SceneEntity, instances: Instances) -> None:
        """Draw a grey box for each instance."""
        for each in instances:
            box = self._models.boxes[int(each["prototype"])]
            least, most = box[0], box[1]
            matrix = np.array(each["matrix"], np.float64).reshape(4, 4)
            matrix = matrix @ _shift((least + most) / 2)
            parts = _parts(matrix)
            cube = entity.cubes.add(pose=parts.pose)
            size: list[float] = (np.abs(parts.scale) * (most - least)).tolist()
            cube.size.x, cube.size.y, cube.size.z = size
            set_colour(cube, GREY)


class _Parts(NamedTuple):
    pose: Pose
    scale: NDArray[np.float64]  # along each axis; negative where the matrix mirrors


def set_colour(cube: CubePrimitive, rgba: Sequence[float]) -> None:
    """Give a cube its colour."""
    cube.color.r, cube.color.g, cube.color.b, cube.color.a = rgba


def pose_at(xyz: ArrayLike, wxyz: ArrayLike = (1.0, 0.0, 0.0, 0.0)) -> Pose:
    """A pose as Foxglove wants it."""
    pose = Pose()
    place, turn = pose.position, pose.orientation
    place.x, place.y, place.z = np.asarray(xyz, np.float64).tolist()
    turn.w, turn.x, turn.y, turn.z = np.asarray(wxyz, np.float64).tolist()
    return pose


def _set_model(model: ModelPrimitive, parts: _Parts) -> None:
    model.pose.CopyFrom(parts.pose)
    model.scale.x, model.scale.y, model.scale.z = parts.scale.tolist()


def _parts(matrix: ArrayLike) -> _Parts:
    """A matrix as a pose and a scale."""
    m = np.array(matrix, np.float64).reshape(4, 4)
    scale = np.linalg.norm(m[:3, :3], axis=0)
    scale[0] *= -1.0 if np.linalg.det(m[:3, :3]) < 0 else 1.0
    m[:3, :3] /= np.where(scale == 0.0, 1.0, scale)
    xyz, wxyz = pose_from(m)
    return _Parts(pose_at(xyz, wxyz), scale)


def _shift(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    matrix = np.eye(4)
    matrix[:3, 3] = xyz
    return matrix
