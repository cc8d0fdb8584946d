"""A run written as USD: the scene in a folder of its own, with a layer that plays the run."""

from twin.scene.export.animate import ExportSummary, export_usd

__all__ = ["ExportSummary", "export_usd"]
