"""Grossman and Helpman (2015): every mechanism of the survey solved, every statement about one put to it."""
