"""Shaping blocks of sound: number formats and files."""
