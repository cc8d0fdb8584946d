"""What a run comes to: throughput, lead time, states, OEE, bottleneck; for people and machines."""

from twin.report.report import PlaceReport, ProductReport, Report, WhatIf, report_from, report_of
from twin.report.states import states_at
from twin.report.to_json import json_text, report_json
from twin.report.totals import Totals, summed, totals_of

__all__ = [
    "PlaceReport",
    "ProductReport",
    "Report",
    "Totals",
    "WhatIf",
    "json_text",
    "report_from",
    "report_json",
    "report_of",
    "states_at",
    "summed",
    "totals_of",
]
