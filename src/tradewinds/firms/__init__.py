"""Heterogeneous firms and trade, and tools for plant data (Melitz and Trefler 2012)."""
