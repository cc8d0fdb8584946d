"""The palette: every material of the factory as UsdPreviewSurface values.

Bare metals are kept short of fully metallic, so that they stay bright where nothing surrounds them
to be mirrored.
"""

from dataclasses import dataclass

__all__ = ["PALETTE", "Material"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Linear colours (r, g, b); roughness, metalness and opacity in 0..1; emission if it glows."""

    colour: tuple[float, float, float]
    roughness: float = 0.5
    metallic: float = 0.0
    emission: tuple[float, float, float] = (0.0, 0.0, 0.0)
    opacity: float = 1.0


PALETTE = {
    "RobotPaint": Material(colour=(0.86, 0.30, 0.025), roughness=0.36),
    "RobotGrey": Material(colour=(0.20, 0.215, 0.23), roughness=0.42),
    "DarkSteel": Material(colour=(0.055, 0.06, 0.066), roughness=0.5, metallic=0.4),
    "CastIron": Material(colour=(0.10, 0.105, 0.11), roughness=0.6, metallic=0.3),
    "BareSteel": Material(colour=(0.56, 0.57, 0.58), roughness=0.32, metallic=0.75),
    "Zinc": Material(colour=(0.63, 0.655, 0.68), roughness=0.38, metallic=0.5),
    "ZincDark": Material(colour=(0.40, 0.42, 0.445), roughness=0.5, metallic=0.45),
    "Copper": Material(colour=(0.82, 0.36, 0.18), roughness=0.3, metallic=0.8),
    "Aluminium": Material(colour=(0.76, 0.77, 0.78), roughness=0.35, metallic=0.7),
    "Rubber": Material(colour=(0.022, 0.022, 0.024), roughness=0.75),
    "HoseBlue": Material(colour=(0.03, 0.12, 0.42), roughness=0.5),
    "HoseRed": Material(colour=(0.42, 0.03, 0.03), roughness=0.5),
    "WhitePaint": Material(colour=(0.78, 0.79, 0.79), roughness=0.45),
    "LightGrey": Material(colour=(0.52, 0.54, 0.55), roughness=0.5),
    "MachineGrey": Material(colour=(0.28, 0.31, 0.335), roughness=0.5),
    "FixtureBlue": Material(colour=(0.035, 0.13, 0.33), roughness=0.42),
    "SkidGreen": Material(colour=(0.06, 0.19, 0.18), roughness=0.55),
    "SafetyYellow": Material(colour=(0.92, 0.58, 0.015), roughness=0.45),
    "SignalOrange": Material(colour=(0.95, 0.24, 0.01), roughness=0.5),
    "MarkingBlack": Material(colour=(0.02, 0.02, 0.02), roughness=0.6),
    "FloorPaint": Material(colour=(0.30, 0.325, 0.34), roughness=0.42),
    "Concrete": Material(colour=(0.37, 0.38, 0.385), roughness=0.62),
    "Joint": Material(colour=(0.20, 0.205, 0.21), roughness=0.8),
    "WalkwayGreen": Material(colour=(0.035, 0.22, 0.12), roughness=0.45),
    "Glass": Material(colour=(0.02, 0.03, 0.04), roughness=0.08),
    "PaintWhite": Material(colour=(0.80, 0.80, 0.785), roughness=0.16),
    "PaintSilver": Material(colour=(0.42, 0.44, 0.46), roughness=0.24, metallic=0.5),
    "PaintBlue": Material(colour=(0.02, 0.085, 0.28), roughness=0.2, metallic=0.3),
    "PaintRed": Material(colour=(0.40, 0.018, 0.022), roughness=0.2, metallic=0.2),
    "PaintSage": Material(colour=(0.17, 0.235, 0.20), roughness=0.24, metallic=0.3),
    "PaintBlack": Material(colour=(0.014, 0.015, 0.017), roughness=0.14),
    "ElectroCoat": Material(colour=(0.215, 0.24, 0.225), roughness=0.6),
    "Plastic": Material(colour=(0.03, 0.031, 0.033), roughness=0.6),
    "SeatGrey": Material(colour=(0.16, 0.165, 0.17), roughness=0.85),
    "HeadLamp": Material(colour=(0.60, 0.64, 0.68), roughness=0.1, metallic=0.3),
    "TailLamp": Material(colour=(0.36, 0.01, 0.014), roughness=0.15),
    "PressGreen": Material(colour=(0.10, 0.20, 0.185), roughness=0.45),
    "Cardboard": Material(colour=(0.46, 0.32, 0.19), roughness=0.85),
    "ToteBlue": Material(colour=(0.02, 0.15, 0.36), roughness=0.55),
    "BoothGlass": Material(colour=(0.45, 0.60, 0.62), roughness=0.06, opacity=0.22),
    "BoothLight": Material(colour=(0.92, 0.96, 1.0), roughness=0.4, emission=(0.75, 0.80, 0.86)),
    "HeatGlow": Material(colour=(0.90, 0.30, 0.06), roughness=0.6, emission=(0.55, 0.14, 0.02)),
    "Screen": Material(colour=(0.01, 0.02, 0.03), roughness=0.2, emission=(0.05, 0.30, 0.42)),
    "LampRed": Material(colour=(0.75, 0.02, 0.02), roughness=0.25, emission=(0.16, 0.0, 0.0)),
    "LampAmber": Material(colour=(0.95, 0.38, 0.01), roughness=0.25, emission=(0.17, 0.06, 0.0)),
    "LampGreen": Material(colour=(0.02, 0.55, 0.12), roughness=0.25, emission=(0.0, 0.13, 0.02)),
    "LampBlue": Material(colour=(0.02, 0.14, 0.80), roughness=0.25, emission=(0.0, 0.03, 0.18)),
    "LedWhite": Material(colour=(0.95, 0.97, 1.0), roughness=0.4, emission=(1.0, 1.0, 0.98)),
    "Skin": Material(colour=(0.62, 0.36, 0.25), roughness=0.6),
    "WorkBlue": Material(colour=(0.04, 0.085, 0.20), roughness=0.8),
    "VestYellow": Material(colour=(0.72, 0.85, 0.03), roughness=0.7),
    "Reflective": Material(colour=(0.78, 0.80, 0.80), roughness=0.3, metallic=0.3),
}
