"""Layout layer: how everything that flows looks, form by form; these prims stay hidden."""

from pathlib import Path

from pxr import Usd, UsdGeom

from scenes.authoring.usd import group, refer
from scenes.general_assembly.authoring import plan
from scenes.general_assembly.authoring.places import ASSETS
from scenes.general_assembly.authoring.plan import FORMS, MODELS, ROOT
from scenes.general_assembly.authoring.supply import RINGS
from twin.plant.declared import ProductParams
from twin.scene.author import apply, new_stage

__all__ = ["author_kit", "author_products"]

PRODUCTS = f"{ROOT}/Products"
DATUM = 0.60  # of a body on skid, AGV or stand [m]
CARRIERS = {  # by form: asset and height of its origin [m]
    "painted": ("carriers/skid/skid", 0.40),
    "on_agv": ("vehicles/body_agv/body_agv", 0.0),
    "doorless": ("vehicles/body_agv/body_agv", 0.0),
    "doorless_on_stand": ("carriers/body_stand/body_stand", 0.0),
    "trimmed": ("vehicles/body_agv/body_agv", 0.0),
    "hung": ("", 0.0),
    "married_hung": ("", 0.0),
    "married": ("vehicles/body_agv/body_agv", 0.0),
    "married_on_stand": ("carriers/body_stand/body_stand", 0.0),
    "refitted": ("carriers/body_stand/body_stand", 0.0),
}
BUILDS = {
    "painted": ("complete", DATUM),
    "on_agv": ("complete", DATUM),
    "doorless": ("doorless", DATUM),
    "doorless_on_stand": ("doorless", DATUM),
    "trimmed": ("trimmed", DATUM),
    "hung": ("trimmed", DATUM),
    "married_hung": ("married", DATUM),
    "married": ("married", DATUM),
    "married_on_stand": ("married", DATUM),
    "refitted": ("refitted", DATUM),
    "finished_on_slats": ("finished", 0.26),
    "finished": ("finished", 0.20),
}
UNIT = 0.18  # of a chassis on its AGV, and of one in a body at its datum [m]


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
    """Author bodies, doors, chassis, kits and AMRs."""
    UsdGeom.Imageable(group(stage, PRODUCTS)).MakeInvisible()
    for name in MODELS:
        _body(stage, name)
    for model, name in plan.DOORS.items():
        _doors(stage, model, name)
    chassis = _product(stage, "Chassis", ("carried", "lifted", "built_in"))
    unit = f"{ASSETS}/parts/chassis/chassis.usda"
    refer(stage, f"{chassis}/carried/Agv", "./chassis_agv.usda")
    refer(stage, f"{chassis}/lifted/Lift", "./chassis_lift.usda")
    for form in ("carried", "lifted"):
        refer(stage, f"{chassis}/{form}/Unit", unit, (0, 0, UNIT))
    for each in (kit for ring in RINGS for kit in ring.kits):
        kit = _product(stage, each.name, ("carried", "unpacked"))
        refer(stage, f"{kit}/carried/Rack", "./kit.usda")
    amr = _product(stage, "PartAmr", ("empty",))
    asset = f"{ASSETS}/vehicles/part_amr/part_amr.usda"
    refer(stage, f"{amr}/empty/Amr", asset, variant=("load", "none"))


def _doors(stage: Usd.Stage, model: str, name: str) -> None:
    """Four doors as they stand in the body; a hanger, where no body has them."""
    path, coat = _product(stage, name, plan.DOOR_FORMS), MODELS[model].coat
    asset = f"{ASSETS}/bodies/{MODELS[model].body}/{MODELS[model].body}.usda"
    for form, build in (("hung", "doors"), ("trimmed", "trimmed_doors")):
        refer(stage, f"{path}/{form}/Carrier", "./hanger.usda")
        doors = refer(stage, f"{path}/{form}/Doors", asset, (0, 0, DATUM), variant=("build", build))
        doors.GetVariantSets().GetVariantSet("coat").SetVariantSelection(coat)


def _body(stage: Usd.Stage, name: str) -> None:
    model = MODELS[name]
    path = _product(stage, name, FORMS)
    asset = f"{ASSETS}/bodies/{model.body}/{model.body}.usda"
    for form, (build, z) in BUILDS.items():
        if form in CARRIERS:
            carrier, height = CARRIERS[form]
            carried = f"{ASSETS}/{carrier}.usda" if carrier else "./gondola.usda"
            refer(stage, f"{path}/{form}/Carrier", carried, (0, 0, height))
        body = refer(stage, f"{path}/{form}/Body", asset, (0, 0, z), variant=("build", build))
        body.GetVariantSets().GetVariantSet("coat").SetVariantSelection(model.coat)


def _product(stage: Usd.Stage, name: str, forms: tuple[str, ...]) -> str:
    """Define a product with its forms."""
    path = f"{PRODUCTS}/{name}"
    prim = group(stage, path)
    for form in forms:
        group(stage, f"{path}/{form}")
    apply(prim, ProductParams(forms=forms), source=plan.FORMING[0], confidence=plan.FORMING[1])
    return path
