"""From the XML of a URDF file to a `Description`; everything wrong is told by file and element."""

from pathlib import Path
from xml.etree.ElementTree import Element

from twin.errors import SceneError
from twin.motion import Link
from twin.motion.joint import faults_of_link
from twin.scene.urdf.elements import Reader
from twin.scene.urdf.model import Description, Shape, UrdfJoint, UrdfLink
from twin.scene.urdf.xml import read_xml

__all__ = ["parse"]

KINDS = ("revolute", "continuous", "prismatic", "fixed")
SIZES = {"box": ("size", 3), "sphere": ("radius", 1), "mesh": ("scale", 3)}


def parse(file: Path) -> Description:
    """Read a URDF file.

    Raises:
        SceneError: it is no URDF, or says what can't be; all problems at once.
    """
    root = read_xml(file)
    reader = Reader(file.name)
    colours = _colours(root, reader)
    links: dict[str, UrdfLink] = {}
    for element in root.findall("link"):
        link = _link(element, reader, colours)
        if link.name in links:
            reader.wrong(f'link "{link.name}"', "must have a name of its own")
        links[link.name] = link
    if not links:
        reader.wrong("robot", "must have links")
    joints: dict[str, UrdfJoint] = {}
    for element in root.findall("joint"):
        joint = _joint(element, reader, links)
        if joint.name in joints:
            reader.wrong(f'joint "{joint.name}"', "must have a name of its own")
        joints[joint.name] = joint
    if reader.problems:
        raise SceneError(reader.problems)
    name = root.get("name", "").strip() or file.stem
    return Description(file=file, name=name, links=links, joints=tuple(joints.values()))


def _colours(root: Element, reader: Reader) -> dict[str, tuple[float, float, float]]:
    """Colours of the materials that a file declares for all its links."""
    named = {each.get("name", ""): _colour(each, reader, {}) for each in root.findall("material")}
    return {name: colour for name, colour in named.items() if colour}


def _colour(
    material: Element | None, reader: Reader, named: dict[str, tuple[float, float, float]]
) -> tuple[float, float, float] | None:
    if material is None:
        return None
    name = material.get("name", "")
    element = material.find("color")
    if element is None:
        return named.get(name)
    r, g, b, _ = reader.numbers(element, "rgba", f'material "{name}"', (0.5, 0.5, 0.5, 1.0))
    return min(max(r, 0.0), 1.0), min(max(g, 0.0), 1.0), min(max(b, 0.0), 1.0)


def _link(
    element: Element, reader: Reader, colours: dict[str, tuple[float, float, float]]
) -> UrdfLink:
    name = reader.text(element, "name", "link")
    where = f'link "{name}"'
    shapes: dict[str, tuple[Shape, ...]] = {}
    for tag in ("visual", "collision"):
        found = [_shape(each, f"{where} {tag}", reader, colours) for each in element.findall(tag)]
        shapes[tag] = tuple(shape for shape in found if shape)
    body = _body(element.find("inertial"), name, where, reader)
    return UrdfLink(name=name, body=body, visuals=shapes["visual"], collisions=shapes["collision"])


def _body(element: Element | None, name: str, where: str, reader: Reader) -> Link:
    """Mass, centre and inertia in the link's own axes."""
    if element is None:
        return Link(name=name)
    where = f"{where} inertial"
    frame = reader.frame(element, where)
    given = element.find("mass")
    mass = reader.number(given, "value", f"{where} mass", -1.0)
    if not mass > 0:
        rule = "must have a mass > 0 kg"
        reader.wrong(where, rule, "none" if given is None else f"{mass:g} kg", "or leave it out")
        return Link(name=name)
    at, told = f"{where} inertia", element.find("inertia")
    xx, yy, zz, xy, xz, yz = (
        reader.number(told, f"i{axes}", at) for axes in ("xx", "yy", "zz", "xy", "xz", "yz")
    )
    turn = frame[:3, :3]
    rows = (turn @ [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]] @ turn.T).tolist()
    x, y, z = frame[:3, 3].tolist()
    inertia = (tuple(rows[0]), tuple(rows[1]), tuple(rows[2]))
    link = Link(name=name, mass=mass, com=(x, y, z), inertia=inertia)
    for fault in faults_of_link("", link):
        reader.wrong(at, fault.rule, fault.value)
    return link


def _shape(
    element: Element, where: str, reader: Reader, colours: dict[str, tuple[float, float, float]]
) -> Shape | None:
    geometry = element.find("geometry")
    body = next(iter(geometry), None) if geometry is not None else None
    if body is None or body.tag not in (*SIZES, "cylinder"):
        rule = "must have a geometry: a box, cylinder, sphere or mesh"
        reader.wrong(where, rule, "none" if body is None else body.tag)
        return None
    if body.tag == "cylinder":
        size = (reader.number(body, "radius", where), reader.number(body, "length", where))
    else:
        name, count = SIZES[body.tag]
        usual = 1.0 if body.tag == "mesh" else 0.0
        size = reader.numbers(body, name, f"{where} {body.tag}", (usual,) * count)
    if min(map(abs, size) if body.tag == "mesh" else size) <= 0:
        reader.wrong(where, f"must have a {body.tag} of sizes > 0", " ".join(map(str, size)))
    mesh = reader.text(body, "filename", f"{where} mesh") if body.tag == "mesh" else ""
    colour = _colour(element.find("material"), reader, colours)
    frame = reader.frame(element, where)
    return Shape(frame=frame, form=body.tag, size=size, mesh=mesh, colour=colour, where=where)


def _joint(element: Element, reader: Reader, links: dict[str, UrdfLink]) -> UrdfJoint:
    name = reader.text(element, "name", "joint")
    where = f'joint "{name}"'
    kind = reader.text(element, "type", where)
    if kind and kind not in KINDS:
        reader.wrong(where, f"must be of a type that an arm has: {', '.join(KINDS)}", kind)
    ends: list[str] = []
    for tag in ("parent", "child"):
        end = element.find(tag)
        link = "" if end is None else end.get("link", "")
        if link not in links:
            reader.wrong(where, f"must have a {tag} that is a link of this file", link or "none")
        ends.append(link)
    x, y, z = reader.numbers(element.find("axis"), "xyz", f"{where} axis", (1.0, 0.0, 0.0))
    if kind != "fixed" and not any((x, y, z)):
        reader.wrong(f"{where} axis", "must be a vector of some length", f"{x:g} {y:g} {z:g}")
    limit = element.find("limit")
    lower, upper, speed, effort = (
        reader.number(limit, each, f"{where} limit")
        for each in ("lower", "upper", "velocity", "effort")
    )
    if kind in ("revolute", "prismatic") and limit is None:
        reader.wrong(where, "must have a limit, as it is no continuous joint", "none")
    elif kind in ("revolute", "prismatic") and not lower < upper:
        rule, value = "must have a lower limit below the upper", f"{lower:g}, {upper:g}"
        reader.wrong(f"{where} limit", rule, value, "swap them" if lower > upper else "")
    return UrdfJoint(
        name=name, kind=kind, parent=ends[0], child=ends[1], frame=reader.frame(element, where),
        axis=(x, y, z), lower=lower, upper=upper, speed=abs(speed), effort=abs(effort),
    )  # fmt: skip
