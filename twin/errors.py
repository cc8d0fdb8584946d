"""The errors that a user can cause, each named by what can be done about it.

    TwinError
    ├── SceneError      the scene or plant is wrong: repair the prim that is named
    ├── CommandError    a command or an option can't be carried out: correct it and try again
    └── RunError        a sound plant could not go on: a loop without time, a limit reached

A message says where, which rule, what value, and what to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = ["CommandError", "Problem", "RunError", "SceneError", "TwinError", "nearest"]


class TwinError(Exception):
    """Anything a user can cause and repair; its text is meant for that user."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the prim path, the rule broken, the value found, the way out."""

    path: str
    rule: str
    value: str = ""
    way_out: str = ""

    def __str__(self) -> str:
        found = f", got {self.value}" if self.value else ""
        way_out = f"; {self.way_out}" if self.way_out else ""
        return f"{self.path} {self.rule}{found}{way_out}"


class SceneError(TwinError):
    """The description of a plant is wrong; `problems` lists everything found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CommandError(TwinError):
    """A command or an option can't be carried out as given."""


class RunError(TwinError):
    """The run can't go on from here."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name comes closest to an unknown one, or which names there are."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    if not names:
        return "there are none"
    return f"there are: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"
