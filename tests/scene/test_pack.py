"""Scene packs of small stages, read back with another library's glTF reader."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import trimesh
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade

from twin.data import share_folder
from twin.kinds.conveyor import Conveyor
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.kinds.station import Station
from twin.plant.declared import ProductParams, ProgramParams, RobotParams
from twin.scene import author, load, open_stage, read_plant
from twin.scene.pack import ScenePack, build_pack
from twin.scene.pack.shape import read_shape

ROOT = "/Shop"
SOURCE = {"source": "time study", "confidence": "C"}

BOX_POINTS = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
BOX_FACES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def stage() -> Usd.Stage:
    made = Usd.Stage.CreateInMemory()
    made.SetDefaultPrim(UsdGeom.Xform.Define(made, ROOT).GetPrim())
    UsdGeom.SetStageUpAxis(made, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(made, 1.0)
    return made


def box(on: Usd.Stage, path: str, *, at=(0.0, 0.0, 0.0), size: float = 1.0) -> UsdGeom.Mesh:
    """A box of quads with one corner at a point; no normals."""
    mesh = UsdGeom.Mesh.Define(on, path)
    mesh.CreatePointsAttr([tuple(size * each for each in point) for point in BOX_POINTS])
    mesh.CreateFaceVertexCountsAttr([4] * 6)
    mesh.CreateFaceVertexIndicesAttr([corner for face in BOX_FACES for corner in face])
    mesh.CreateSubdivisionSchemeAttr("none")
    mesh.AddTranslateOp().Set(Gf.Vec3d(*at))
    return mesh


def paint(mesh: UsdGeom.Mesh, name: str, colour: tuple[float, float, float]) -> None:
    on = mesh.GetPrim().GetStage()
    material = UsdShade.Material.Define(on, f"{ROOT}/Looks/{name}")
    shader = UsdShade.Shader.Define(on, f"{ROOT}/Looks/{name}/Surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).Set(Gf.Vec3f(*colour))
    shader.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(0.25)
    shader.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(0.75)
    material.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)


def line(on: Usd.Stage) -> None:
    """A source, a station and a sink in a row."""
    rows = [("In", Source(interval=60.0)), ("Press", Station(process_time=50.0)), ("Out", Sink())]
    prims = [UsdGeom.Xform.Define(on, f"{ROOT}/{name}").GetPrim() for name, _ in rows]
    for prim, (_, params) in zip(prims, rows, strict=True):
        author.apply(prim, params, **SOURCE)
    author.link(prims[0], prims[1])
    author.link(prims[1], prims[2])


def asset(folder: Path, name: str = "Thing") -> Path:
    """A component of two boxes in one file."""
    file = folder / f"{name}.usda"
    on = Usd.Stage.CreateNew(str(file))
    root = UsdGeom.Xform.Define(on, f"/{name}")
    Usd.ModelAPI(root).SetKind("component")
    on.SetDefaultPrim(root.GetPrim())
    box(on, f"/{name}/left")
    box(on, f"/{name}/right", at=(2.0, 0.0, 0.0))
    on.GetRootLayer().Save()
    return file


def put(on: Usd.Stage, path: str, file: Path, *, instance: bool, at=(0.0, 0.0, 0.0)) -> Usd.Prim:
    prim = UsdGeom.Xform.Define(on, path).GetPrim()
    prim.GetReferences().AddReference(str(file))
    prim.SetInstanceable(instance)
    author.stand(prim, at, (1.0, 0.0, 0.0, 0.0))
    return prim


def packed(on: Usd.Stage) -> tuple[ScenePack, dict, trimesh.Scene]:
    pack = build_pack(on, read_plant(on))
    glb = trimesh.load_scene(io.BytesIO(pack.prototypes), file_type="glb", process=False)
    return pack, json.loads(pack.scene), glb


def drawn_box(scene: dict, glb: trimesh.Scene, instance: dict) -> np.ndarray:
    """The box around an instance in its frame, shape [2, 3] [m]."""
    node = scene["prototypes"][instance["prototype"]]["node"]
    meshes = [
        glb.geometry[name].copy()
        for name in glb.geometry
        if any(name == glb.graph[each][1] for each in below(glb, node))
    ]
    points = np.concatenate([mesh.vertices for mesh in meshes])
    points = trimesh.transform_points(points, np.reshape(instance["matrix"], (4, 4)))
    return np.stack([points.min(axis=0), points.max(axis=0)])


def below(glb: trimesh.Scene, node: str) -> list[str]:
    """Nodes with geometry at or below a node."""
    children = glb.graph.transforms.children.get(node, [])
    return [each for each in (node, *children) if glb.graph[each][1] is not None]


def test_faces_of_any_size_become_triangles_with_flat_normals():
    on = stage()
    mesh = box(on, "/Box")
    shape = read_shape(mesh)
    solid = trimesh.Trimesh(shape.points, shape.triangles, process=True)
    assert len(shape.triangles) == 12
    assert len(shape.points) == 24  # three normals at every corner
    assert solid.is_watertight
    assert solid.volume == pytest.approx(1.0)
    corners = shape.normals[shape.triangles[:, 0]]
    across = trimesh.triangles.normals(shape.points[shape.triangles])[0]
    np.testing.assert_allclose(corners, across, atol=1e-6)


def test_a_pentagon_is_a_fan_of_three():
    on = stage()
    mesh = UsdGeom.Mesh.Define(on, "/Face")
    angles = np.arange(5) * 2 * np.pi / 5
    points = np.stack([np.cos(angles), np.sin(angles), np.zeros(5)], axis=1)
    mesh.CreatePointsAttr([Gf.Vec3f(*point) for point in points.tolist()])
    mesh.CreateFaceVertexCountsAttr([5, 3])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3, 4, 0, 2, 1])
    shape = read_shape(mesh)
    areas = trimesh.triangles.area(shape.points[shape.triangles].astype(float))
    assert len(shape.triangles) == 4
    assert areas[:3].sum() == pytest.approx(2.5 * np.sin(2 * np.pi / 5))
    assert shape.normals[shape.triangles[:3]][..., 2].tolist() == [[1.0] * 3] * 3
    assert shape.normals[shape.triangles[3]][..., 2].tolist() == [-1.0] * 3


@pytest.mark.parametrize(
    ("interpolation", "count"),
    [("faceVarying", 24), ("vertex", 8), ("uniform", 6), ("constant", 1)],
)
def test_authored_normals_are_kept(interpolation: str, count: int):
    on = stage()
    mesh = box(on, "/Box")
    mesh.CreateNormalsAttr([Gf.Vec3f(0, 0.6, 0.8)] * count)
    mesh.SetNormalsInterpolation(interpolation)
    shape = read_shape(mesh)
    assert len(shape.points) == 8
    np.testing.assert_allclose(shape.normals, [[0.0, 0.6, 0.8]] * 8, atol=1e-6)


def test_a_left_handed_mesh_is_turned_inside_out():
    on = stage()
    mesh = box(on, "/Box")
    mesh.CreateOrientationAttr("leftHanded")
    shape = read_shape(mesh)
    assert trimesh.Trimesh(shape.points, shape.triangles).volume == pytest.approx(-1.0)


def test_a_mirrored_shape_still_faces_outwards():
    on = stage()
    shape = read_shape(box(on, "/Box")).moved(np.diag([-2.0, 1.0, 1.0, 1.0]))
    solid = trimesh.Trimesh(shape.points, shape.triangles)
    assert solid.volume == pytest.approx(2.0)
    assert shape.points.min(axis=0).tolist() == [-2.0, 0.0, 0.0]


def test_meshes_of_one_asset_and_material_become_one_primitive(tmp_path: Path):
    on = stage()
    line(on)
    put(on, f"{ROOT}/Thing", asset(tmp_path), instance=False)
    _, scene, glb = packed(on)
    assert len(scene["prototypes"]) == len(glb.geometry) == 1
    assert scene["prototypes"] == [{"name": "Thing", "node": "p0"}]
    np.testing.assert_allclose(glb.bounds, [[0, 0, 0], [3, 1, 1]])


def test_assets_that_look_alike_share_a_prototype_instanced_or_not(tmp_path: Path):
    on = stage()
    line(on)
    file = asset(tmp_path)
    for number in range(4):
        put(
            on,
            f"{ROOT}/Thing_{number}",
            file,
            instance=number % 2 == 0,
            at=(5.0 * number, 1.0, 0.0),
        )
    _, scene, glb = packed(on)
    assert len(scene["prototypes"]) == 1
    assert [row["prototype"] for row in scene["instances"]] == [0] * 4
    assert [row["matrix"][3::4] for row in scene["instances"]] == [
        [0, 1, 0, 1], [5, 1, 0, 1], [10, 1, 0, 1], [15, 1, 0, 1],
    ]  # fmt: skip
    boxes = [drawn_box(scene, glb, row) for row in scene["instances"]]
    np.testing.assert_allclose(boxes[3], [[15, 1, 0], [18, 2, 1]])


def test_materials_keep_their_names_and_numbers():
    on = stage()
    line(on)
    paint(box(on, f"{ROOT}/Red"), "Paint", (0.8, 0.1, 0.05))
    paint(box(on, f"{ROOT}/Grey", at=(3.0, 0.0, 0.0)), "Steel", (0.5, 0.5, 0.5))
    pack, _, _ = packed(on)
    length = int.from_bytes(pack.prototypes[12:16], "little")
    document = json.loads(pack.prototypes[20 : 20 + length])
    assert [len(mesh["primitives"]) for mesh in document["meshes"]] == [2]
    assert document["materials"][0] == {
        "name": "Paint",
        "pbrMetallicRoughness": {
            "baseColorFactor": [0.8, 0.1, 0.05, 1.0],
            "metallicFactor": 0.25,
            "roughnessFactor": 0.75,
        },
    }
    assert document["materials"][1]["name"] == "Steel"


def test_what_is_hidden_is_not_in_the_pack():
    on = stage()
    line(on)
    UsdGeom.Imageable(box(on, f"{ROOT}/Press/Hidden")).MakeInvisible()
    box(on, f"{ROOT}/Press/Guide").CreatePurposeAttr("guide")
    box(on, f"{ROOT}/Press/Off").GetPrim().SetActive(active=False)
    box(on, f"{ROOT}/Press/Shown")
    _, scene, _ = packed(on)
    assert len(scene["instances"]) == 1


def test_lamps_are_apart_and_know_whose_state_they_show():
    on = stage()
    line(on)
    author.stand(on.GetPrimAtPath(f"{ROOT}/Press"), (7.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0))
    for colour in ("red", "green"):
        box(on, f"{ROOT}/Press/Mast/lamp_{colour}", at=(0.0, 0.0, 2.0))
    box(on, f"{ROOT}/Press/Mast/pole")
    box(on, f"{ROOT}/Elsewhere/lamp_blue")
    _, scene, glb = packed(on)
    lamps = {row["lamp"]: row for row in scene["instances"]}
    assert set(lamps) == {"red", "green", None}
    assert lamps["red"]["place"] == lamps["green"]["place"] == 1
    assert (lamps["red"]["robot"], lamps["red"]["link"]) == (-1, -1)
    np.testing.assert_allclose(drawn_box(scene, glb, lamps["red"]), [[7, 0, 2], [8, 1, 3]])


def test_places_say_what_they_are_and_where_their_numbers_come_from():
    on = stage()
    line(on)
    box(on, f"{ROOT}/Press/Body", at=(-1.0, 0.0, 0.0), size=2.0)
    _, scene, _ = packed(on)
    source, press, sink = scene["places"]
    assert [row["kind"] for row in (source, press, sink)] == ["source", "station", "sink"]
    assert (press["path"], press["name"]) == (f"{ROOT}/Press", "Press")
    assert (press["xyz"], press["size"]) == ([0, 1, 0], [2, 2, 2])
    assert source["size"] is None
    assert press["process"] == {"part": 50.0}
    assert press["params"]["processTime"] == {
        "value": 50.0, "unit": "s", "doc": "Mean time of work on a part, besides robots' programs.",
        "live": True, "source": "time study", "confidence": "C",
    }  # fmt: skip
    assert scene["states"][3] == "down"


def test_the_forms_of_a_product_are_looks_even_if_it_is_hidden():
    on = stage()
    line(on)
    product = UsdGeom.Xform.Define(on, f"{ROOT}/Products/Body")
    author.stand(product.GetPrim(), (0.0, 0.0, -50.0), (1.0, 0.0, 0.0, 0.0))
    author.apply(product.GetPrim(), ProductParams(forms=("raw", "done")), **SOURCE)
    UsdGeom.Imageable(product).MakeInvisible()
    for form in ("raw", "done"):
        box(on, f"{ROOT}/Products/Body/{form}/floor", at=(0.0, 0.0, 0.25))
    box(on, f"{ROOT}/Products/Body/done/more/roof", at=(0.0, 0.0, 1.5))
    _, scene, glb = packed(on)
    assert scene["instances"] == []
    raw, done = scene["looks"]
    assert (raw["product"], raw["form"], done["form"]) == ("Body", "raw", "done")
    np.testing.assert_allclose(
        drawn_box(scene, glb, raw["prototypes"][0]), [[0, 0, 0.25], [1, 1, 1.25]]
    )
    assert raw["prototypes"][0] in done["prototypes"]
    assert len(done["prototypes"]) == 2


def test_a_robot_carries_its_links_and_its_tool(tmp_path: Path):
    on = stage()
    line(on)
    home = (0.0, 90.0, 0.0, 0.0, 0.0, 0.0)
    file = share_folder() / "assets/robots/hs220/hs220.usda"
    robot = put(on, f"{ROOT}/Press/Robot", file, instance=False, at=(1.0, 2.0, 0.3))
    author.apply(robot, RobotParams(), **SOURCE)
    put(on, f"{ROOT}/Press/Robot/link_6/Tool", asset(tmp_path, "Tool"), instance=True)
    tip = UsdGeom.Xform.Define(on, f"{ROOT}/Press/Robot/link_6/tcp").GetPrim()
    author.stand(tip, (0.5, 0.0, -0.25), (1.0, 0.0, 0.0, 0.0))
    program = on.DefinePrim(f"{ROOT}/Press/Robot/Weld")
    author.apply(program, ProgramParams(waypoints=home * 2, dwells=(1.0, 1.0)), **SOURCE)
    _, scene, glb = packed(on)
    (row,) = scene["robots"]
    assert (row["place"], row["base"][3::4]) == (1, [1, 2, 0.3, 1])
    assert row["home"] == pytest.approx(np.radians(home), abs=1e-8)
    assert row["tool"] == [0.5, 0, -0.25]
    assert [joint["axis"] for joint in row["chain"]] == list("ZYYXYX")
    links = [each["link"] for each in scene["instances"] if each["robot"] == 0]
    assert sorted(set(links)) == list(range(7))
    tool = next(
        each for each in scene["instances"]
        if scene["prototypes"][each["prototype"]]["name"] == "Tool"
    )  # fmt: skip
    assert (tool["robot"], tool["link"]) == (0, 6)
    np.testing.assert_allclose(drawn_box(scene, glb, tool), [[0, 0, 0], [3, 1, 1]])
    assert scene["programs"]["duration"] == [2]
    assert scene["places"][1]["process"] == {"part": 52.0}


def test_a_conveyor_has_a_path_of_its_length():
    on = stage()
    line(on)
    belt = UsdGeom.Xform.Define(on, f"{ROOT}/Belt").GetPrim()
    author.apply(belt, Conveyor(length=4.0, speed=1.0, spacing=1.0), **SOURCE)
    author.stand(belt, (0.0, 3.0, 0.0), (1.0, 0.0, 0.0, 0.0))
    author.link(belt, on.GetPrimAtPath(f"{ROOT}/Out"))
    _, scene, _ = packed(on)
    paths = scene["paths"]
    row = paths["length"].index(4)
    knots = paths["knots"][paths["first"][row] : paths["first"][row] + paths["count"][row]]
    assert [knot[:4] for knot in knots] == [[0, 0, 3, 0], [4, 4, 3, 0]]


def test_equal_stages_give_equal_packs_and_others_other_names():
    def pack(size: float) -> ScenePack:
        on = stage()
        line(on)
        box(on, f"{ROOT}/Press/Body", size=size)
        return packed(on)[0]

    assert pack(1.0) == pack(1.0)
    assert pack(1.0).digest != pack(1.5).digest
    assert json.loads(pack(1.0).scene)["hash"] == pack(1.0).digest


def test_the_body_shop_is_packed_whole(body_shop: Path):
    plant = load(body_shop)
    pack = build_pack(open_stage(body_shop), plant)
    scene = json.loads(pack.scene)
    assert len(scene["places"]) == len(plant.places)
    assert len(scene["robots"]) == len(plant.robots)
    on_robots = {(row["robot"], row["link"]) for row in scene["instances"] if row["robot"] >= 0}
    assert on_robots == {(robot, link) for robot in range(len(plant.robots)) for link in range(7)}
    assert all(look["prototypes"] for look in scene["looks"])
    lamps = {(row["place"], row["lamp"]) for row in scene["instances"] if row["lamp"]}
    stations = [n for n, place in enumerate(plant.places) if isinstance(place.params, Station)]
    assert lamps >= {(n, colour) for n in stations for colour in ("red", "amber", "green", "blue")}
    assert len(scene["prototypes"]) < 80
    assert len(pack.prototypes) < 16e6
