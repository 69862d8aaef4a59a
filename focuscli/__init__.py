"""Endless music for working, resting, sleeping and moving, from the terminal."""
