"""`python -m focuscli.bench NAME …`: run the measurement of that name."""

import importlib
import pkgutil
import sys

import focuscli.bench


def main(arguments: list[str]) -> int:
    """Run one measurement; without a name that exists, list them all."""
    names = sorted(module.name for module in pkgutil.iter_modules(focuscli.bench.__path__) if module.name[0] != "_")
    if not arguments or arguments[0] not in names:
        print(f"usage: python -m focuscli.bench {{{','.join(names)}}} …", file=sys.stderr)
        return 2
    code: int = importlib.import_module(f"focuscli.bench.{arguments[0]}").main(arguments[1:])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
