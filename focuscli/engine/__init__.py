"""The engine: sessions in, rendered segments out, over HTTP."""
