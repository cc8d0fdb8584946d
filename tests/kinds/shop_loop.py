"""Skids in a closed loop: loaded, worked on, unloaded and sent back."""

from tests.engine.lines import exponential
from twin.core.parameters import Params
from twin.kinds.assembler import Assembler
from twin.kinds.buffer import Buffer
from twin.kinds.disassembler import Disassembler
from twin.kinds.merge import Merge
from twin.kinds.sink import Sink
from twin.kinds.source import Source
from twin.plant import Place, Plant, Product, connect

SKIDS_AND_BODIES = (Product(name="Skid"), Product(name="Body"))


def skid_loop(
    skids: int,
    line: list[Params],
    *,
    load: float = 1.0,
    unload: float = 1.0,
    distribution: str = "constant",
    back: int = 20,
) -> Plant:
    """A line between loading and unloading, with room for `back` skids on the way back."""
    work = {"components": ("Body",), "process_distribution": distribution}
    loading = Assembler(process_time=load, **work)
    unloading = Disassembler(process_time=unload, **work)
    between = [(f"/Line_{number}", params) for number, params in enumerate(line)]
    loop = connect([("/Load", loading), *between, ("/Unload", unloading)])
    return Plant(
        places=(
            Place(path="/Bodies", params=Source(interval=0.0, sequence=("Body",)), next=("/Load",)),
            Place(
                path="/Skids",
                params=Source(interval=0.0, sequence=("Skid",), limit=skids),
                next=("/Back",),
            ),
            *loop[:-1],
            Place(path="/Unload", params=unloading, next=("/Back", "/Sink")),
            Place(path="/Back", params=Merge(order=("/Unload",)), next=("/Empty",)),
            Place(path="/Empty", params=Buffer(capacity=back), next=("/Load",)),
            Place(path="/Sink", params=Sink()),
        ),
        products=SKIDS_AND_BODIES,
    )


def failing_skid_loop() -> Plant:
    weld = exponential(2.0, mtbf=30.0, mttr=5.0)
    return skid_loop(5, [weld, Buffer(capacity=2), exponential(1.5)])


SHOPS = [failing_skid_loop]
