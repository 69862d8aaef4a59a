"""What the program asks of the desktop around it; where there is none, nothing is missing."""
