"""Run every benchmark, print ratios, and fail if a goal is missed."""

from __future__ import annotations

import sys

from benchmarks import clusters, growth, hat, perfect_foresight, plants, spillover_draws, start_up, world


def main() -> int:
    """Print one line a measurement and return how many goals were missed."""
    missed = 0
    for module in (start_up, spillover_draws, perfect_foresight, world, plants, hat, clusters, growth):
        print(f"\n{module.__name__.split('.')[-1]}: {module.__doc__.splitlines()[0]}")
        for what, value, unit, goal, met in module.run():
            missed += not met
            verdict = "" if not goal else f"goal {goal}: {'met' if met else 'MISSED'}"
            print(f"  {what:<60}{value:>12.4g} {unit:<5}{verdict}")
    return missed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
