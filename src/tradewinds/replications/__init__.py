"""Replications: every number a paper prints beside ours, with a status anyone can read.

One folder a paper: ``run.py`` computes, ``targets.csv`` holds the published numbers, ``differences.md`` explains what keeps the
two apart. :func:`replicate` runs them and writes the pages.
"""

from tradewinds.replications.collect import PAPERS, Replication, replicate
from tradewinds.replications.targets import Computed, downgraded, grade, read_targets, score

__all__ = [
    "PAPERS",
    "Computed",
    "Replication",
    "downgraded",
    "grade",
    "read_targets",
    "replicate",
    "score",
]
