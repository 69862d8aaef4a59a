"""Long measurements that are not tests: each a module with `main(arguments) -> exit code`."""
