"""Every error ends in a code of the one table, and says what to do in words of its own."""

from collections.abc import Iterator

from focuscli import errors
from focuscli.errors import EXIT_CODE_MEANINGS, ExitCode, FocusError


def _tree(kind: type[FocusError]) -> Iterator[type[FocusError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


def test_every_exit_code_has_a_meaning() -> None:
    assert set(EXIT_CODE_MEANINGS) == set(ExitCode)


def test_every_error_has_a_code_word_of_its_own() -> None:
    words = [kind.code for kind in _tree(FocusError) if "code" in vars(kind)]
    assert len(words) == len(set(words))


def test_the_tree_drawn_at_the_top_names_every_error_with_its_exit_code() -> None:
    lines = [line.strip(" │├└─").split() for line in (errors.__doc__ or "").splitlines()]
    drawn = {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}
    assert {kind.__name__: kind.exit_code for kind in _tree(FocusError)} == drawn


def test_an_error_keeps_its_hint_and_trace() -> None:
    error = errors.LimitReached("too many", hint="wait", request_id="req_1", retry_after_s=3.0)
    assert (str(error), error.hint, error.request_id, error.retry_after_s) == ("too many", "wait", "req_1", 3.0)
