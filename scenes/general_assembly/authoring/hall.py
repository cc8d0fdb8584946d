"""Layout layer: equipment, people, hall."""
from pxr import Usd
__all__ = ["VIEWS", "author_hall"]
VIEWS = {"Overview": ((60.0, -60.0, 55.0), (60.0, 50.0, 0.0))}
def author_hall(stage: Usd.Stage) -> None:
    pass
