"""Study files: TOML in, validated objects out, results in a folder."""

from tradewinds.study.fields import KINDS, SpilloversStudy, Study
from tradewinds.study.reader import json_schema, parse_study, read_study
from tradewinds.study.runner import run_study
from tradewinds.study.starter import write_starter

__all__ = [
    "KINDS",
    "SpilloversStudy",
    "Study",
    "json_schema",
    "parse_study",
    "read_study",
    "run_study",
    "write_starter",
]
