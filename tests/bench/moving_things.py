"""A scene of many moving things: parallel lines of belts, full of parts that never stop.

Each part needs a new segment of motion whenever it comes to the next belt, every 17.5 s. The lines
are out of step with one another, so that there is something to tell at any time.
"""

from pathlib import Path

__all__ = ["FILLED", "THINGS", "write_scene"]

LINES, BELTS = 100, 10
LENGTH, SPEED = 17.5, 1.0  # m, m/s; of a belt
INTERVAL = 0.35  # s between two parts, at this speed also m
FILLED = BELTS * LENGTH / SPEED  # s until all lines are full
THINGS = int(LINES * BELTS * LENGTH / SPEED / INTERVAL)

HEAD = '#usda 1.0\n(\n    defaultPrim = "Plant"\n    metersPerUnit = 1\n    upAxis = "Z"\n)\n'
AT = """        double3 xformOp:translate = ({x}, {y}, 0)
        uniform token[] xformOpOrder = ["xformOp:translate"]
"""
SOURCE = """    def Xform "In_{line}" (prepend apiSchemas = ["TwinSourceAPI"])
    {{
{at}        double twin:interval = {interval}
        rel twin:next = </Plant/Belt_{line}_0>
    }}
"""
BELT = """    def Xform "Belt_{line}_{belt}" (prepend apiSchemas = ["TwinConveyorAPI"])
    {{
{at}        double twin:length = {length}
        double twin:speed = {speed}
        double twin:spacing = {spacing}
        bool twin:accumulating = 0
        rel twin:next = </Plant/{next}>
    }}
"""
SINK = """    def Xform "Out_{line}" (prepend apiSchemas = ["TwinSinkAPI"])
    {{
{at}    }}
"""


def write_scene(folder: Path, *, lines: int = LINES) -> Path:
    """Write the scene into a folder; returns its root layer."""
    file = folder / "moving_things.usda"
    body = "".join(_line(line, y=2.0 * line) for line in range(lines))
    file.write_text(f'{HEAD}def Xform "Plant"\n{{\n{body}}}\n', encoding="utf-8")
    return file


def _line(line: int, *, y: float) -> str:
    """One line; its first belt is a little shorter than that of the line before."""
    shorter = INTERVAL * line / LINES
    text = SOURCE.format(line=line, at=AT.format(x=0.0, y=y), interval=INTERVAL)
    x = 0.0
    for belt in range(BELTS):
        length = LENGTH - (shorter if belt == 0 else 0.0)
        text += BELT.format(
            line=line, belt=belt, at=AT.format(x=x, y=y), length=length, speed=SPEED,
            spacing=0.95 * INTERVAL,
            next=f"Belt_{line}_{belt + 1}" if belt + 1 < BELTS else f"Out_{line}",
        )  # fmt: skip
        x += length
    return text + SINK.format(line=line, at=AT.format(x=x, y=y))
