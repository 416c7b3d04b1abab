"""Replicate Hanlon (2012): solve, ask, grade, and hand over the pages."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tradewinds.clusters import DEFINITIONS
from tradewinds.plotting import to_svg
from tradewinds.replications.collect import Replication
from tradewinds.replications.hanlon.figures import figures
from tradewinds.replications.hanlon.general import SEED, judge_general
from tradewinds.replications.hanlon.page import TITLE, abstract, build_report, differences
from tradewinds.replications.hanlon.statements import judge_statements, overtaking
from tradewinds.replications.hanlon.worlds import HORIZON, SIGMAS, World, solve_world
from tradewinds.replications.targets import Computed, downgraded, read_targets, score
from tradewinds.report import Findings, PaperPage, ParameterRecord, tidy_frame

__all__ = ["computed_numbers", "run"]

Key = tuple[str, str, str]


def run(progress: Callable[[int, int], None] | None = None) -> Replication:
    """Return everything the replication found.

    Parameters
    ----------
    progress : callable, optional
        Called with units of work done and wanted: the elasticities, the random economies, the pages.

    Raises
    ------
    ConvergenceError
        If a path does not satisfy its equations.
    """
    done, total = 0, len(SIGMAS) + 2

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, total)

    targets = read_targets("hanlon")
    worlds = {}
    for label, sigma in SIGMAS.items():
        worlds[label] = solve_world(sigma)
        step()
    general, propositions = judge_general()
    step()
    board = score("hanlon", targets, computed_numbers(worlds, general))
    made = figures(worlds)
    failed = downgraded(targets, board)
    drawn = to_svg(propositions.plot())
    report = build_report(board, worlds, propositions, made, drawn, _parameters(), failed)
    step()
    return Replication(
        page=PaperPage("hanlon", TITLE, "hanlon/report.html", "", abstract(board), differences()),
        scoreboard=board,
        findings=Findings(
            report,
            _results(worlds),
            figures={**{name: svg for name, (_, svg, _) in made.items()}, "propositions": drawn},
            tables={"events.csv": _events(worlds), "propositions.csv": propositions.tidy()},
            seed=SEED,
        ),
    )


def computed_numbers(worlds: dict[str, World], general: dict[Key, float]) -> dict[Key, Computed]:
    """Return what every statement comes to, with what is worth knowing about it."""
    found = {key: Computed(value) for key, value in {**judge_statements(worlds), **general}.items()}
    for label, world in worlds.items():
        key = ("Section 3.2", "Figure 4: autarky overtakes trade", label)
        found[key] = Computed(found[key].value, note=f"after {overtaking(world, 4):g} units of time")
    return found


def _parameters() -> list[ParameterRecord]:
    """Return the parameters of the figures, as far as they are numbers of their own."""
    sigma, labour = DEFINITIONS["sigma"], DEFINITIONS["labour"]
    return [
        ParameterRecord(
            symbol=sigma.symbol, name="sigma", value=", ".join(SIGMAS).replace("sigma = ", ""), unit=sigma.unit,
            source="Hanlon (2012), Figure 8: 4/3 and 4; assumed: 2, and all three for Figures 2 to 7", bounds=sigma.bounds,
        ),
        ParameterRecord(
            symbol=labour.symbol, name="labour", value="1 and 1", unit=labour.unit, source="implied by Hanlon (2012), Appendix D",
            bounds=labour.bounds,
        ),
    ]  # fmt: skip


def _results(worlds: dict[str, World]) -> pd.DataFrame:
    """Return incomes, technology and employment every ten units of time."""
    frames = []
    for label, world in worlds.items():
        for (figure, policy), path in world.paths.items():
            for time in range(0, int(HORIZON) + 1, 10):
                frame = path.equilibrium_at(float(time)).tidy(float(time))
                frames.append(frame.assign(figure=figure, policy=policy, elasticity=label))
    labels = ("figure", "policy", "elasticity", "country", "industry", "time")
    return tidy_frame(pd.concat(frames, ignore_index=True), labels)


def _events(worlds: dict[str, World]) -> pd.DataFrame:
    frames = [
        path.events_frame().assign(figure=figure, policy=policy, elasticity=label)
        for label, world in worlds.items()
        for (figure, policy), path in world.paths.items()
        if path.events
    ]
    return pd.concat(frames, ignore_index=True)
