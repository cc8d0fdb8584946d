"""A scene as a browser wants it: prototypes as GLB, and tables of what stands and moves where."""

from twin.scene.pack.build import ScenePack, build_pack

__all__ = ["ScenePack", "build_pack"]
