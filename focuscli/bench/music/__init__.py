"""The music laboratory: takes of every goal, judged by what the music is meant to be."""

from focuscli.bench.music.command import add_options, run

__all__ = ["add_options", "run"]
