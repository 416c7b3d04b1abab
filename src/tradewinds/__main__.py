"""Run the command line with ``python -m tradewinds``."""

from tradewinds.cli import main

if __name__ == "__main__":
    main()
