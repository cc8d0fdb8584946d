"""Materials of a stage as the few numbers that every renderer of glTF knows."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from pxr import Usd, UsdGeom, UsdShade

__all__ = ["Surface", "read_surface"]

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """How a surface looks; colours are linear."""

    name: str = "default"
    colour: Colour = (0.6, 0.6, 0.6)
    opacity: float = 1.0
    metallic: float = 0.0
    roughness: float = 0.5
    emission: Colour = (0.0, 0.0, 0.0)


def read_surface(prim: Usd.Prim) -> Surface:
    """The look of a mesh: its bound UsdPreviewSurface, or else its display colour."""
    material, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    shader = material.ComputeSurfaceSource()[0] if material else None
    if not shader or shader.GetShaderId() != "UsdPreviewSurface":
        return _displayed(prim)
    return Surface(
        name=material.GetPrim().GetName(),
        colour=_colour(shader, "diffuseColor", (0.18, 0.18, 0.18)),
        opacity=_number(shader, "opacity", 1.0),
        metallic=_number(shader, "metallic", 0.0),
        roughness=_number(shader, "roughness", 0.5),
        emission=_colour(shader, "emissiveColor", (0.0, 0.0, 0.0)),
    )


def _displayed(prim: Usd.Prim) -> Surface:
    colours = UsdGeom.Gprim(prim).GetDisplayColorAttr().Get()
    if colours is None or not len(colours):
        return Surface()
    colour = _rounded(np.array(colours, np.float64)[0])
    return Surface(name=" ".join(f"{each:g}" for each in colour), colour=colour)


def _value(shader: UsdShade.Shader, name: str) -> object:
    """The value of an input; of a texture only that it has none here."""
    connected = shader.GetInput(name)
    if not connected:
        return None
    sources = cast("list[Usd.Attribute]", UsdShade.Utils.GetValueProducingAttributes(connected))
    is_value = bool(sources) and UsdShade.Input.IsInput(sources[0])
    return cast("object", sources[0].Get()) if is_value else None


def _number(shader: UsdShade.Shader, name: str, default: float) -> float:
    value = _value(shader, name)
    return default if value is None else round(float(cast("float", value)), 6)


def _colour(shader: UsdShade.Shader, name: str, default: Colour) -> Colour:
    value = _value(shader, name)
    if value is None:
        return default
    return _rounded(np.array(value, np.float64))


def _rounded(colour: NDArray[np.float64]) -> Colour:
    return (round(float(colour[0]), 6), round(float(colour[1]), 6), round(float(colour[2]), 6))
