"""Lists to begin with: small plants that run, to be changed into one's own."""

from pathlib import Path

from twin.errors import CommandError, nearest

__all__ = ["template", "template_names"]

FOLDER = Path(__file__).parent / "templates"


def template_names() -> list[str]:
    """Names of the bundled lists, in order."""
    return sorted(file.stem for file in FOLDER.glob("*.csv"))


def template(name: str) -> Path:
    """The file of a bundled list.

    Raises:
        CommandError: there is none of this name.
    """
    names = template_names()
    if name not in names:
        raise CommandError(f"{name!r} is not a template; {nearest(name, names)}")
    return FOLDER / f"{name}.csv"
