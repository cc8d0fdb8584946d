"""Reading values of XML elements: numbers and names, each checked, each wrong one told."""

import math
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from twin.errors import Problem

__all__ = ["Reader"]

Matrix = NDArray[np.float64]


@dataclass(slots=True)
class Reader:
    """Reads the elements of one file and collects what is wrong with them."""

    file: str
    problems: list[Problem] = field(default_factory=list[Problem])

    def wrong(self, where: str, rule: str, value: str = "", way_out: str = "") -> None:
        """Add a problem of an element."""
        self.problems.append(Problem(f"{self.file} {where}".rstrip(), rule, value[:80], way_out))

    def text(self, element: Element, name: str, where: str) -> str:
        """An attribute that must be there; empty if it is not."""
        value = element.get(name, "").strip()
        if not value:
            self.wrong(where, f"must have the attribute {name}")
        return value

    def numbers(
        self, element: Element | None, name: str, where: str, default: tuple[float, ...]
    ) -> tuple[float, ...]:
        """Finite numbers of an attribute, as many as the default that holds if it is absent."""
        text = None if element is None else element.get(name)
        if text is None:
            return default
        try:
            values = tuple(float(word) for word in text.split())
        except ValueError:
            values = ()
        if len(values) != len(default) or not all(map(math.isfinite, values)):
            many = "a finite number" if len(default) == 1 else f"{len(default)} finite numbers"
            self.wrong(where, f"{name} must be {many}", text)
            return default
        return values

    def number(self, element: Element | None, name: str, where: str, default: float = 0.0) -> float:
        """One finite number."""
        return self.numbers(element, name, where, (default,))[0]

    def frame(self, element: Element, where: str) -> Matrix:
        """The <origin> of an element: turned by roll, pitch and yaw about fixed axes X, Y, Z."""
        origin = element.find("origin")
        x, y, z = self.numbers(origin, "xyz", f"{where} origin", (0.0, 0.0, 0.0))
        roll, pitch, yaw = self.numbers(origin, "rpy", f"{where} origin", (0.0, 0.0, 0.0))
        (cr, sr), (cp, sp), (cy, sy) = ((math.cos(a), math.sin(a)) for a in (roll, pitch, yaw))
        return np.array(
            [
                [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr, x],
                [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr, y],
                [-sp, cp * sr, cp * cr, z],
                [0.0, 0.0, 0.0, 1.0],
            ]
        )
