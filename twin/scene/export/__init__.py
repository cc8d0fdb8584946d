"""A run written as USD: the scene in a folder of its own, with a layer that plays the run."""

from twin.scene.export.animate import export_usd
from twin.scene.export.options import ExportSummary, Format, Motion, Options, PartForm

__all__ = ["ExportSummary", "Format", "Motion", "Options", "PartForm", "export_usd"]
