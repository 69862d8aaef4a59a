"""Neural models of music that run on this machine, behind the contract of a generator."""
