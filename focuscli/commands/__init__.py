"""What people type: one verb a file, loaded when it is asked for."""
