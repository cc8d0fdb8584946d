"""Where the bundled scenes and assets lie: beside the package in a checkout, inside a wheel."""

from pathlib import Path

from twin.errors import Problem, SceneError, nearest

__all__ = ["scene_names", "scene_path", "share_folder"]

PACKAGE = Path(__file__).parent


def share_folder() -> Path:
    """The folder that holds `scenes` and `assets` side by side."""
    installed = PACKAGE / "share"
    return installed if installed.is_dir() else PACKAGE.parent


def scene_names() -> list[str]:
    """Names of the bundled scenes, in order: every scenes/NAME/NAME.usda."""
    folder = share_folder() / "scenes"
    return sorted(file.stem for file in folder.glob("*/*.usda") if file.stem == file.parent.name)


def scene_path(name: str) -> Path:
    """The root layer of a bundled scene.

    Raises:
        SceneError: no bundled scene has this name.
    """
    names = scene_names()
    if name not in names:
        raise SceneError([Problem(name, "is not a bundled scene", way_out=nearest(name, names))])
    return share_folder() / "scenes" / name / f"{name}.usda"
