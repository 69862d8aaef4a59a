"""How loud a sound is, how high it peaks between the samples, and how it is kept below a ceiling."""
