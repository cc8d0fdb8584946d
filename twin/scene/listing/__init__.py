"""A scene from a list of equipment, as planners keep it, in CSV or Excel."""

from twin.scene.listing.imported import Made, import_list
from twin.scene.listing.template import template, template_names

__all__ = ["Made", "import_list", "template", "template_names"]
