"""The command line: ``tradewinds run | replicate | compare | data | schema | new``.

Exit codes: 0 done; 1 a model did not converge or a check failed (results are kept and marked); 2 bad input, with a message
that says what was found and what is allowed. Results go to files and tables to standard output; messages and progress go to
standard error.
"""

from tradewinds.cli.main import main

__all__ = ["main"]
