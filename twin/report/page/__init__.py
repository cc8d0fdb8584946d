"""The report of a recorded run as one HTML file that needs no network."""

from twin.report.page.page import html_report

__all__ = ["html_report"]
