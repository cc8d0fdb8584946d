"""The coats of bodies and doors: bare metal, electrocoat, colours."""

__all__ = ["coats_of"]

LOOKS = {
    "coated": "ElectroCoat",
    "white": "PaintWhite",
    "silver": "PaintSilver",
    "blue": "PaintBlue",
    "red": "PaintRed",
    "sage": "PaintSage",
    "black": "PaintBlack",
}


def coats_of(*groups: str) -> dict[str, tuple[str, dict[str, dict[str, str]]]]:
    """The variant set `coat` that covers some groups; without a coat they are bare."""
    coats = {name: dict.fromkeys(groups, look) for name, look in LOOKS.items()}
    return {"coat": ("bare", {"bare": {}, **coats})}
