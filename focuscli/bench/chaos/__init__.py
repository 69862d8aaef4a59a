"""Chaos: a team's engines, workers, scheduler and database on networks of their own, and what is done to them."""

from focuscli.bench.chaos.command import add_options, run

__all__ = ["add_options", "run"]
