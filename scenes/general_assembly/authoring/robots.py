"""Control layer: the fourteen robots that take doors off and put them on again."""
from pathlib import Path
from pxr import Usd
__all__ = ["author_door_robot", "author_robots"]
def author_door_robot(path: Path) -> None:
    pass
def author_robots(stage: Usd.Stage) -> None:
    pass
