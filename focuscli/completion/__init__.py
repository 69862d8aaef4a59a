"""What shells complete: the program's own tree, written as each shell reads it, and the ids that only a look tells."""
