"""The form that a part takes on: how it looks after work, if its product has that form."""

from collections.abc import Iterator

from twin.core.compiled import compilable_apart
from twin.core.directory import Surroundings
from twin.core.motion import stay
from twin.core.world import NONE, World
from twin.errors import Problem

__all__ = ["form_problems", "put_in_form"]


@compilable_apart
def put_in_form(world: World, slot: int, form: int) -> None:
    """Let a part look so from now on; a part whose product lacks the form keeps its look."""
    part = world.part[slot]
    count = world.look[part.product + 1] - world.look[part.product]
    if form >= count:
        return
    part.form = form
    if part.track != NONE:
        stay(world, slot)


def form_problems(form: int, around: Surroundings) -> Iterator[Problem]:
    """At least one product has the form."""
    most = max(around.forms.values(), default=0)
    if 0 < most <= form:
        rule = f"must be below {most}, the most forms that a product has"
        yield Problem(f"{around.path} twin:form", rule, str(form))
