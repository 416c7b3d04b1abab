"""Compare the replications with what was recorded, or record them.

``python -m tradewinds.replications --check [FOLDER] | --record [PAPER ...]``; a folder is one that ``tradewinds replicate`` left.
"""

from __future__ import annotations

import sys

from tradewinds.errors import TradewindsError
from tradewinds.replications.expected import compare_folder, compare_with_expected, record_expected

USAGE = "usage: python -m tradewinds.replications --check [FOLDER] | --record [PAPER ...]\n"


def main(arguments: list[str]) -> int:
    """Return 0 if nothing moved, 1 if something did, 2 if the arguments cannot be used."""
    try:
        match arguments:
            case ["--record", *papers]:
                record_expected(papers)
                return 0
            case ["--check"]:
                found = compare_with_expected()
            case ["--check", folder]:
                found = compare_folder(folder)
            case _:
                sys.stderr.write(USAGE)
                return 2
    except TradewindsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    for sentence in found:
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(f"{len(found)} numbers moved or statuses fell\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
