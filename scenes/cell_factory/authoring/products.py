"""Layout layer: how bodies, kits and vehicles look, form by form; these prims stay hidden."""

from pathlib import Path

from pxr import Usd, UsdGeom

from scenes.authoring.usd import group, refer
from scenes.cell_factory.authoring import plan
from scenes.cell_factory.authoring.cells import KIT
from scenes.cell_factory.authoring.plan import ASSETS, MODELS, ROOT
from twin.plant.declared import ProductParams
from twin.scene.author import apply, new_stage

__all__ = ["FORMS", "author_kit", "author_products"]

PRODUCTS = f"{ROOT}/Products"
FORMS = {"painted": "complete", "trimmed": "trimmed", "married": "married", "finished": "finished"}
DATUM = 0.60  # of a body on an AGV or a stand [m]


def author_kit(path: Path) -> None:
    """Write the rack of parts that an AMR carries, by itself."""
    stage = new_stage(path, "Kit", kind="component")
    root = stage.GetDefaultPrim()
    root.SetDocumentation("A rack of parts as it stands on a part AMR, at the AMR's origin.")
    root.GetReferences().AddReference(f"{ASSETS}/vehicles/part_amr/part_amr.usda")
    root.GetVariantSets().GetVariantSet("load").SetVariantSelection("rack")
    stage.OverridePrim("/Kit/geometry/platform").SetActive(False)
    stage.GetRootLayer().Save()


def author_products(stage: Usd.Stage) -> None:
    """Author bodies, kits and vehicles."""
    UsdGeom.Imageable(group(stage, PRODUCTS)).MakeInvisible()
    for name, model in MODELS.items():
        path = _product(stage, name, tuple(FORMS))
        asset = f"{ASSETS}/bodies/{model.body}/{model.body}.usda"
        for form, build in FORMS.items():
            at = (0, 0, DATUM)
            body = refer(stage, f"{path}/{form}/Body", asset, at, variant=("build", build))
            body.GetVariantSets().GetVariantSet("coat").SetVariantSelection(model.coat)
    kit = _product(stage, KIT, ("carried", "unpacked"))
    refer(stage, f"{kit}/carried/Rack", "./kit.usda")
    agv = _product(stage, "BodyAgv", ("empty",))
    asset = f"{ASSETS}/vehicles/body_agv/body_agv.usda"
    refer(stage, f"{agv}/empty/Agv", asset, variant=("jig", "assembly"))
    amr = _product(stage, "PartAmr", ("empty",))
    asset = f"{ASSETS}/vehicles/part_amr/part_amr.usda"
    refer(stage, f"{amr}/empty/Amr", asset, variant=("load", "none"))


def _product(stage: Usd.Stage, name: str, forms: tuple[str, ...]) -> str:
    """Define a product with its forms."""
    path = f"{PRODUCTS}/{name}"
    prim = group(stage, path)
    for form in forms:
        group(stage, f"{path}/{form}")
    apply(prim, ProductParams(forms=forms), source=plan.FORMING[0], confidence=plan.FORMING[1])
    return path
