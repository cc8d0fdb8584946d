"""Bodies in white of three styles, each with the variants underbody, framed and complete."""

from assets.author.body_floor import underbody
from assets.author.body_shell import closures, framed
from assets.author.body_style import Style
from assets.author.body_surface import BodySurface
from assets.author.package import Asset

__all__ = ["body"]


def body(style: Style) -> Asset:
    """Build the body of a style."""
    surface = BodySurface(style)
    stages = {"underbody": [], "framed": ["geometry/framed"]}
    stages["complete"] = ["geometry/framed", "geometry/closures"]
    return Asset(
        folder="bodies",
        name=style.name,
        prim=style.prim,
        about=f"{style.about} The front looks along +X; the datum z = 0 is the top of the skid.",
        groups={
            "geometry/underbody": underbody(surface),
            "geometry/framed": framed(surface),
            "geometry/closures": closures(surface),
        },
        variants={"build": ("complete", stages)},
    )
