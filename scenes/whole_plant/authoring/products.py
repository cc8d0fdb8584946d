"""What flows: three cars, the panels of each, and the modules that are built into all."""

from pxr import Usd, UsdGeom

from scenes.authoring.usd import group, refer
from scenes.whole_plant.authoring import numbers as n
from scenes.whole_plant.authoring.walk import ROOT
from twin.plant.declared import ProductParams
from twin.scene.author import apply

__all__ = ["BUILT_IN", "FORMS", "MODULES", "PANELS", "TAKEN_OFF", "author_products", "panel"]

ASSETS = "../../assets"
ROLLERS, SKID_TOP = 0.40, 0.60  # m
FORMS = {  # name: build and coat of the body asset
    "underbody": ("underbody", "bare"),
    "framed": ("framed", "bare"),
    "complete": ("complete", "bare"),
    "coated": ("light_body", "coated"),
    "painted": ("light_body", "colour"),
    "car": ("light_car", "colour"),
}
COMPONENT_FORMS = ("loose", "built_in", "taken_off")  # what is built in is seen in its base
BUILT_IN, TAKEN_OFF = 1, 2
COLOURS = {"Sedan": "blue", "Suv": "white", "Crossover": "red"}
PANELS = {  # what a press line makes for one body: strokes, die sets
    "SideLeft": 3,
    "SideRight": 3,
    "Doors": 4,
    "Lids": 4,
    "Floor": 3,
}
MODULES = {  # asset that shows it
    "FrontStructure": "carriers/body_stand/body_stand.usda",
    "RearFloor": "carriers/body_stand/body_stand.usda",
    "Cockpit": "carriers/body_stand/body_stand.usda",
    "Hvac": "parts/wheel/wheel.usda",
    "Glass": "parts/panel_rack/panel_rack.usda",
    "Harness": "carriers/body_stand/body_stand.usda",
    "Headliner": "carriers/body_stand/body_stand.usda",
    "FrontEnd": "carriers/body_stand/body_stand.usda",
    "Battery": "parts/chassis/chassis.usda",
    "Modules": "parts/panel_rack/panel_rack.usda",
    "FrontAxle": "parts/wheel/wheel.usda",
    "RearAxle": "parts/wheel/wheel.usda",
    "DriveUnit": "parts/wheel/wheel.usda",
    "Wheels": "parts/wheel/wheel.usda",
    "Bumpers": "carriers/body_stand/body_stand.usda",
    "Seats": "carriers/body_stand/body_stand.usda",
    "Console": "carriers/body_stand/body_stand.usda",
}
ROUTING = ("own product structure, reduced to what the lines exchange", "proposal")


def panel(family: str, body: str) -> str:
    """The product that a press line makes for a type of body."""
    return f"{family}{body}"


def author_products(stage: Usd.Stage) -> None:
    """Show every product in every form; the engine's parts look like these, which stay hidden."""
    products = group(stage, f"{ROOT}/Products")
    UsdGeom.Imageable(products).MakeInvisible()
    for body in n.TYPES:
        prim = group(stage, f"{ROOT}/Products/{body}")
        for form, (build, coat) in FORMS.items():
            path = f"{prim.GetPath()}/{form}"
            group(stage, path)
            refer(stage, f"{path}/Skid", f"{ASSETS}/carriers/skid/skid.usda", (0, 0, ROLLERS))
            asset = f"{ASSETS}/bodies/{body.lower()}/{body.lower()}.usda"
            shown = refer(stage, f"{path}/Body", asset, (0, 0, SKID_TOP), variant=("build", build))
            sets = shown.GetVariantSets().GetVariantSet("coat")
            sets.SetVariantSelection(COLOURS[body] if coat == "colour" else coat)
        params = ProductParams(forms=tuple(FORMS))
        apply(prim, params, source=ROUTING[0], confidence=ROUTING[1])
    shown = {panel(f, b): "parts/panel_rack/panel_rack.usda" for f in PANELS for b in n.TYPES}
    for name, asset in (shown | MODULES).items():
        prim = group(stage, f"{ROOT}/Products/{name}")
        forms = COMPONENT_FORMS if name.startswith("Doors") else COMPONENT_FORMS[:2]
        for form in forms:
            path = f"{prim.GetPath()}/{form}"
            group(stage, path)
            if form != "built_in":
                refer(stage, f"{path}/Looks", f"{ASSETS}/{asset}", (0, 0, ROLLERS))
        params = ProductParams(forms=forms)
        apply(prim, params, source=ROUTING[0], confidence=ROUTING[1])
