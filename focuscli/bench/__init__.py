"""Measurements that can be repeated: `python -m focuscli.bench NAME [--json]`."""
