"""Sections 5 and 7 of the manual: the settings file, and how scripts talk to the program."""

from focuscli.commands.recipes import RECIPES
from focuscli.commands.topics import AN_ERROR, EXIT_CODES_GROW, SCRIPTING
from focuscli.errors import EXIT_CODE_MEANINGS
from focuscli.folders import PROJECT_FILE
from focuscli.manual.pages import FILES, SOURCE, environment
from focuscli.manual.roff import Page, bold, italic
from focuscli.remotes import FIELDS
from focuscli.setting_table import TABLE
from focuscli.version import RELEASED

_ORDER = """
The file is TOML. A setting stands in it as name = value; focus config set writes it there and leaves comments and
everything else as they were, focus config edit opens the file, and focus config list shows every setting with its
value and what set it.

An option beats a variable, which beats a project's {project_file}, which beats your own file, which beats the
default. A value that cannot be used stops the program, which names all of them at once. A key that is no setting is
pointed out with the nearest one.
"""
_PROJECT = """
A {project_file} in the working folder or above it, up to the top of the repository, comes with somebody's project.
Only what can do no harm is taken from it: {harmless}. It never says where sessions and keys go, which device is
opened or what program runs; whatever else it sets is ignored, and focus config list says so.
"""
_REMOTES = """
A table [remotes.NAME] gives an engine elsewhere a name, by which --remote, FOCUS_REMOTE and the setting remote call
it. It is worth as much as the place that names it: with --remote NAME its organization beats FOCUS_ORGANIZATION,
and with remote = NAME in the file it does not.
"""
_KEYS = """
Keys are no settings. focus auth login keeps one for each host in a file that only its owner can read, or in the
system's keyring; a file that others can get at is refused. A key is sent to the host it was kept for, and to no
other.
"""
_BUCKETS = """
With the extra team (pip install "focus-sessions[team]") an engine keeps its audio in the bucket that the setting
objects names: s3://BUCKET/PREFIX (and whatever speaks that protocol), gs://BUCKET/PREFIX or az://CONTAINER/PREFIX. Its
render processes put their audio there themselves, under names that are made once.

Credentials come from the environment of the engine and of its render processes, and from nowhere else: for S3
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and AWS_ENDPOINT_URL (plain http only with
AWS_ALLOW_HTTP=true), or a web identity, the container's or the machine's role; for GCS GOOGLE_SERVICE_ACCOUNT (a file)
or the machine's account; for Azure AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY, or a managed identity.
They need the rights to get, put, delete and list below the prefix.

Listeners fetch from the bucket itself, by URLs that it signs for url_ttl seconds; no API key ever goes there. On S3 a
URL ends with the credentials it was signed with, so it is made no longer than these last: as
AWS_CREDENTIAL_EXPIRATION says beside a session token, and 270 seconds at most where credentials renew themselves.
GCS takes an RSA signature for each URL, some 2 ms
of a core.

Players ask a bucket by https at its usual port only. Where only the engine can reach the bucket, set media_from to
engine, and it serves the audio itself.

A prefix belongs to one deployment, whose mark is the object deployment in it: engines of one team share what they
sign URLs with. Audio goes by retention and engine_quota; what nobody knows of goes when it is an hour old. Lifecycle
rules are not needed, and one that removes audio earlier loses tracks. To move, copy the engine's folder objects to
the prefix while no engine runs: the names are the same. While the bucket cannot be reached, starts are refused with
503 and nothing is lost.
"""


def config_page() -> str:
    """focus-config(5)."""
    page = Page("focus-config", 5, RELEASED, SOURCE, "File Formats", "settings of focus")
    page.section("SYNOPSIS")
    page.line(italic(FILES[0][0]))
    page.section("DESCRIPTION")
    page.prose(_ORDER.replace("{project_file}", PROJECT_FILE))
    page.section("SETTINGS")
    page.items(
        (f"{bold(row.name)} ({bold(row.variable)})", f"{row.help}. Default: {row.default or 'empty'}.") for row in TABLE
    )
    page.section("REMOTES")
    page.prose(_REMOTES)
    page.items((bold(name), meaning) for name, meaning in FIELDS.items())
    page.section("PROJECTS")
    harmless = ", ".join(row.name for row in TABLE if row.harmless)
    page.prose(_PROJECT.replace("{harmless}", harmless).replace("{project_file}", PROJECT_FILE))
    page.section("KEYS")
    page.prose(_KEYS)
    page.section("AUDIO IN A BUCKET")
    page.prose(_BUCKETS)
    page.section("FILES")
    page.items((italic(name), meaning) for name, meaning in FILES)
    page.section("EXAMPLES")
    page.example(
        [
            'goal = "relax"',
            "minutes = 45",
            'remote = "studio"',
            "",
            "[remotes.studio]",
            'url = "https://api.aitronos.com"',
            'organization = "org_abc123"',
        ]
    )
    page.see_also([("focus", 1), ("focus-config", 1), ("focus-auth", 1)])
    return page.written()


def scripting_page() -> str:
    """focus-scripting(7), of what `focus help scripting` is made of."""
    page = Page("focus-scripting", 7, RELEASED, SOURCE, "Miscellaneous", "how scripts talk to focus")
    page.section("DESCRIPTION")
    page.paragraphs(SCRIPTING)
    page.section("EXIT STATUS")
    page.paragraphs([EXIT_CODES_GROW])
    page.items((bold(str(int(code))), f"{meaning}.") for code, meaning in EXIT_CODE_MEANINGS.items())
    page.section("ERRORS")
    page.paragraphs(
        ["With --json an error is one line of JSON on stderr; the word in code is as stable as the number:"]
    )
    page.example(AN_ERROR)
    page.section("ENVIRONMENT")
    environment(page)
    page.section("EXAMPLES")
    for recipe in RECIPES:
        page.items([(bold(recipe.title), f"In {recipe.file}:" if recipe.file else "In a shell:")])
        page.example(recipe.text.rstrip().splitlines())
    page.see_also([("focus", 1), ("focus-config", 5), ("jq", 1)])
    return page.written()
