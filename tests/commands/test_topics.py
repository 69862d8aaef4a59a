"""The topics are made of the tables that the program itself goes by."""

import pytest

from focuscli.commands.formatting import FIELDS, HELPERS
from focuscli.commands.recipes import RECIPES
from focuscli.commands.topics import ENVIRONMENT, TOPICS, text
from focuscli.errors import ExitCode
from focuscli.setting_table import TABLE
from focuscli.view.keys import KEYS
from tests.commands.conftest import Focus

COPIED = {line for recipe in RECIPES for line in recipe.text.splitlines()}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_plain_text_that_fits(focus: Focus, topic: str) -> None:
    told = focus("help", topic)
    assert (told.code, told.err, told.out) == (ExitCode.OK, "", f"{text(topic)}\n")
    numbered = ("1.", "2.", "3.", "4.", "5.", "6.")
    assert [
        line
        for line in told.out.splitlines()
        if len(line) > 80 and line.strip() not in COPIED and line[:2] not in numbered
    ] == []


def test_they_leave_nothing_of_their_tables_out() -> None:
    assert all(f"  {int(code)} " in text("exit-codes") for code in ExitCode)
    assert all(setting.variable in text("environment") for setting in TABLE)
    assert all(f"  {setting.name} " in text("config") for setting in TABLE)
    assert all(name in text("environment") for name in ENVIRONMENT)
    assert all(key.help in text("keys") for key in KEYS)
    assert all(f"  {name} " in text("formatting") for name in [*FIELDS, *HELPERS, "default"])


def test_without_a_word_the_topics_are_listed(focus: Focus) -> None:
    told = focus("help").out
    assert all(f"focus help {topic}" in told for topic in TOPICS)


@pytest.mark.parametrize("words", [["start"], ["engine"], ["engine", "status"], ["engine", "key", "list"]])
def test_a_command_has_its_own_page(focus: Focus, words: list[str]) -> None:
    assert focus("help", *words).out.splitlines() == focus(*words, "--help").out.splitlines()


@pytest.mark.parametrize(
    ("words", "near"), [(["scriptin"], "scripting"), (["wacth"], "watch"), (["engine", "stat"], "status"), (["x"], "")]
)
def test_what_is_no_topic_is_told_with_the_nearest(focus: Focus, words: list[str], near: str) -> None:
    told = focus("help", *words)
    assert told.code == ExitCode.USAGE
    assert near in told.err
