"""Semantic labels of a plant: what each place and robot is, for synthetic data and search.

Assets bring labels of their own; these say what a prim is in the plant.
"""

import re
from collections.abc import Iterator

from pxr import Sdf, Usd

from twin.plant import Plant
from twin.scene.values import applied

__all__ = ["semantic_layer"]

SCHEMA, ATTRIBUTE = "SemanticsLabelsAPI:class", "semantics:labels:class"


def semantic_layer(stage: Usd.Stage, plant: Plant) -> Sdf.Layer:
    """A layer with a class for everything that is in the plant and has none.

    Args:
        stage: the scene.
        plant: read from it.
    """
    layer = Sdf.Layer.CreateAnonymous(".usda")
    layer.comment = "What each place, robot and product is."
    with Sdf.ChangeBlock():
        for path, name in _classes(plant):
            prim = stage.GetPrimAtPath(path)
            if prim and not prim.IsInstanceProxy() and SCHEMA not in applied(prim):
                _label(layer, path, name)
    return layer


def _classes(plant: Plant) -> Iterator[tuple[str, str]]:
    for place in plant.places:
        yield place.path, re.sub(r"(?<!^)(?=[A-Z])", "_", type(place.params).__name__).lower()
    for robot in plant.robots:
        yield robot.path, "industrial_robot"
    for product in plant.products:
        if product.path:
            yield product.path, "product"


def _label(layer: Sdf.Layer, path: str, name: str) -> None:
    spec = Sdf.CreatePrimInLayer(layer, path)
    schemas = Sdf.TokenListOp()
    schemas.prependedItems = [SCHEMA]
    spec.SetInfo("apiSchemas", schemas)
    labels = Sdf.AttributeSpec(spec, ATTRIBUTE, Sdf.ValueTypeNames.TokenArray)
    labels.default = [name]
