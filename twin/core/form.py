"""What a part looks like after the work."""

from collections.abc import Iterator
from dataclasses import dataclass

from twin.core.compiled import compilable_apart
from twin.core.directory import Surroundings
from twin.core.motion import stay
from twin.core.parameters import Params, param
from twin.core.world import World
from twin.errors import Problem

__all__ = ["Form", "form_problems", "reshape"]


@dataclass(frozen=True, kw_only=True)
class Form(Params):
    """The parameter of a place that changes the form of parts."""

    form: int = param(
        0, ge=0, le=1000, doc="Form that a part has after the work; 0 leaves it as it is."
    )


@compilable_apart
def reshape(world: World, slot: int, form: int) -> None:
    """Give a part another form, where it is; 0 leaves it as it is."""
    part = world.part[slot]
    if form > 0 and part.form != form:
        part.form = form
        stay(world, slot)


def form_problems(
    params: Form, around: Surroundings, names: tuple[str, ...] | None = None
) -> Iterator[Problem]:
    """The form is one that every product has that is worked on: those of `names`, or all."""
    for name, count in around.forms.items():
        if names is not None and name not in names:
            continue
        if params.form >= count:
            rule = f"must be below {count}, the number of forms of {name}"
            yield Problem(f"{around.path} twin:form", rule, str(params.form))
