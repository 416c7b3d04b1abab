"""The paper's model as a grid of firms that search for their best price and choice: slow, and blind to every closed form."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq


def profit(cost, choke, t, S=1.0, b=1.0):
    home = S * b / 4 * np.maximum(choke - cost, 0) ** 2
    return home + S * b / 4 * np.maximum(choke - t - cost, 0) ** 2


class Twin:
    """Firms at the midpoints of ``points`` equal ranges of cost."""

    def __init__(self, t, S=1.0, b=1.0, cmax=1.5, f=1 / 18, innovation=None, points=200_001):
        self.t, self.S, self.b, self.cmax, self.f = t, S, b, cmax, f
        self.c = (np.arange(points) + 0.5) * cmax / points
        self.innovation = innovation
        self.choke = brentq(lambda c: self.earned(c).mean() - f, 1e-6, 50)
        after = self.after(self.choke)
        home, away = after < self.choke, after < self.choke - t
        prices = np.concatenate([(self.choke + after[home]) / 2, (self.choke + after[away] + t) / 2])
        # entrants so that the choke price is mean price + 1 / (b n)
        n = 1 / (b * (self.choke - prices.mean()))
        self.entrants = n * points / len(prices)
        self.domestic_sellers, self.foreign_sellers = n * home.sum() / len(prices), n * away.sum() / len(prices)
        self.mean_price = prices.mean()
        q = S * b / 2 * np.maximum(self.choke - after, 0)
        x = S * b / 2 * np.maximum(self.choke - t - after, 0)
        per = self.entrants / points
        self.output = per * (q + x).sum()
        self.import_share = x.sum() / (q + x).sum()
        self.output_weighted_cost = ((q + x) * after).sum() / (q + x).sum()
        self.output_weighted_log_productivity = -((q + x) * np.log(np.abs(after))).sum() / (q + x).sum()

    def earned(self, choke):
        plain = profit(self.c, choke, self.t, self.S, self.b)
        if self.innovation is None:
            return plain
        cost, fall = self.innovation
        return np.maximum(plain, profit(self.c - fall, choke, self.t, self.S, self.b) - cost)

    def after(self, choke):
        if self.innovation is None:
            return self.c
        cost, fall = self.innovation
        gain = profit(self.c - fall, choke, self.t, self.S, self.b) - profit(self.c, choke, self.t, self.S, self.b)
        return np.where(gain > cost, self.c - fall, self.c)
