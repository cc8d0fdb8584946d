"""Write the schema files anew after a declaration changed: `python -m twin.scene.write_plugin`."""

from twin.scene.schema import PLUGIN, files

__all__ = ["write_plugin"]


def write_plugin() -> None:
    """Put the generated files into the plugin's folder."""
    for name, text in files().items():
        (PLUGIN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_plugin()
