"""Equipment that USD hides: inside instances nothing has links, values or a path of its own."""

from collections.abc import Iterator

from pxr import Sdf, Usd

from twin.errors import Problem
from twin.scene.schema import PREFIX
from twin.scene.values import applied

__all__ = ["hidden_equipment"]

WAY_OUT = "set instanceable = false"


def hidden_equipment(stage: Usd.Stage) -> Iterator[Problem]:
    """Every instance with equipment in its asset, or with equipment authored below it."""
    for prototype in stage.GetPrototypes():
        inside = [each for each in Usd.PrimRange(prototype) if each != prototype and applied(each)]
        if inside:
            rule = f"must not be instanceable, with {applied(inside[0])[0]} inside"
            for path in sorted(str(each.GetPath()) for each in prototype.GetInstances()):
                yield Problem(path, rule, way_out=WAY_OUT)
    local = stage.GetLayerStack()
    for prim in stage.Traverse():
        if prim.IsInstance():
            ignored = [
                spec.path
                for top in prim.GetPrimStack()
                if top.layer in local
                for spec in _below(top)
                if _is_equipment(spec)
            ]
            if ignored:
                rule = "must not be instanceable: USD ignores what is authored below it"
                yield Problem(str(prim.GetPath()), rule, str(ignored[0]), WAY_OUT)


def _below(top: Sdf.PrimSpec) -> Iterator[Sdf.PrimSpec]:
    waiting = list(top.nameChildren.values())
    while waiting:
        spec = waiting.pop()
        yield spec
        waiting += spec.nameChildren.values()


def _is_equipment(spec: Sdf.PrimSpec) -> bool:
    schemas = spec.GetInfo("apiSchemas").GetAddedOrExplicitItems()
    return any(str(name).startswith("Twin") for name in schemas) or any(
        name.startswith(PREFIX)
        for name in spec.properties.keys()  # noqa: SIM118 not a dict
    )
