"""Study files: TOML in, validated objects out, results in a folder."""

from tradewinds.study.fields import (
    KINDS,
    ClustersStudy,
    CompareStudy,
    FirmsStudy,
    GrowthStudy,
    PlantsStudy,
    SpilloversStudy,
    Study,
    WorldStudy,
)
from tradewinds.study.reader import json_schema, parse_study, read_study
from tradewinds.study.runner import run_study
from tradewinds.study.starter import list_studies, study_text, write_starter, write_study

__all__ = [
    "KINDS",
    "ClustersStudy",
    "CompareStudy",
    "FirmsStudy",
    "GrowthStudy",
    "PlantsStudy",
    "SpilloversStudy",
    "Study",
    "WorldStudy",
    "json_schema",
    "list_studies",
    "parse_study",
    "read_study",
    "run_study",
    "study_text",
    "write_starter",
    "write_study",
]
