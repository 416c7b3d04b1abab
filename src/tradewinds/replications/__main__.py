"""Compare the replications with what was recorded, or record them: ``python -m tradewinds.replications --check | --record``."""

from __future__ import annotations

import sys

from tradewinds.replications.expected import compare_with_expected, record_expected

USAGE = "usage: python -m tradewinds.replications --check | --record\n"


def main(arguments: list[str]) -> int:
    """Return 0 if nothing moved, 1 if something did, 2 if the arguments cannot be used."""
    if arguments == ["--record"]:
        record_expected()
        return 0
    if arguments != ["--check"]:
        sys.stderr.write(USAGE)
        return 2
    found = compare_with_expected()
    for sentence in found:
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(f"{len(found)} numbers moved or statuses fell\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
