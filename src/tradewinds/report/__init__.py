"""Reports: tidy frames, tables, one self-contained HTML page, the scoreboard, and where numbers come from.

What every report shares knows no model; what one model's results look like as tables and sentences is in a module of its own,
such as :mod:`tradewinds.report.spillovers`.
"""

from __future__ import annotations

from tradewinds.report.html import Equation, Figure, Report, Section, render
from tradewinds.report.index import PaperPage, render_index
from tradewinds.report.output import output_folder, put, write_text
from tradewinds.report.provenance import DatasetRecord, ParameterRecord, file_checksum, provenance, to_json
from tradewinds.report.run import Findings, Outcome, write_run
from tradewinds.report.scoreboard import (
    SCOREBOARD_COLUMNS,
    STATUSES,
    check_scoreboard,
    count_statuses,
    downgrades,
    read_scoreboard,
)
from tradewinds.report.tables import Column, Table
from tradewinds.tidy import tidy_frame, to_csv

__all__ = [
    "SCOREBOARD_COLUMNS",
    "STATUSES",
    "Column",
    "DatasetRecord",
    "Equation",
    "Figure",
    "Findings",
    "Outcome",
    "PaperPage",
    "ParameterRecord",
    "Report",
    "Section",
    "Table",
    "check_scoreboard",
    "count_statuses",
    "downgrades",
    "file_checksum",
    "output_folder",
    "provenance",
    "put",
    "read_scoreboard",
    "render",
    "render_index",
    "tidy_frame",
    "to_csv",
    "to_json",
    "write_run",
    "write_text",
]
