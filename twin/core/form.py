"""The form that a part takes on: how it looks after the work, if its product has that form."""

from collections.abc import Iterator
from dataclasses import dataclass

from twin.core.compiled import compilable_apart
from twin.core.directory import Surroundings
from twin.core.motion import stay
from twin.core.parameters import Params, param
from twin.core.world import NONE, World
from twin.errors import Problem

__all__ = ["Form", "form_problems", "lacking", "put_in_form"]


@dataclass(frozen=True, kw_only=True)
class Form(Params):
    """The parameter of a place that changes the form of parts."""

    form: int = param(
        0,
        ge=0,
        le=1000,
        doc="Form that a part has after the work, if its product has it; 0 leaves it as it is.",
    )


@compilable_apart
def put_in_form(world: World, slot: int, form: int) -> None:
    """Let a part look so from now on; 0, or a form that its product lacks, changes nothing."""
    part = world.part[slot]
    count = world.look[part.product + 1] - world.look[part.product]
    if form in (0, part.form) or form >= count:
        return
    part.form = form
    if part.track != NONE:
        stay(world, slot)


def form_problems(
    params: Form, around: Surroundings, names: tuple[str, ...] | None = None
) -> Iterator[Problem]:
    """At least one product of those that are worked on, `names` or all, has the form."""
    yield from lacking("form", params.form, around, names)


def lacking(
    name: str, form: int, around: Surroundings, names: tuple[str, ...] | None = None
) -> Iterator[Problem]:
    """A form, given as the attribute `name`, that no product of `names`, or of all, has."""
    counts = [count for each, count in around.forms.items() if names is None or each in names]
    most = max(counts, default=0)
    if 0 < most <= form:
        rule = f"must be below {most}, the most forms that a product has"
        yield Problem(f"{around.path} twin:{name}", rule, str(form))
