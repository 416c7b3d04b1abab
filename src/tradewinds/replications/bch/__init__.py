"""Replication of Bayoumi, Coe and Helpman (1996), "R&D spillovers and global growth", NBER working paper 5628."""
