"""What a listener sees: a live panel, plain lines, or JSON lines."""
