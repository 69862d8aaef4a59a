"""Manual pages and completion scripts, written from the tree of commands and the tables behind it."""
