"""The README's table of equipment, generated from the declared parameters.

`python -m tests.readme` writes it anew; a test compares.
"""

from pathlib import Path

from twin.core.parameters import Parameter, parameters, type_name
from twin.engine.dispatch import params_of_kind

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- equipment: python -m tests.readme -->\n", "<!-- end of equipment -->"


def table() -> str:
    """A row per kind of equipment: its schema, what it is, its parameters with units."""
    rows = ["| schema | what it is | parameters |", "|---|---|---|"]
    for kind in params_of_kind():
        what = (kind.__doc__ or "").partition("\n")[0]
        known = ", ".join(map(_cell, parameters(kind))) or "none"
        rows.append(f"| `{type_name(kind)}` | {what} | {known} |")
    return "\n".join(rows) + "\n"


def renewed(text: str) -> str:
    """A README with a fresh table between its marks."""
    head, _, rest = text.partition(BEGIN)
    _, mark, tail = rest.partition(END)
    assert mark, f"README.md needs the lines {BEGIN!r} and {END!r}"
    return f"{head}{BEGIN}{table()}{mark}{tail}"


def _cell(each: Parameter) -> str:
    unit = f" [{each.unit}]" if each.unit else ""
    return f"{each.usd_name.removeprefix('twin:')}{unit}"


if __name__ == "__main__":
    README.write_text(renewed(README.read_text()))
