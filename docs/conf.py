"""Settings of the documentation. Nothing here reaches the network, neither when pages are built nor when they are read."""

import doctest
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_extensions"))

import from_code  # noqa: E402

import tradewinds  # noqa: E402

from_code.write(HERE / "reference" / "generated")

project = "tradewinds"
author = "The tradewinds developers"
copyright = author
version = release = tradewinds.__version__

extensions = [
    "attributes",
    "mathml",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build", "**.inc"]
templates_path = ["_templates"]
root_doc = "index"

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
html_math_renderer = "mathml"

autodoc_typehints = "none"  # the docstrings say it, with shapes and units
autodoc_member_order = "bysource"
autosummary_generate = True
autosummary_imported_members = True
autosummary_ignore_module_all = False
napoleon_google_docstring = False
napoleon_use_ivar = True
suppress_warnings = ["ref.python"]  # attributes of one name in several results are no ambiguity to a reader
napoleon_use_rtype = False
doctest_global_setup = "import warnings\nwarnings.simplefilter('ignore')"
doctest_test_doctest_blocks = ""  # those in docstrings are run by pytest
doctest_default_flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS

html_theme = "pydata_sphinx_theme"
html_title = "tradewinds"
html_static_path = ["_static"]
html_css_files = ["house.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "footer_start": [],
    "footer_end": [],
    "show_prev_next": True,
    "show_toc_level": 2,
}
