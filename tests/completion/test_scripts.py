"""The scripts are sound in the languages of their shells, and hold what the program's tree holds."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from focuscli.commands.invocation import _COLORS
from focuscli.commands.presets import PRESETS
from focuscli.completion.bourne import bash, zsh
from focuscli.completion.fish import fish
from focuscli.completion.shells import SCRIPTS, Shell
from focuscli.completion.tree import FIXED, Places, Values, tables
from focuscli.errors import ExitCode
from focuscli.main import run
from focuscli.manual.__main__ import tree
from focuscli.setting_table import TABLE
from focuscli.view.text import plain_ascii

PLACES = tables(tree())


def test_what_is_known_of_a_place_is_in_the_tables() -> None:
    assert [word for word, _ in PLACES.values["start --goal"].words] == [
        "focus",
        "relax",
        "sleep",
        "energize",
        "custom_prompt",
    ]
    assert PLACES.values["end 0"] == Values(live="sessions")
    assert PLACES.values["start --remote"] == PLACES.values["--remote"] == Values(live="remotes")
    assert PLACES.values["export --to"] == Values(files=True)
    assert dict(PLACES.values["config set 0"].words) == {row.name: row.help for row in TABLE}
    assert PLACES.values["start --prompt"] == Values()
    assert "start --watch" not in PLACES.values
    assert "__complete" not in dict(PLACES.children[""])


def test_words_that_are_written_out_here_are_those_that_are_taken() -> None:
    assert tuple(word for word, _ in FIXED["WHEN"]) == _COLORS
    assert tuple(word for word, _ in FIXED["F"]) == tuple(PRESETS)


def test_a_value_has_a_word_for_it() -> None:
    words = {name: option.metavar for command in tree().walk() for option in command.options for name in option.names}
    assert (words["--intensity"], words["--seed"], words["--tls-cert"]) == ("INTENSITY", "N", "FILE")


@pytest.mark.parametrize("shell", Shell)
def test_every_command_and_option_is_in_every_script(shell: Shell) -> None:
    script = SCRIPTS[shell].write(PLACES)
    for words in (*PLACES.children.values(), *PLACES.options.values()):
        for word, _ in words:
            assert f"'{word}" in script


@pytest.mark.parametrize("shell", Shell)
def test_the_command_prints_the_committed_file(capsys: pytest.CaptureFixture[str], shell: Shell) -> None:
    script = (Path(__file__).parent.parent.parent / "completions" / SCRIPTS[shell].file).read_text(encoding="utf-8")
    assert run(["completion", shell]) == ExitCode.OK
    assert capsys.readouterr().out == script
    assert run(["completion", shell, "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["script"] == script


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_shell_finds_no_fault_in_it(name: str, tmp_path: Path) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"needs {name} (Debian: {name})")
    file = tmp_path / "script"
    file.write_text(SCRIPTS[Shell(name)].write(PLACES))
    done = subprocess.run([name, "-n", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _tree(script: str) -> Any:
    """The script as a grammar of PowerShell sees it."""
    import tree_sitter
    import tree_sitter_powershell

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    return parser.parse(script.encode()).root_node


def _nodes(root: Any, *types: str) -> Iterator[Any]:
    """All nodes in the order of the text, or those of these types."""
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if not types or node.type in types:
            yield node
        nodes += reversed(node.children)


def _texts(root: Any, *types: str) -> list[str]:
    return [node.text.decode() for node in _nodes(root, *types)]


def _faults(script: str) -> list[str]:
    """What the grammar finds wrong."""
    wrong = (node for node in _nodes(_tree(script)) if node.type == "ERROR" or node.is_missing)
    return [f"{node.start_point}: {node.text!r}" for node in wrong]


POWERSHELL = SCRIPTS[Shell.POWERSHELL].write(PLACES)
CMDLETS = {"Register-ArgumentCompleter", "Where-Object", "Select-Object", "ForEach-Object"}
"""Those of 5.1 that are used."""


def test_powershell_is_asked_for_nothing_that_it_does_not_have() -> None:
    tree = _tree(POWERSHELL)
    assert set(_texts(tree, "command_name")) == CMDLETS
    looped = [node.children[2].text.decode() for node in _nodes(tree, "foreach_statement")]
    given = {*_texts(tree, "left_assignment_expression", "script_parameter"), *looped}
    assert set(_texts(tree, "variable")) - given <= {"$_", "$Matches", "$true", "$false", "$null"}
    assert POWERSHELL.isascii()


def test_the_tables_of_powershell_read_back_as_the_programs_tree() -> None:
    read: dict[str, list[list[str]]] = {}
    for entry in _nodes(_tree(POWERSHELL), "hash_entry"):
        key, *words = [text[1:-1].replace("''", "'") for text in _texts(entry, "verbatim_string_characters")]
        read.setdefault(key, []).append(words)
    expected: dict[str, list[list[str]]] = {}
    for table in (PLACES.children, PLACES.options, {key: values.words for key, values in PLACES.values.items()}):
        for key, pairs in table.items():
            if pairs:
                expected.setdefault(key, []).append([plain_ascii(one) for pair in pairs for one in pair])
    for key, values in PLACES.values.items():
        if values.live:
            expected.setdefault(key, []).append([values.live])
    assert read == expected


def test_the_script_of_powershell_is_powershell() -> None:
    assert _faults(POWERSHELL) == []
    assert _faults(POWERSHELL.replace("$pairs = @()", "$pairs = @(")) != []


def test_no_two_places_are_one_to_powershell_whose_tables_know_no_case() -> None:
    for keys in (PLACES.children, PLACES.options, PLACES.values):
        assert len({key.lower() for key in keys}) == len(keys)


AWKWARD = 'it\'s \\ a "b" $(touch x) `touch x` %s'
ODD = Places({"": (("one", AWKWARD), ("two", "plain"))}, {"": (("--odd", AWKWARD),)}, {"0": Values()})
_PRINTED = {
    "bash": "source {file}; found=(); __focus_children ''; printf '%s\\n' \"${{found[@]}}\"",
    "zsh": "compdef() {{}}; source {file}; found=(); __focus_children ''; print -rl -- $found",
    "fish": "source {file}; __focus_children ''",
}


@pytest.mark.parametrize("name", _PRINTED)
def test_a_description_arrives_as_it_was_written(name: str, tmp_path: Path) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"needs {name} (Debian: {name})")
    file = tmp_path / "script"
    file.write_text({"bash": bash, "zsh": zsh, "fish": fish}[name](ODD))
    done = subprocess.run(
        [name, "-c", _PRINTED[name].format(file=file)], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout == f"one\t{AWKWARD}\ntwo\tplain\n"
    assert not (tmp_path / "x").exists()
