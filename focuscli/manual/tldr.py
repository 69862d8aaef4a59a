"""The page for tldr: eight examples at most, in the form that its collection asks for."""

from focuscli.completion.tree import Command

EXAMPLES = (
    ("Start a session to focus and listen to it", "focus start --watch"),
    ("Start a session for a purpose and a length", "focus start --goal {{sleep}} --minutes {{90}}"),
    ("Start a session from a description", 'focus start --prompt "{{slow rainy piano}}"'),
    ("Listen to the newest session until it falls silent", "focus watch --sleep {{45m}}"),
    ("Pause what is playing, from another shell", "focus pause"),
    ("Show what is ready, for scripts", "focus status --json"),
    ("Write the newest session into a file", "focus export --to {{path/to/file.flac}}"),
    ("End the newest session", "focus end"),
)
"""What somebody wants, and what they type."""


def tldr_page(root: Command) -> str:
    """The page in Markdown."""
    head = f"# {root.path[0]}\n\n> {root.summary}\n> See also: `focus --help`.\n"
    return head + "".join(f"\n- {what}:\n\n`{line}`\n" for what, line in EXAMPLES)
