"""Modules beside the tests of the clusters: the slow twin, and economies drawn at random."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
