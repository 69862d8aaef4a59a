"""The outputs there are: devices, files, pipes, and none."""
