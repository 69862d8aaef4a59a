"""The noise room: coloured noise and weather as a function of session time, without a clock, a file or a thread."""
