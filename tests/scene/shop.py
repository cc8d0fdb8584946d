"""A small scene as text, with holes that tests fill with what they want to be wrong."""

from pathlib import Path

HEAD = """#usda 1.0
(
    defaultPrim = "Shop"
    metersPerUnit = 1
    upAxis = "Z"
    {metadata}
)
"""

SHOP = """
def Xform "Shop"
{{
    def Xform "In" (
        prepend apiSchemas = ["TwinSourceAPI"]
    )
    {{
        double twin:interval = 60
        rel twin:next = </Shop/Press>
    }}

    def Xform "Press" (
        prepend apiSchemas = ["TwinStationAPI"]
    )
    {{
        double twin:processTime = 50 (
            customData = {{
                string confidence = "C"
                string source = "time study"
            }}
        )
        rel twin:next = </Shop/Out>
        {press}
    }}

    def Xform "Out" (
        prepend apiSchemas = ["TwinSinkAPI"]
    )
    {{
        {out}
    }}
    {more}
}}
"""


def shop(
    folder: Path,
    *,
    metadata: str = "",
    press: str = "",
    out: str = "",
    more: str = "",
    after: str = "",
) -> Path:
    """Write shop.usda: a source, a press and a sink; returns its path."""
    text = HEAD.format(metadata=metadata) + SHOP.format(press=press, out=out, more=more) + after
    return layer(folder / "shop.usda", text)


def layer(file: Path, text: str) -> Path:
    file.write_text(text if text.startswith("#usda") else f"#usda 1.0\n{text}", encoding="utf-8")
    return file
