"""Replication of Melitz and Trefler (2012), Gains from Trade when Firms Matter: claims, figures, the account of Table 2."""
