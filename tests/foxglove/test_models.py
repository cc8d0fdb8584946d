"""Models cut out of a pack stand by themselves, with Y up as glTF says, and are drawn in place."""

import io

import numpy as np
import pytest
import trimesh
from foxglove_schemas_protobuf.SceneEntity_pb2 import SceneEntity

from twin.data import scene_path
from twin.foxglove import Boxes, Embedded, Linked, Models
from twin.motion.frame import matrix_from
from twin.scene.pack import ScenePack, build_pack
from twin.scene.read import read_plant
from twin.scene.stage import open_stage

Z_UP = np.array([[1, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])  # as viewers turn it
MIRRORED = np.array([[0, -2, 0, 5], [2, 0, 0, 6], [0, 0, -3, 7], [0, 0, 0, 1]], np.float64)


@pytest.fixture(scope="module")
def pack() -> ScenePack:
    stage = open_stage(scene_path("body_shop"))
    return build_pack(stage, read_plant(stage))


@pytest.fixture(scope="module")
def models(pack: ScenePack) -> Models:
    return Models(pack.prototypes)


def bounds(data: bytes) -> np.ndarray:
    """Of a model as a viewer shows it, with Z up."""
    scene = trimesh.load_scene(io.BytesIO(data), file_type="glb")
    return scene.apply_transform(Z_UP).bounds


def matrix_of(pose, scale=(1.0, 1.0, 1.0)) -> np.ndarray:
    place, turn = pose.position, pose.orientation
    rigid = matrix_from((place.x, place.y, place.z), (turn.w, turn.x, turn.y, turn.z))
    return rigid @ np.diag([*scale, 1.0])


def test_every_prototype_can_be_cut_out(models: Models):
    for number in range(models.count):
        np.testing.assert_allclose(
            bounds(models.cut([(number, None)])), models.boxes[number], atol=1e-4
        )


def test_a_cut_holds_what_it_needs_and_no_more(pack: ScenePack, models: Models):
    sizes = [len(models.cut([(number, None)])) for number in range(models.count)]
    assert sum(sizes) < 1.1 * len(pack.prototypes)
    twice = models.cut([(0, np.eye(4)), (0, MIRRORED)])
    assert len(twice) < sizes[0] + 500  # the shape is shared


def test_a_link_stands_where_the_matrix_says():
    entity = SceneEntity()
    Linked("abc").draw(entity, [{"prototype": 3, "matrix": MIRRORED.ravel().tolist()}])
    (model,) = entity.models
    assert model.url == "package://twin/abc/3.glb"
    scale = (model.scale.x, model.scale.y, model.scale.z)
    np.testing.assert_allclose(matrix_of(model.pose, scale), MIRRORED, atol=1e-12)


def test_an_embedded_model_and_its_box_are_in_the_same_place(models: Models):
    drawn = [{"prototype": 3, "matrix": MIRRORED.ravel().tolist()}]
    whole, box = SceneEntity(), SceneEntity()
    Embedded(models, 10**9).draw(whole, drawn)
    Boxes(models).draw(box, drawn)
    (cube,) = box.cubes
    corners = [[x, y, z, 1] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    size = np.array([cube.size.x, cube.size.y, cube.size.z, 2.0]) / 2
    points = (matrix_of(cube.pose) @ (corners * size).T).T[:, :3]
    expected = np.array([points.min(axis=0), points.max(axis=0)])
    np.testing.assert_allclose(bounds(whole.models[0].data), expected, atol=1e-4)


def test_beyond_the_bytes_that_are_left_there_are_boxes(models: Models):
    drawn = [{"prototype": 3, "matrix": np.eye(4).ravel().tolist()}]
    size = len(models.cut([(3, np.eye(4))]))
    entities = [SceneEntity() for _ in range(3)]
    drawing = Embedded(models, 2 * size)
    for entity in entities:
        drawing.draw(entity, drawn)
    assert [(len(each.models), len(each.cubes)) for each in entities] == [(1, 0), (1, 0), (0, 1)]
