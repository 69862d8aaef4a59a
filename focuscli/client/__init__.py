"""The engine's API as seen from the listener's side: this machine's engine and a remote one alike."""
