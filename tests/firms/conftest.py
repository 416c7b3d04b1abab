"""Modules beside the tests of the models of firms: the slow twins."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
