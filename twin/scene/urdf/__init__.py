"""Robots in URDF, the format of ROS, become robot assets in USD."""

from twin.scene.urdf.importer import Imported, import_robot

__all__ = ["Imported", "import_robot"]
