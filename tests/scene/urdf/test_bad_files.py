"""URDF files that can't be used are refused by file, element and rule; hostile ones do no harm."""

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from pxr import Usd, UsdGeom
from typer.testing import CliRunner

from twin.cli import app
from twin.errors import SceneError, TwinError
from twin.scene.robots import ArmReader
from twin.scene.urdf import import_robot

BOX = '<visual><geometry><box size="0.1 0.2 0.3"/></geometry></visual>'
INERTIAL = '<inertial><mass value="2"/><inertia ixx="0.1" iyy="0.1" izz="0.1"/></inertial>'
LIMIT = '<limit lower="-1" upper="2" velocity="1.5" effort="30"/>'
LINKS = [f'<link name="{name}">{BOX}{INERTIAL}</link>' for name in ("base", "upper", "fore")]
SHOULDER = f"""<joint name="shoulder" type="revolute"><parent link="base"/><child link="upper"/>
  <origin xyz="0 0 0.5" rpy="0 0 0.3"/><axis xyz="0 1 0"/>{LIMIT}</joint>"""
SLIDE = f"""<joint name="slide" type="prismatic"><parent link="upper"/><child link="fore"/>
  <origin xyz="0.4 0 0"/><axis xyz="1 1 0"/>{LIMIT}</joint>"""


def urdf(folder: Path, *parts: str, name: str = "small") -> Path:
    file = folder / "package" / "urdf" / "small.urdf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'<robot name="{name}">{"".join(parts)}</robot>', "utf-8")
    return file


def small(folder: Path) -> Path:
    return urdf(folder, *LINKS, SHOULDER, SLIDE)


def refusal(file: Path, **options: object) -> list[str]:
    with pytest.raises(SceneError) as error:
        import_robot(file, file.parent / "out", **options)
    assert not (file.parent / "out").exists()
    return [str(problem) for problem in error.value.problems]


def test_a_small_robot_is_imported(tmp_path: Path):
    done = import_robot(small(tmp_path), tmp_path / "out", ramp_time=0.5)
    stage = Usd.Stage.Open(str(done.asset))
    arm, base = ArmReader().read(stage.GetDefaultPrim())
    assert base.GetPath() == "/small/base"
    assert arm.prismatic.tolist() == [False, True]
    assert arm.axis[1] == pytest.approx((np.sqrt(0.5), np.sqrt(0.5), 0.0), abs=1e-7)
    assert (arm.lower[1], arm.upper[1], arm.speed[1]) == pytest.approx((-1.0, 2.0, 1.5))
    assert arm.acceleration == pytest.approx([3.0, 3.0])
    assert arm.effort.tolist() == [30.0, 30.0]
    assert arm.mass.tolist() == [2.0, 2.0, 2.0]
    turned = arm.flange([[0.2, 0.5]])[0]
    along = 0.4 + 0.5 * np.sqrt(0.5)
    level = np.array([along * np.cos(0.2), 0.5 * np.sqrt(0.5)])
    yaw = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    expected = [*(yaw @ level), 0.5 - along * np.sin(0.2)]
    assert turned[:3, 3] == pytest.approx(expected, abs=1e-6)


def test_an_import_can_be_repeated_but_replaces_nothing_else(tmp_path: Path):
    file = small(tmp_path)
    first = import_robot(file, tmp_path / "out").asset.read_text()
    assert import_robot(file, tmp_path / "out").asset.read_text() == first
    (tmp_path / "out" / "mine.txt").write_text("precious")
    with pytest.raises(TwinError):
        import_robot(file, tmp_path / "out")
    assert (tmp_path / "out" / "mine.txt").read_text() == "precious"


def test_a_continuous_joint_turns_twice_each_way_and_says_so(tmp_path: Path):
    free = SHOULDER.replace("revolute", "continuous").replace(LIMIT, "")
    done = import_robot(urdf(tmp_path, *LINKS, free, SLIDE), tmp_path / "out")
    assert done.arm.upper[0] == pytest.approx(4 * np.pi)
    assert any("shoulder" in str(note) and "no speed limit" in str(note) for note in done.notes)


def test_what_is_fixed_belongs_to_the_link_that_carries_it(tmp_path: Path):
    tool = '<link name="tool0"/><joint name="t" type="fixed"><parent link="fore"/>'
    tool += '<child link="weight"/><origin xyz="0 0 0.2"/></joint>'
    tool += f'<link name="weight">{INERTIAL}</link><joint name="u" type="fixed">'
    tool += '<parent link="weight"/><child link="tool0"/><origin rpy="0 1.5707963 0"/></joint>'
    done = import_robot(urdf(tmp_path, *LINKS, SHOULDER, SLIDE, tool), tmp_path / "out")
    assert (done.flange, done.arm.mass[2]) == ("tool0", 4.0)
    assert done.arm.com[2] == pytest.approx((0.0, 0.0, 0.1))
    assert done.arm.tail[:3, 3] == pytest.approx((0.0, 0.0, 0.2))
    stage = Usd.Stage.Open(str(done.asset))
    assert stage.GetPrimAtPath("/small/fore/weight/tool0")


def test_a_cylinder_and_a_sphere_are_drawn(tmp_path: Path):
    round_ones = '<visual><geometry><cylinder radius="0.1" length="0.4"/></geometry></visual>'
    round_ones += '<visual><geometry><sphere radius="0.3"/></geometry></visual>'
    links = [LINKS[0].replace(BOX, round_ones), *LINKS[1:]]
    done = import_robot(urdf(tmp_path, *links, SHOULDER, SLIDE), tmp_path / "out")
    stage = Usd.Stage.Open(str(done.asset))
    visual = stage.GetPrimAtPath("/small/base/visual")
    box = UsdGeom.BBoxCache(0, ["default"]).ComputeLocalBound(visual).ComputeAlignedRange()
    assert list(box.GetSize()) == pytest.approx([0.6, 0.6, 0.6], abs=1e-2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('lower="-1" upper="2"', 'lower="2" upper="-1"',
         'joint "shoulder" limit must have a lower limit below the upper, got 2, -1; swap them'),
        (LIMIT, "", 'joint "shoulder" must have a limit, as it is no continuous joint, got none'),
        ('<mass value="2"/>', "", 'link "base" inertial must have a mass > 0 kg, got none'),
        ('<mass value="2"/>', '<mass value="0"/>',
         'link "base" inertial must have a mass > 0 kg, got 0 kg'),
        ('ixx="0.1"', 'ixx="-1"', 'link "base" inertial inertia inertia must have no negative'),
        ('type="revolute"', 'type="planar"', 'joint "shoulder" must be of a type that an arm has'),
        ('parent link="base"', 'parent link="bass"',
         'joint "shoulder" must have a parent that is a link of this file, got bass'),
        ('xyz="0 1 0"', 'xyz="0 0 0"', 'joint "shoulder" axis must be a vector of some length'),
        ('xyz="0 0 0.5"', 'xyz="0 0"', 'joint "shoulder" origin xyz must be 3 finite numbers'),
        ('xyz="0 0 0.5"', 'xyz="0 0 nan"', "xyz must be 3 finite numbers, got 0 0 nan"),
        ('box size="0.1 0.2 0.3"', 'box size="0.1 0 0.3"', "must have a box of sizes > 0"),
        ('box size="0.1 0.2 0.3"', "cone", "must have a geometry: a box, cylinder, sphere or mesh"),
        ('name="upper"', 'name="base"', 'link "base" must have a name of its own'),
        ('child link="upper"', 'child link="fore"', 'link "fore" must have one joint above it'),
        ('parent link="base"', 'parent link="fore"', "must have no cycle of joints"),
        ("</robot>", '<link name="lost"/></robot>', "must have one link that no joint is above"),
        ("<robot", "<sdf", "must be a URDF, with the root element robot"),
        ("</robot>", "", "must be well-formed XML"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_by_element_and_rule(tmp_path: Path, old, new, message):
    file = small(tmp_path)
    text = file.read_text()
    assert old in text
    text = text.replace(old, new, 1)
    file.write_text(text.replace("</robot>", "</sdf>") if new == "<sdf" else text)
    assert any(message in line for line in refusal(file)), refusal(file)


def test_everything_wrong_is_told_at_once(tmp_path: Path):
    file = urdf(tmp_path, *LINKS, SHOULDER.replace("0 1 0", "x"), SLIDE.replace("-1", "9"))
    assert len(refusal(file)) == 2


def test_of_two_chains_one_must_be_named(tmp_path: Path):
    other = SLIDE.replace('"slide"', '"grip"').replace('"fore"', '"finger"')
    file = urdf(tmp_path, *LINKS, '<link name="finger"/>', SHOULDER, SLIDE, other)
    (line,) = refusal(file)
    assert "must be one chain of joints" in line
    assert "--flange" in line
    done = import_robot(file, tmp_path / "out", flange="fore")
    assert done.arm.joint_names == ("shoulder", "slide")
    assert any("held at zero, got grip" in str(note) for note in done.notes)
    assert "did you mean fore?" in refusal(file, flange="for")[0]


def test_a_robot_without_joints_is_no_arm(tmp_path: Path):
    assert "must have joints that move" in refusal(urdf(tmp_path, LINKS[0]))[0]


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE robot [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE robot [<!ENTITY secret SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE robot SYSTEM "http://localhost/robot.dtd">',
    ],
)
def test_entities_and_document_types_are_refused(tmp_path: Path, doctype: str):
    file = small(tmp_path)
    file.write_text(doctype + file.read_text())
    assert "must have no document type and no entities" in refusal(file)[0]


def with_mesh(folder: Path, name: str) -> Path:
    mesh = f'<visual><geometry><mesh filename="{name}"/></geometry></visual>'
    return urdf(folder, LINKS[0].replace(BOX, mesh), *LINKS[1:], SHOULDER, SLIDE)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../outside.stl", "must name a file below"),
        ("package://package/../../outside.stl", "must name a file below"),
        ("file:///etc/passwd", "must name a mesh file: .stl, .dae, .obj"),
        ("package://small/meshes/none.stl", "must name a file that is there"),
        ("link.stl", "must name a file below"),
        ("%2e%2e/%2e%2e/outside.stl", "must name a file below"),
        ("a\u0001b.stl", "must be well-formed XML"),
    ],
)
def test_no_mesh_outside_the_package_is_read(tmp_path: Path, name: str, message: str):
    outside = tmp_path / "outside.stl"
    trimesh.creation.box().export(outside)
    file = with_mesh(tmp_path, name)
    (file.parent / "link.stl").symlink_to(outside)
    (line,) = refusal(file)
    assert message in line


def test_a_package_is_found_by_name_beside_and_inside(tmp_path: Path):
    meshes = tmp_path / "package" / "meshes"
    meshes.mkdir(parents=True)
    trimesh.creation.box(extents=(1, 2, 3)).export(meshes / "box.stl")
    for name in ("package://package/meshes/box.stl", "package://other/meshes/box.stl",
                 "../meshes/box.stl"):  # fmt: skip
        import_robot(with_mesh(tmp_path, name), tmp_path / "out")
    trimesh.creation.box(extents=(1, 2, 3)).export(tmp_path / "far.stl")
    file = with_mesh(tmp_path, "../../far.stl")
    import_robot(file, tmp_path / "out", root=tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.stl", b"solid nothing"),
        ("bad.stl", b"\0" * 80 + b"\xff\xff\xff\x7f" + b"\0" * 50),
        ("bad.obj", b"f 1 2 3\nv nan 0 0\n"),
        ("bad.dae", b"<COLLADA/>"),
        ("bad.dae", b'<!DOCTYPE a [<!ENTITY b "c">]><COLLADA>&b;</COLLADA>'),
        ("bad.dae", b"not xml"),
    ],
)
def test_a_mesh_that_can_t_be_read_is_told_by_its_name(tmp_path: Path, name: str, content: bytes):
    file = with_mesh(tmp_path, name)
    (file.parent / name).write_bytes(content)
    (line,) = refusal(file)
    assert f'link "base" visual {name} must be a readable mesh' in line


TOKENS = [
    "<robot>", "</robot>", '<link name="base"/>', '<mesh filename="x.stl"/>', "&", "<", ">", '"',
    "-1", "1e999", "nan", 'xyz="1 2"', 'type="fixed"', "<joint>", "</joint>", "&lt;", "&x;",
    "<!-- -->", "<![CDATA[", "]]>", "<?xml?>", "\ufeff",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mutilated_file_is_judged_without_a_traceback(data: st.DataObject):
    with TemporaryDirectory() as name:
        file = small(Path(name))
        text = file.read_text()
        for _ in range(data.draw(st.integers(1, 4))):
            start = data.draw(st.integers(0, len(text)))
            end = min(len(text), start + data.draw(st.integers(0, 40)))
            text = text[:start] + data.draw(st.sampled_from(TOKENS)) + text[end:]
        file.write_text(text, "utf-8")
        with suppress(TwinError):  # any other error fails the test
            import_robot(file, Path(name) / "out")


def test_the_command_writes_an_asset_and_says_what_it_is(tmp_path: Path):
    arguments = ["import", "robot", str(small(tmp_path)), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "2 joints, 3 meshes, flange fore" in done.output
    told = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    assert told["joints"] == ["shoulder", "slide"]
    assert Path(told["asset"]).is_file()


def test_the_command_tells_bad_files_in_one_line_each(tmp_path: Path):
    done = CliRunner().invoke(app, ["import", "robot", str(tmp_path / "none.urdf")])
    assert done.exit_code == 2
    assert "must be a file that can be read" in done.output
    done = CliRunner().invoke(app, ["import", "robot", str(small(tmp_path)), "--ramp", "0"])
    assert done.exit_code == 2
    assert "the time to full speed must be > 0" in done.output
