"""Goods of :mod:`tradewinds.growth.young` integrated by quadrature from unit costs: what checks the explicit integrals of a day."""

from __future__ import annotations

from typing import Any

import numpy as np

from tradewinds.growth.young_parameters import YoungParameters

__all__ = ["integrals"]

_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(40)


def integrals(p: YoungParameters, wage: Any, prices: Any) -> tuple[Any, Any, Any, Any]:
    """Return workers by maker, of them in goods that teach, spending by maker and buyer (a head), and utility by buyer.

    Quadrature between all kinks: knowledge, where makers change, and where buyers stop.
    """
    made, learnt, spent, utility = np.zeros(2), np.zeros(2), np.zeros((2, 2)), np.zeros(2)
    markets = [(0, 1)] if p.trade else [(0,), (1,)]
    for makers in markets:
        log_low = [np.log(p.scale * wage[i]) for i in makers]
        knowledge = [p.knowledge[i] for i in makers]
        for buyer in makers:
            kinks = list(knowledge)
            for c, t in zip(log_low, knowledge, strict=True):
                kinks += [c - np.log(prices[buyer]), 2 * t + np.log(prices[buyer]) - c]
            if p.trade:
                low, high = np.argsort(knowledge)
                kinks.append(knowledge[low] + (log_low[high] - log_low[low]) / 2)
            edges = np.unique(kinks)
            middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
            goods = middle[:, np.newaxis] + half[:, np.newaxis] * _POINTS
            weights = half[:, np.newaxis] * _WEIGHTS
            costs = np.array([c - t + np.abs(goods - t) for c, t in zip(log_low, knowledge, strict=True)])
            cheapest = costs.min(axis=0)
            # where both are as cheap, goods that taught the laggard are its own; the corners then share out the rest
            low, high = int(np.argmin(knowledge)), int(np.argmax(knowledge))
            first = (costs[low] < costs[high] - 1e-12) | (
                (costs[low] <= costs[high] + 1e-12) & (goods < knowledge[low])
            )
            maker = np.where(first, low, high) if p.trade else 0 * goods
            bought = np.maximum(prices[buyer] - np.exp(cheapest), 0.0) * weights
            utility[buyer] += np.sum(np.maximum(np.log(prices[buyer]) - cheapest, 0.0) * weights)
            for k, i in enumerate(makers):
                mine = maker == k
                heads = p.labour[buyer] / wage[i]
                spent[i, buyer] += np.sum(bought[mine])
                made[i] += heads * np.sum(bought[mine])
                learnt[i] += heads * np.sum(bought[mine & (goods > knowledge[k])])
    return made, learnt, spent, utility
