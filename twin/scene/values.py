"""Parameters of one prim: its twin:* attributes, checked for type and name, as `Params`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pxr import Sdf, Usd

from twin.core.parameters import Parameter, Params, Value, parameters
from twin.errors import Problem, SceneError, nearest
from twin.scene.chain import FLANGE, FRAME
from twin.scene.schema import PREFIX, links_of, schemas, usd_type

__all__ = ["Reading", "applied", "provenance", "read_links", "read_values", "strange_names"]

SCALARS: dict[object, tuple[str, ...]] = {
    float: ("double", "float", "half", "int", "int64", "uint", "uint64"),
    int: ("int", "int64", "uint"),
    bool: ("bool",),
    str: ("string", "token"),
}
ITEMS: dict[object, type] = {
    tuple[str, ...]: str,
    tuple[float, ...]: float,
    tuple[int, ...]: int,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prim says: all parameters, with stand-ins where it says them wrongly, and problems."""

    params: Params
    problems: tuple[Problem, ...]


def applied(prim: Usd.Prim) -> list[str]:
    """Names of the schemas of ours, known or not, that are applied to a prim."""
    names = prim.GetPrimTypeInfo().GetAppliedAPISchemas()
    return [name for name in map(str, names) if name.startswith("Twin")]


def read_values(prim: Usd.Prim, kind: type[Params]) -> Reading:
    """Read the parameters of a prim; whether they are within their ranges is checked later."""
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for parameter in parameters(kind):
        value = _targets(prim, parameter) if parameter.is_relation else _value(prim, parameter)
        if isinstance(value, Problem):
            problems.append(value)
            value = None
        values[parameter.name] = _stand_in(parameter) if value is None else value
    return Reading(kind(**values), tuple(problems))


def read_links(prim: Usd.Prim, name: str) -> tuple[str, ...]:
    """Paths of the prims that a relationship of a place points at.

    Raises:
        SceneError: it is an attribute.
    """
    problem = _not_a_relationship(prim, name)
    if problem:
        raise SceneError([problem])
    links = prim.GetRelationship(name)
    return tuple(map(str, links.GetTargets())) if links else ()


def _targets(prim: Usd.Prim, parameter: Parameter) -> Value | Problem:
    problem = _not_a_relationship(prim, parameter.usd_name)
    return problem or read_links(prim, parameter.usd_name)


def _not_a_relationship(prim: Usd.Prim, name: str) -> Problem | None:
    if not any(isinstance(spec, Sdf.AttributeSpec) for spec in _stack(prim, name)):
        return None
    where, way_out = f"{prim.GetPath()} {name}", f"write rel {name} = </PATH/OF/PLACE>"
    return Problem(where, "must be a relationship", "an attribute", way_out)


def _value(prim: Usd.Prim, parameter: Parameter) -> Value | Problem | None:
    where = f"{prim.GetPath()} {parameter.usd_name}"
    stack = _stack(prim, parameter.usd_name)
    if any(isinstance(each, Sdf.RelationshipSpec) for each in stack):
        return Problem(where, f"must be of type {usd_type(parameter)}", "a relationship")
    attribute = prim.GetAttribute(parameter.usd_name)
    if attribute and attribute.GetNumTimeSamples() > 0:
        return Problem(where, "must not change over time", "time samples", "give one value")
    spec = next((each for each in stack if each.HasInfo("default")), None)
    if not isinstance(spec, Sdf.AttributeSpec):
        return _absent(where, parameter)
    value = cast("object", spec.default)
    if isinstance(value, Sdf.ValueBlock) or value is None:
        return _absent(where, parameter)
    name = str(cast("object", spec.typeName))
    if name not in _types(parameter):
        rule = f"must be of type {usd_type(parameter)}"
        return Problem(where, rule, f"{name} {_short(value)}")
    return _converted(parameter, value, where)


def _stack(prim: Usd.Prim, name: str) -> list[Sdf.PropertySpec]:
    """What the layers say of a property, the strongest first."""
    authored = prim.GetProperty(name)
    return list(authored.GetPropertyStack(Usd.TimeCode.Default())) if authored else []


def _absent(where: str, parameter: Parameter) -> Problem | None:
    if not parameter.required:
        return None
    return Problem(where, "must be given", "nothing", f"{parameter.doc} {parameter.rule}")


def _types(parameter: Parameter) -> tuple[str, ...]:
    """The types of USD whose values can be taken without loss of meaning."""
    if parameter.type in ITEMS:
        return tuple(f"{name}[]" for name in SCALARS[ITEMS[parameter.type]])
    return SCALARS[parameter.type]


def _converted(parameter: Parameter, value: Any, where: str) -> Value | Problem:
    item = ITEMS.get(parameter.type)
    try:
        if item is None:
            return parameter.type(value)
        return cast("Value", tuple(item(each) for each in cast("Sequence[Any]", value)))
    except (TypeError, ValueError):  # of a damaged binary layer: it holds what its type is not
        return Problem(where, f"must be of type {usd_type(parameter)}", _short(value))


def _stand_in(parameter: Parameter) -> Value:
    """A value to go on with: the default, or anything that is allowed."""
    if parameter.accepts(parameter.default):
        return parameter.default
    return 1 if parameter.type is int else 1.0


def _short(value: object) -> str:
    is_array = type(value).__module__ == "pxr.Vt"
    text = repr(list(cast("Sequence[object]", value)) if is_array else value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def strange_names(prim: Usd.Prim, kinds: Iterable[type[Params]]) -> list[Problem]:
    """Every twin:* property of a prim that none of the given kinds declares."""
    kinds = list(kinds)
    known = {FLANGE, FRAME, *(name for kind in kinds for name in _names(kind))}
    owners = " or ".join(kind.__name__ for kind in kinds)
    rule = f"must be a parameter of {owners}" if kinds else "must be declared by an applied schema"
    authored = prim.GetAuthoredPropertiesInNamespace(PREFIX.rstrip(":"))
    strangers = sorted(each.GetName() for each in authored if each.GetName() not in known)
    return [
        Problem(
            f"{prim.GetPath()} {name}",
            rule,
            way_out=nearest(name, known - {FLANGE, FRAME})
            if kinds
            else f"apply {_declaring(name)}",
        )
        for name in strangers
    ]


def _declaring(name: str) -> str:
    """The schemas to choose from for a property."""
    owners = [schema for schema, kind in schemas().items() if name in _names(kind)]
    return " or ".join(owners or schemas())


def _names(kind: type[Params]) -> set[str]:
    """The properties that a schema declares."""
    return {each.usd_name for each in parameters(kind)} | set(links_of(kind))


def provenance(prim: Usd.Prim) -> dict[str, tuple[str, str]]:
    """Attribute path to source and confidence, of every twin:* attribute that says so."""
    found: dict[str, tuple[str, str]] = {}
    for attribute in prim.GetAuthoredPropertiesInNamespace(PREFIX.rstrip(":")):
        data = cast("dict[str, object]", attribute.GetCustomData())
        if "source" in data or "confidence" in data:
            source, confidence = data.get("source", ""), data.get("confidence", "")
            found[str(attribute.GetPath())] = (str(source), str(confidence))
    return found
