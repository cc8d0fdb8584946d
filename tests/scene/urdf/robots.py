"""Industrial robots that public packages ship as URDF, meshes included (all MIT licence)."""

from importlib.util import find_spec
from pathlib import Path

__all__ = ["FILES"]


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None, f"pip install {package}"
    assert spec.origin is not None
    return Path(spec.origin).parent


XACRO, AIRO = folder_of("rtbdata") / "xacro", folder_of("airo_models") / "arms"
KUKA = XACRO / "kuka_description"
FILES = {
    "irb140": XACRO / "abb_irb140_description" / "urdf" / "irb140.urdf",
    "kr16_2": KUKA / "kuka_kr16" / "urdf" / "kr16_2.urdf",
    "kr120r2500pro": KUKA / "kuka_kr120" / "urdf" / "kr120r2500pro.urdf",
    "kr210l150": KUKA / "kuka_kr210" / "urdf" / "kr210l150.urdf",
    "lbr_iiwa_14_r820": KUKA / "kuka_lbr_iiwa" / "urdf" / "lbr_iiwa_14_r820.urdf",
    "puma560": XACRO / "unimation_puma560_description" / "urdf" / "puma560_robot.urdf",
    "ur3e": AIRO / "ur3e" / "ur3e.urdf",
    "ur5e": AIRO / "ur5e" / "ur5e.urdf",
}
