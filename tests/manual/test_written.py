"""The files in completions/ and man/ are those that the program would write now: `python -m focuscli.manual`."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import typer

from focuscli.commands.recipes import RECIPES
from focuscli.commands.topics import SCRIPTING, text, variables
from focuscli.completion.tree import read_tree
from focuscli.errors import ExitCode
from focuscli.main import VERBS, run
from focuscli.manual.__main__ import FOLDERS, generated, tree, write
from focuscli.manual.roff import escaped
from focuscli.manual.tldr import EXAMPLES
from focuscli.setting_table import TABLE
from focuscli.view.keys import KEYS

ROOT = Path(__file__).parent.parent.parent
FILES = generated()
PAGES = sorted(path for path in FILES if path.startswith("man/man"))


def test_every_file_is_as_the_program_would_write_it() -> None:
    committed = {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
        for name in FOLDERS
        for file in (ROOT / name).rglob("*")
        if file.is_file()
    }
    stale = {path for path in committed.keys() | FILES.keys() if committed.get(path) != FILES.get(path)}
    assert not stale, "write them anew: python -m focuscli.manual"


def test_writing_them_removes_what_is_no_more(tmp_path: Path) -> None:
    old = tmp_path / "man" / "man1" / "focus-dance.1"
    old.parent.mkdir(parents=True)
    old.touch()
    assert write(tmp_path) == [old]
    assert not old.exists()
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file()} == set(FILES)


def test_every_command_has_its_page() -> None:
    assert {f"man/man1/focus-{name}.1" for name in VERBS} <= FILES.keys()
    assert "man/man1/focus-engine-logs.1" in FILES


def test_the_tables_are_in_the_pages() -> None:
    for code in ExitCode:
        assert f"\\fB{int(code)}\\fR" in FILES["man/man1/focus.1"]
        assert f"\\fB{int(code)}\\fR" in FILES["man/man7/focus-scripting.7"]
    for row in TABLE:
        assert f"\\fB{row.name}\\fR (\\fB{row.variable}\\fR)" in FILES["man/man5/focus-config.5"]
    for key in KEYS:
        assert key.help.replace("-", "\\-") in FILES["man/man1/focus-watch.1"].replace("\n", " ")
    for heading in ("EXAMPLES", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO"):
        assert f".SH {heading}" in FILES["man/man1/focus.1"]


def test_scripting_is_told_in_one_way_in_the_manual_and_in_the_help() -> None:
    page = FILES["man/man7/focus-scripting.7"]
    words = re.sub(r"\\f[BIR]|\\(?=-)", "", page.replace("\\(aq", "'").replace("\\(ti", "~").replace("\n", " "))
    told = " ".join(text("scripting").split())
    for paragraph in SCRIPTING:
        assert paragraph in words
        assert paragraph in told
    for recipe in RECIPES:
        for line in filter(None, recipe.text.splitlines()):
            assert escaped(line) in page.splitlines()
    assert all(f"\\fB{name}\\fR" in page for name in variables())


@pytest.mark.parametrize(
    ("tool", "words"), [("mandoc", ["-Tlint", "-Wstyle"]), ("groff", ["-man", "-ww", "-z", "-Tutf8"])]
)
def test_the_linters_of_man_pages_are_silent(tool: str, words: list[str]) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"needs {tool} (Debian: mandoc groff)")
    pages = [ROOT / page for page in PAGES]
    done = subprocess.run([tool, *words, *pages], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_linter_would_speak_up(tmp_path: Path) -> None:
    if shutil.which("mandoc") is None:
        pytest.skip("needs mandoc (Debian: mandoc)")
    page = tmp_path / "bad.1"
    page.write_text(FILES["man/man1/focus.1"].replace(".SH NAME", ".SX NAME"))
    assert subprocess.run(["mandoc", "-Tlint", page], capture_output=True, check=False).stdout


def test_no_help_text_can_become_a_request_or_a_wrong_character() -> None:
    from focuscli.manual.roff import Page

    page = Page("x", 1, "2026-01-01", "x", "x", "Does this.")
    page.paragraphs([".sh evil", "'quoted' `tick` \\n a-b ~ ^ …"])
    lines = page.written().splitlines()
    assert "\\&.sh evil" in lines
    assert "\\(aqquoted\\(aq \\(gatick\\(ga \\en a\\-b \\(ti \\(ha \\[u2026]" in lines


def test_the_tldr_page_keeps_the_rules_of_its_collection() -> None:
    lines = FILES["man/tldr.md"].splitlines()
    assert lines[0] == "# focus"
    assert 1 <= len(EXAMPLES) <= 8
    assert sum(line.startswith("- ") for line in lines) == sum(line.startswith("`") for line in lines) == len(EXAMPLES)
    for what, line in EXAMPLES:
        assert re.fullmatch(r"[A-Z][^:.]*[^.:]", what), what
        assert line.startswith("focus ")


@pytest.mark.parametrize("line", [line for _, line in EXAMPLES])
def test_what_the_tldr_page_says_can_be_typed(line: str) -> None:
    import shlex

    words = shlex.split(line.replace("{{", "").replace("}}", ""))[1:]
    command = next(one for one in tree().walk() if one.key == words[0])
    known = {name: option for option in command.options for name in option.names}
    for option in (word for word in words if word.startswith("-")):
        assert option in known, line
    assert run([*words[:1], "--help"]) == ExitCode.OK


def test_the_generator_follows_the_tree_by_itself() -> None:
    app = typer.Typer()

    @app.command()
    def dance(speed: int = typer.Option(3, "--speed", help="How fast.")) -> None:
        """Dance."""

    @app.command(hidden=True)
    def secret() -> None:
        """Nobody knows."""

    root = typer.main.get_command(app)
    read = read_tree(root, typer.Context(root, info_name="focus"))
    (child,) = read.children
    assert child.key == "dance"
    assert next(option for option in child.options if "--speed" in option.names).metavar == "N"


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the data of the wheel are put as an installer does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    (data,) = folder.glob("*.data/data")
    (data / "bin").mkdir()
    return data


def test_the_wheel_brings_them_to_where_shells_look(prefix: Path) -> None:
    for path, source in {
        "share/bash-completion/completions/focus": "completions/focus.bash",
        "share/zsh/site-functions/_focus": "completions/_focus",
        "share/fish/vendor_completions.d/focus.fish": "completions/focus.fish",
        "share/focus-sessions/focus.ps1": "completions/focus.ps1",
    }.items():
        assert (prefix / path).read_text(encoding="utf-8") == FILES[source]


def test_man_finds_the_pages_when_the_programs_folder_is_on_path(prefix: Path) -> None:
    if shutil.which("man") is None:
        pytest.skip("needs man (Debian: man-db)")
    environment = {"PATH": f"{prefix / 'bin'}:/usr/bin:/bin", "HOME": str(prefix)}
    for words, page in {
        ("focus",): "man1/focus.1",
        ("focus", "watch"): "man1/focus-watch.1",
        ("5", "focus-config"): "man5/focus-config.5",
        ("focus-scripting",): "man7/focus-scripting.7",
    }.items():
        done = subprocess.run(["man", "-w", *words], env=environment, capture_output=True, text=True, check=True)
        assert Path(done.stdout.split()[0]) == prefix / "share/man" / page
