"""focus-engine(7): how an engine is run for a team, how it is watched, and what to do when a part of it fails."""

from focuscli.manual.pages import SOURCE
from focuscli.manual.roff import Page, bold, italic
from focuscli.organizations import FIELDS
from focuscli.version import RELEASED

_WHAT = """
The engine that focus starts by itself serves one user of one machine. The same program serves a team: focus engine
serve runs it in the foreground with a door for others, who come with keys of their own, over TLS. Everything below
is for whoever keeps such an engine; nobody needs it to listen.

There is always a door on loopback as well, in plain text and for the engine's own user alone: focus engine key, focus
engine status and focus engine stop use it. No option opens a door for others without encryption.
"""
_ONE = """
One machine, one engine, run by the system's own systemd as a user of its own. The unit reads its settings from
/etc/focus-sessions/engine.toml and its options from the variable FOCUS_SERVE in /etc/focus-sessions/environment, and
may write to /var/lib/focus-sessions alone.
"""
_ONE_LINES = (
    "useradd --system --home-dir /var/lib/focus-sessions --shell /usr/sbin/nologin focus-engine",
    "install -d -m 700 -o focus-engine /var/lib/focus-sessions; install -d /etc/focus-sessions",
    "echo 'FOCUS_SERVE=--behind-proxy --port 8080 --public-url https://focus.example.org' \\",
    "  > /etc/focus-sessions/environment; chmod 600 /etc/focus-sessions/environment",
    "echo 'rate_limit = 6000' > /etc/focus-sessions/engine.toml",
    "export FOCUS_HOME=/var/lib/focus-sessions    # for the lines with runuser below",
    "runuser -u focus-engine -- focus engine key create --organization org_team --name anna",
    "runuser -u focus-engine -- focus engine stop",
    "focus engine service --system > /etc/systemd/system/focus-engine.service",
    "systemctl daemon-reload; systemctl enable --now focus-engine",
)
_PAST_ONE = """
Past one machine: several engines behind any proxy, rendering on a Dask cluster, with state in Postgres and audio in a
bucket. The folder .deploy of the source repository holds all of it for docker compose: compose.yaml with two engines,
a scheduler, workers, Postgres, a bucket and nginx; engine.toml; environment.example, where secrets go;
certificates.sh, which makes what mutual TLS needs.

Engines behind one proxy share three things: the database (the setting store), the objects (the setting objects), and
the secret by which one of them knows a media URL that another one signed: signing_secret names a private file that
holds the same in each. Its keys change with the calendar, every thirty days; whoever replaces it makes all URLs that
are out invalid, and clients ask for new ones.
"""
_PAST_ONE_LINES = (
    "cd .deploy; cp environment.example environment; chmod 600 environment    # then put secrets in",
    "docker compose build",
    "docker compose run --rm engine-1 focus engine key create --organization org_team --name anna",
    "docker compose up -d",
    "docker compose up -d --scale worker=4",
)
_SETTINGS = """
focus engine serve --config FILE reads that file in place of the user's own. Every setting of focus-config(5) can stand
in it, or in a variable: FOCUS_CAP_MONTH=200. A value that cannot be used stops the start, and all of them are named at
once. A changed file counts from the next start on.
"""
_LIMITS = """
A key belongs to one user in one organization: focus engine key create --organization ID makes one and says it once,
list and revoke do what they say, and a change counts from the next request on. cap_day, cap_week and cap_month are
what every organization may spend, rate_limit what each key may ask in a minute, and organization_rate_limit what all
keys of an organization may ask together. A table gives one organization limits of its own; what it does not name is as
for all others:
"""
_LIMITS_LINES = ("[organizations.org_team]", "cap_month = 1000", 'cap_day = ""', "rate_limit = 120000")
_LIMITS_MORE = """
Spending is counted in the store, so caps hold however many engines there are. Requests are counted in the engine that
answers them: behind a proxy that spreads them over N engines, a limit lets up to N times as much through.
"""
_RENDERING = """
render_executor says who renders. Empty: processes of this machine, as many as slots says. dask://HOST:PORT or
tls://HOST:PORT: the workers of a Dask cluster, for which the extra team is needed here and on every machine of the
cluster (pip install 'focus-sessions[team]'). module:callable: whatever executor of concurrent.futures that callable
makes; slots says then how many segments it gets at once.

Whoever reaches a Dask scheduler can run code on its workers. Mutual TLS is therefore asked for wherever the scheduler
is not on loopback: render_tls_ca, render_tls_cert and render_tls_key are files in PEM, and scheduler and workers are
given the same kind with --tls-ca-file, --tls-cert and --tls-key. Keep the cluster in a network of its own as well.

A worker needs this package and nothing else: no settings, no key, no database. Only workers with exactly the engine's
version get segments, since the same seed must be the same music; the engine's log names each that is refused. Music is
made with one thread a process:
"""
_RENDERING_LINES = (
    "dask scheduler --protocol tls --port 8786 --no-dashboard TLS-OPTIONS",
    "dask worker tls://scheduler:8786 --protocol tls --nthreads 1 --nworkers 4 --no-dashboard \\",
    "  --preload focuscli.engine.dask_worker TLS-OPTIONS",
)
_RENDERING_MORE = """
A segment crosses the cluster as text alone, what to render and where its audio goes; the audio itself is put into the
objects by the worker. Engines and workers must therefore reach the same objects: a bucket, or a folder that is mounted
at the same place everywhere and keeps to POSIX renames. The queue stays in the store: an engine hands the cluster no
more than it can render at once, so a new session waits for what is being rendered and for nothing else.

Start scheduler and workers under something that starts them again: workers leave when their scheduler does. The
engines find a scheduler that came back by themselves.
"""
_HEALTH = """
Asked for without a key, at every door. A proxy should send nobody to an engine that is not ready.
"""
_HEALTH_ITEMS = (
    ("/v1/health", "200: this process answers. For restarting what hangs."),
    (
        "/v1/health/ready",
        "200; 503 while it leaves, or its store or objects cannot be reached. Without renderers: 200, degraded.",
    ),
    ("/v1/health/details", "200 with each component: store, objects, renderer."),
)
_METRICS = """
--metrics HOST:PORT opens one more door, in plain text, for Prometheus: /metrics and the health above, and nothing that
is anybody's. No label names an organization, a user, a session or a key. Its figures:
"""
METRICS = (
    ("focus_http_requests_total{method,code}", "Requests that were answered."),
    ("focus_http_request_duration_seconds", "Histogram. Alert where its 99th percentile passes 0.5 s."),
    (
        "focus_segments_total{outcome}",
        "Attempts: ready, late (and thrown away), lost (with the renderer), failed. Alert where failed grows.",
    ),
    ("focus_render_duration_seconds", "Histogram, from handing a segment over to its audio."),
    (
        "focus_segments_rendering, focus_render_slots",
        "In the renderers' hands, and how many fit. Alert where slots is 0.",
    ),
    ("focus_sessions_active", "Active sessions in the store: of all engines, where they share one."),
    (
        "focus_queue_segments, focus_queue_oldest_seconds",
        "Segments that wait for a renderer, and how long the oldest has; of all engines. Above 120 s: add workers.",
    ),
    ("focus_objects_free_bytes", "Room on the disk. Alert below 1 GiB."),
    ("focus_build_info, process_*", "Version, processor time, memory, start."),
)
_LOGS = """
log_format = "json" writes one JSON object a line to standard error: time, level, logger, message, and request_id for
what belongs to a request, the same as its answer's x-request-id. log_requests = "on" adds a line for each request with
method, path, status, ms and organization. Keys, signatures of URLs and what users asked for in words are left out of
every line.
"""
_LEAVING = """
SIGTERM, as systemctl stop and docker compose stop send it: the engine is not ready from then on, claims nothing more,
still answers, and lets what is being rendered finish, for as many seconds as the setting drain says; what is not done
then is given back to the store and rendered by somebody else. A second SIGTERM ends it at once, and so does SIGKILL:
neither loses what is ready, and leases run out by themselves. Give whoever stops it longer than drain (TimeoutStopSec,
stop_grace_period). To upgrade, replace workers and engines one after the other: an engine and a worker of different
versions do not work for each other, and sessions go on meanwhile with what is ready.
"""
_FAILURES = (
    ("a render process or a worker dies", "Its segment is rendered again by another one, at once."),
    ("a worker hangs", "After 15 s without a word its segment is given to another one; it gets none until it speaks."),
    (
        "a segment kills whoever renders it",
        "Three failures, or lost renderers from the tenth attempt on, end its session there; the log says so.",
    ),
    (
        "the scheduler dies",
        "Nothing is claimed until it is back; what was in hand is rendered again. Polls and playback go on.",
    ),
    (
        "an engine dies",
        "Its claims run out after the setting lease, and another engine takes them; late results are refused.",
    ),
    ("the store is gone", "Answers are 503, readiness too; clients play what they have and ask again."),
    (
        "the disk is full",
        "Nothing is rendered; sessions can be played and ended. It goes on by itself when there is room.",
    ),
    ("a cap is reached", "The organization's sessions become stopped_cap; what is ready can be played."),
)


def operations_page() -> str:
    """focus-engine(7)."""
    page = Page("focus-engine", 7, RELEASED, SOURCE, "Miscellaneous", "run the engine of focus for a team")
    page.section("DESCRIPTION")
    page.prose(_WHAT)
    page.section("ONE MACHINE")
    page.prose(_ONE)
    page.example(_ONE_LINES)
    page.section("MANY MACHINES")
    page.prose(_PAST_ONE)
    page.example(_PAST_ONE_LINES)
    page.section("SETTINGS")
    page.prose(_SETTINGS)
    page.section("KEYS AND LIMITS")
    page.prose(_LIMITS)
    page.example(_LIMITS_LINES)
    page.items((bold(field), f"{meaning}.") for field, meaning in FIELDS.items())
    page.after(_LIMITS_MORE)
    page.section("RENDERING")
    page.prose(_RENDERING)
    page.example(_RENDERING_LINES)
    page.after(_RENDERING_MORE)
    page.section("HEALTH")
    page.prose(_HEALTH)
    page.items((bold(path), meaning) for path, meaning in _HEALTH_ITEMS)
    page.section("FIGURES")
    page.prose(_METRICS)
    page.items((bold(name), meaning) for name, meaning in METRICS)
    page.section("LOG")
    page.prose(_LOGS)
    page.section("LEAVING AND UPGRADING")
    page.prose(_LEAVING)
    page.section("WHEN SOMETHING FAILS")
    page.items((italic(what), follows) for what, follows in _FAILURES)
    page.see_also(
        [
            ("focus-engine-serve", 1),
            ("focus-engine-key", 1),
            ("focus-engine-service", 1),
            ("focus-config", 5),
            ("focus-growth", 7),
        ]
    )
    return page.written()
