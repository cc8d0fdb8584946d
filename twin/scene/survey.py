"""Which prims of a stage carry which parameters, and what they say; nothing is judged here."""

from collections.abc import Iterator

from pxr import Usd

from twin.core.parameters import Params
from twin.errors import Problem, nearest
from twin.plant.declared import JointParams, RobotParams
from twin.scene.chain import MOVING
from twin.scene.pack.instances import hidden_equipment
from twin.scene.schema import PREFIX, is_place, schemas
from twin.scene.values import applied, strange_names

__all__ = ["above", "equipment", "kinds_of", "place_kind", "prim_problems"]


def kinds_of(prim: Usd.Prim) -> list[type[Params]]:
    """What a prim is: the parameters of every schema of ours on it, and of a joint."""
    kinds = [schemas()[name] for name in applied(prim) if name in schemas()]
    if JointParams not in kinds and str(prim.GetTypeName()) in MOVING:
        kinds.append(JointParams)
    return kinds


def place_kind(prim: Usd.Prim) -> type[Params] | None:
    """The kind of place that a prim is, if it is one."""
    return next((kind for kind in kinds_of(prim) if is_place(kind)), None)


def above(prim: Usd.Prim, *, robot: bool) -> Usd.Prim | None:
    """The nearest prim above that is a robot, or else a place."""
    parent = prim.GetParent()
    while parent and not parent.IsPseudoRoot():
        if RobotParams in kinds_of(parent) if robot else place_kind(parent) is not None:
            return parent
        parent = parent.GetParent()
    return None


def equipment(stage: Usd.Stage) -> list[str]:
    """Paths of all prims that have parameters."""
    return [str(prim.GetPath()) for prim in stage.Traverse() if kinds_of(prim)]


def prim_problems(stage: Usd.Stage) -> Iterator[Problem]:
    """Unknown schemas, unknown attributes, and opinions on prims that do not exist."""
    known: list[str] = []
    for prim in stage.TraverseAll():
        path = str(prim.GetPath())
        for name in applied(prim):
            if name not in schemas():
                rule, way_out = f"must not have the unknown schema {name}", nearest(name, schemas())
                yield Problem(path, rule, way_out=way_out)
        kinds = kinds_of(prim)
        places = [kind.__name__ for kind in kinds if is_place(kind)]
        if len(places) > 1:
            yield Problem(path, "must be one kind of place", " and ".join(places))
        if prim.IsActive() and not prim.IsDefined() and (kinds or _speaks(prim)):
            known = known or equipment(stage)
            yield Problem(path, "must exist to be given parameters", "over", nearest(path, known))
        elif prim.IsActive() and not any(name not in schemas() for name in applied(prim)):
            yield from strange_names(prim, kinds)
    yield from hidden_equipment(stage)


def _speaks(prim: Usd.Prim) -> bool:
    return bool(prim.GetAuthoredPropertiesInNamespace(PREFIX.rstrip(":")))
