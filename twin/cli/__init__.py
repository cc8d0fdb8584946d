"""The `twin` command: a thin door to checking, simulating, serving and exporting scenes."""

from twin.cli.app import app, main

__all__ = ["app", "main"]
