"""The situation report: charts, a map and sentences, each figure bound to its evidence, as HTML and PDF."""

from tolqyn.report.believed import vintage_chart
from tolqyn.report.build import build_report
from tolqyn.report.html import to_html
from tolqyn.report.input import ReportInput
from tolqyn.report.model import Report
from tolqyn.report.pdf import to_pdf
from tolqyn.report.write import write_report

__all__ = ["Report", "ReportInput", "build_report", "to_html", "to_pdf", "vintage_chart", "write_report"]
