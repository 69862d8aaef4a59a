"""Where in the spectrum a sound has its power: measured, and drawn."""
