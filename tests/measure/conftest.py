"""Slow, obvious versions of the measurement room: loops over one series, written from the papers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import SimpleNamespace

import pytest


def average_growth(series: Sequence[float], first: int, last: int, kind: str) -> float:
    """Average annual growth from position ``first`` to ``last``."""
    rates = []
    for t in range(first + 1, last + 1):
        if kind == "log":
            rates.append(math.log(series[t] / series[t - 1]))
        else:
            rates.append(series[t] / series[t - 1] - 1)
    return sum(rates) / len(rates)


def stock_path(
    flow: Sequence[float], rate: float, growth: float, *, add: float = 0.0, timing: str = "start"
) -> list[float]:
    """(B.1) and (C.1) of Keller (1997) for timing "start"; the same at the end of the year."""
    if timing == "start":
        stock = [flow[0] / (growth + rate + add)]
        for t in range(1, len(flow)):
            stock.append((1 - rate) * stock[t - 1] + flow[t - 1])
    else:
        stock = [flow[0] * (1 + growth) / (growth + rate + add)]
        for t in range(1, len(flow)):
            stock.append((1 - rate) * stock[t - 1] + flow[t])
    return stock


def inventory(
    flow: Sequence[float],
    rate: float,
    *,
    growth_of: str = "flow",
    kind: str = "log",
    window: tuple[int, int] | None = None,
    add: float = 0.0,
    timing: str = "start",
) -> tuple[list[float], float]:
    """Stock and benchmark growth of one series; a stock's own growth by iterating until nothing changes."""
    first, last = window or (0, len(flow) - 1)
    if growth_of == "flow":
        growth = average_growth(flow, first, last, kind)
        return stock_path(flow, rate, growth, add=add, timing=timing), growth
    growth = 0.5
    for _ in range(5_000):
        stock = stock_path(flow, rate, growth, add=add, timing=timing)
        following = average_growth(stock, first, last, kind)
        if following == growth:
            break
        growth = following
    return stock_path(flow, rate, growth, add=add, timing=timing), growth


def tornqvist(labour: Sequence[float], capital: Sequence[float], share: Sequence[float]) -> list[float]:
    """(C.5) of Keller (1997), term by term."""
    growth = []
    for t in range(1, len(labour)):
        by_labour = 0.5 * (share[t] + share[t - 1]) * math.log(labour[t] / labour[t - 1])
        by_capital = 0.5 * ((1 - share[t]) + (1 - share[t - 1])) * math.log(capital[t] / capital[t - 1])
        growth.append(by_labour + by_capital)
    return growth


def tfp(
    output: Sequence[float],
    labour: Sequence[float],
    capital: Sequence[float],
    share: Sequence[float],
    *,
    base: float = 100.0,
    base_year: int = 0,
) -> list[float]:
    """Index of TFP, cumulated year by year and rescaled to the base year."""
    inputs = tornqvist(labour, capital, share)
    index = [1.0]
    for t in range(1, len(output)):
        index.append(index[-1] * output[t] / output[t - 1] / math.exp(inputs[t - 1]))
    return [base * value / index[base_year] for value in index]


@pytest.fixture(scope="session")
def twins() -> SimpleNamespace:
    return SimpleNamespace(inventory=inventory, tornqvist=tornqvist, tfp=tfp)
