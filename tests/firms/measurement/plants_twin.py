"""Slow, obvious decompositions: one plant at a time, in dictionaries, from the papers; and panels drawn at random."""

from __future__ import annotations

import numpy as np
import pandas as pd


def shares(plants: dict[int, tuple[float, float]]) -> dict[int, float]:
    total = sum(weight for _, weight in plants.values())
    return {i: weight / total for i, (_, weight) in plants.items()}


def aggregate(plants: dict[int, tuple[float, float]]) -> float:
    s = shares(plants)
    return sum(s[i] * phi for i, (phi, _) in plants.items())


def mean_and_covariance(plants: dict[int, tuple[float, float]]) -> tuple[float, float]:
    s = shares(plants)
    mean_phi = sum(phi for phi, _ in plants.values()) / len(plants)
    mean_s = 1 / len(plants)
    return mean_phi, sum((s[i] - mean_s) * (phi - mean_phi) for i, (phi, _) in plants.items())


def twin(
    before: dict[int, tuple[float, float]], after: dict[int, tuple[float, float]], method: str
) -> dict[str, float]:
    """Components of a method for plants given as plant -> (productivity, weight)."""
    stay = sorted(before.keys() & after.keys())
    enter, leave = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    s1, s2 = shares(before), shares(after)
    phi1 = {i: phi for i, (phi, _) in before.items()}
    phi2 = {i: phi for i, (phi, _) in after.items()}
    out = dict.fromkeys(("within", "between", "cross", "entry", "exit"), 0.0)
    if method == "olley-pakes":
        (m1, c1), (m2, c2) = mean_and_covariance(before), mean_and_covariance(after)
        return out | {"within": m2 - m1, "between": c2 - c1}
    if method == "melitz-polanec":
        survivors1, survivors2 = {i: before[i] for i in stay}, {i: after[i] for i in stay}
        (m1, c1), (m2, c2) = mean_and_covariance(survivors1), mean_and_covariance(survivors2)
        out |= {"within": m2 - m1, "between": c2 - c1}
        if sum(s2[i] for i in enter) > 0:
            group = {i: after[i] for i in enter}
            out["entry"] = sum(s2[i] for i in enter) * (aggregate(group) - aggregate(survivors2))
        if sum(s1[i] for i in leave) > 0:
            group = {i: before[i] for i in leave}
            out["exit"] = sum(s1[i] for i in leave) * (aggregate(survivors1) - aggregate(group))
        return out
    total1, total2 = aggregate(before), aggregate(after)
    reference = total1 if method == "foster-haltiwanger-krizan" else (total1 + total2) / 2
    for i in stay:
        dphi, ds = phi2[i] - phi1[i], s2[i] - s1[i]
        if method == "foster-haltiwanger-krizan":
            out["within"] += s1[i] * dphi
            out["between"] += ds * (phi1[i] - reference)
            out["cross"] += ds * dphi
        else:
            out["within"] += (s1[i] + s2[i]) / 2 * dphi
            out["between"] += ds * ((phi1[i] + phi2[i]) / 2 - reference)
    out["entry"] = sum(s2[i] * (phi2[i] - reference) for i in enter)
    out["exit"] = -sum(s1[i] * (phi1[i] - reference) for i in leave)
    return out


def draw(seed: int, plants: int = 40, years: int = 4) -> pd.DataFrame:
    """A panel with entry, exit, returns, changes of industry and of export status."""
    random = np.random.default_rng(seed)
    rows = []
    for plant in range(plants):
        born, gone = sorted(random.integers(0, years, 2))
        industry, phi = random.integers(0, 3), random.normal()
        for year in range(years):
            if born <= year <= gone and random.random() > 0.15:
                industry = random.integers(0, 3) if random.random() < 0.1 else industry
                phi += random.normal(0.05, 0.2)
                rows.append(
                    {
                        "plant": plant,
                        "year": 1990 + year,
                        "industry": f"3{industry}",
                        "productivity": phi,
                        "weight": float(random.integers(0 if random.random() < 0.1 else 1, 200)),
                        "exporter": int(random.random() < 0.3),
                    }
                )
    return pd.DataFrame(rows)


def as_dictionary(frame: pd.DataFrame, year: int) -> dict[int, tuple[float, float]]:
    rows = frame[frame["year"] == year]
    return {row.plant: (row.productivity, row.weight) for row in rows.itertuples()}
