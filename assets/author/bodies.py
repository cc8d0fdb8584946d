"""Bodies of three styles, from the underbody to the finished car, in the coat of each shop."""

from functools import partial

from assets.author.body_floor import underbody
from assets.author.body_light import light_shell, light_wheels
from assets.author.body_shell import closures, doors, framed
from assets.author.body_spots import write_spots
from assets.author.body_style import Style
from assets.author.body_surface import BodySurface
from assets.author.body_trim import bumpers, door_trim, glazing, interior, liners
from assets.author.chassis import power_unit
from assets.author.coat import coats_of
from assets.author.package import Asset
from assets.author.surface import Piece
from assets.author.wheel import WIDTH, road_wheel

__all__ = ["TYRE_SOLE", "body"]

TYRE_SOLE = -0.20  # the tyres' lowest point, from the datum: that of the skid's underside [m]
FRAME = "geometry/framed"
PILLARS = "geometry/framed/zinc_dark"  # hidden in a closed car
BARE = ["geometry/underbody", FRAME, PILLARS, "geometry/closures"]
TRIMMED = [*BARE, "geometry/glazing", "geometry/interior"]
DOORS = ["geometry/doors", "geometry/door_trim"]
BUILDS = {
    "underbody": BARE[:1],
    "framed": BARE[:3],
    "complete": [*BARE, "geometry/doors"],
    "doorless": BARE,
    "trimmed": TRIMMED,
    "married": [*TRIMMED, "geometry/chassis"],
    "refitted": [*TRIMMED, "geometry/chassis", *DOORS],
    "doors": DOORS[:1],
    "trimmed_doors": DOORS,
    "finished": [
        FRAME,
        "geometry/closures",
        "geometry/doors",
        "geometry/glazing",
        "geometry/door_trim",
        "geometry/bumpers",
        "geometry/wheels",
        "geometry/liners",
    ],
    "light_body": ["geometry/light_shell"],
    "light_car": ["geometry/light_shell", "geometry/light_wheels"],
}
PAINTED = (
    "geometry/underbody",
    FRAME,
    "geometry/closures",
    "geometry/doors",
    "geometry/bumpers/zinc",
    "geometry/light_shell/zinc",
)


def body(style: Style) -> Asset:
    """Build the body of a style."""
    surface = BodySurface(style)
    return Asset(
        folder="bodies",
        name=style.name,
        prim=style.prim,
        about=f"{style.about} The front looks along +X; the datum z = 0 is the top of the skid. "
        "Builds: underbody, framed, complete, doorless, trimmed (glass and seats, no doors), "
        "married (with battery and axles), refitted (and doors), finished (tyres stand at "
        "z = -0.20); doors and trimmed_doors by themselves; light_body and light_car are a painted "
        "body and a finished car of 2,000 triangles. Coats: bare metal, electrocoat and colours. "
        "Below spots are 1,000 weld spots. Axles, trim and colours are proposals.",
        groups={
            "geometry/underbody": underbody(surface),
            "geometry/framed": framed(surface),
            "geometry/closures": closures(surface),
            "geometry/doors": doors(surface),
            "geometry/glazing": glazing(surface),
            "geometry/interior": interior(surface),
            "geometry/chassis": power_unit(style),
            "geometry/door_trim": door_trim(surface),
            "geometry/bumpers": bumpers(surface),
            "geometry/wheels": _wheels(style),
            "geometry/liners": liners(surface),
            "geometry/light_shell": light_shell(surface),
            "geometry/light_wheels": light_wheels(surface),
        },
        variants={"build": ("complete", BUILDS)},
        layers={"spots": partial(write_spots, style)},
        coats=coats_of(*PAINTED),
    )


def _wheels(style: Style) -> list[Piece]:
    z = style.wheel[0]
    track = style.width / 2 - WIDTH / 2 - 0.005
    return [
        piece
        for x in style.axles
        for side in (-1, 1)
        for piece in road_wheel(z - TYRE_SOLE, (x, side * track, z), left=side > 0)
    ]
