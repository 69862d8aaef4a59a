"""Many listeners of one engine on two cores: does anybody run dry, and how long does a newcomer wait?

    python -m focuscli.bench listeners

The engine is the real one from its routes to its store; what its two renderers need for a segment is measured first,
with music of four goals, and then let pass on a clock of its own, on which listeners poll, fetch and play as the
player does. So ten minutes of 200 listeners are what they would be on a machine with nothing else to do, however busy
this one is. What the engine's own work takes from the renderers is measured too, and added to what a segment costs.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from focuscli.bench.instant_engine import KEY, ORGANIZATION, silence
from focuscli.bench.stepped import SteppedClock
from focuscli.bench.terms import plain_terms
from focuscli.bench.virtual_time import run_virtually
from focuscli.bench.worlds import Unsynced
from focuscli.engine.keys import CAPABILITIES, Caller, FixedCallers
from focuscli.engine.objects import LocalObjects
from focuscli.engine.pace import lead_segments
from focuscli.engine.parts import Parts, put_together
from focuscli.engine.render_job import RenderSpec, render_segment_job
from focuscli.engine.rendering import Rendering
from focuscli.engine.sql_store import SqlStore
from focuscli.engine.sqlite_file import SqliteFile
from focuscli.engine.store import Owner
from focuscli.model import Goal, Intensity
from focuscli.music.timeline import Piece, spans
from focuscli.units import seconds

CORES = 2
SEGMENT_S = 120
DIVERGENCE = 0.35
LISTENERS = 200
MINUTES = 10
ARRIVAL_S = 120.0
"""They come one after the other, within so long."""

POLL_S = 5.0
IMPATIENT_S = 1.0
HUNGRY_S = 30.0
"""Polls are so far apart; and so far until music is there, and while so little of it is in hand."""

AHEAD_S = 90.0
"""A listener fetches what is less than so far from being heard, as the player does."""

QUEUED = 1000
PORT = 4711
SESSIONS = f"/v1/music/{ORGANIZATION}/focus/sessions"


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """Two rows: nobody runs dry, and a newcomer waits for what is being rendered and for nothing else."""
    listeners, minutes, queued = (20, 3, 60) if quick else (LISTENERS, MINUTES, QUEUED)
    cost = rendering_cost([Goal.FOCUS] if quick else [Goal.FOCUS, Goal.RELAX, Goal.SLEEP, Goal.ENERGIZE])
    return [_audience(listeners, minutes, cost), _newcomer(queued, cost)]


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of one core: the short segment that a session begins with, and each that follows."""

    first_s: float
    other_s: float

    def slower(self, by: float) -> "Cost":
        """The same on cores that take so many times as long."""
        return Cost(by * self.first_s, by * self.other_s)

    def of(self, segment_index: int) -> float:
        """What that segment costs."""
        return self.other_s if segment_index else self.first_s


def rendering_cost(goals: list[Goal]) -> Cost:
    """Of a segment into its file, of a piece that was not at hand; the mean of these goals.

    Of each the middle one of three pieces that vary more than they would unless asked to, which costs more.
    """
    with tempfile.TemporaryDirectory(prefix="focus-listeners-") as folder:

        def render(goal: Goal, seed: int, index: int) -> float:
            piece = Piece(goal, Intensity.MEDIUM, DIVERGENCE, seed, 3600, segment_s=SEGMENT_S).to_json()
            began = time.process_time()
            render_segment_job(RenderSpec(piece, index, folder, f"{goal}-{seed}/{index:05}.1.flac").to_json())
            return time.process_time() - began

        render(goals[0], 0, 3)  # what every renderer has at hand sooner or later
        firsts = [median(render(goal, seed, 0) for seed in (1, 2, 3)) for goal in goals]
        others = [median(render(goal, seed, 3) for seed in (4, 5, 6)) for goal in goals]
    return Cost(sum(firsts) / len(goals), sum(others) / len(goals))


def stand_in(spec_json: str) -> str:
    """Of a segment's length, and nothing else of it: its audio is a few bytes."""
    spec, made = RenderSpec.from_json(spec_json), json.loads(silence(spec_json))
    made["measured_duration_s"] = seconds(spans(Piece.from_json(spec.piece))[spec.segment_index].frames)
    return json.dumps(made)


class Renderers(Executor):
    """Each segment takes what it costs, on the loop's clock."""

    def __init__(self, cost: Cost) -> None:
        self._cost, self.begun = cost, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Done when its time is over."""
        future: Future[Any] = Future()
        self.begun += 1
        takes_s = self._cost.of(RenderSpec.from_json(args[0]).segment_index)
        asyncio.get_running_loop().call_later(takes_s, lambda: future.set_result(fn(*args, **kwargs)))
        return future


@dataclass(slots=True)
class Heard:
    """What became of one listener: seconds to the first segment, without music, and in hand when it was least."""

    waited_s: float = 0.0
    dry_s: float = 0.0
    least_s: float = float("inf")


class House:
    """A real engine on a stepped clock, which is asked without a port."""

    def __init__(self, folder: Path, clock: SteppedClock, cost: Cost) -> None:
        self.clock = clock
        objects = LocalObjects(folder / "objects", Unsynced())
        objects.root.mkdir()
        self.file = SqliteFile(folder / "engine.db", durable=False)
        self.store = SqlStore(self.file, clock)
        self.cpu_s, self.renderers = 0.0, Renderers(cost)
        self.parts: Parts = put_together(
            replace(plain_terms(folder, clock, key=KEY, port=PORT, owner="house"), segment_s=SEGMENT_S),
            store=self.store,
            database=self.file,
            objects=objects,
            rendering=Rendering(self.renderers, lambda: CORES),
            job=stand_in,
            callers=FixedCallers({KEY: Caller(Owner(ORGANIZATION, "user_house"), CAPABILITIES)}),
            clock=clock,
        )

    async def ask(self, method: str, target: str, body: bytes = b"") -> bytes:
        """One request, answered in this thread; what it costs is added up."""
        path, _, query = target.partition("?")
        headers = [(b"host", f"127.0.0.1:{PORT}".encode()), (b"x-api-key", KEY.encode())]
        scope = {
            "type": "http", "method": method, "scheme": "http", "path": path, "raw_path": path.encode(),
            "query_string": query.encode(), "root_path": "", "headers": headers, "server": ("127.0.0.1", PORT),
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        began = time.process_time()
        await self.parts.face(scope, receive, send)
        self.cpu_s += time.process_time() - began
        if sent[0]["status"] >= 300:
            raise RuntimeError(f"{method} {path}: {sent[0]['status']}")
        return b"".join(message.get("body", b"") for message in sent[1:])

    async def start(self) -> str:
        """A new session's id."""
        answer = await self.ask("POST", SESSIONS, b'{"goal": "focus", "target_minutes": 60}')
        return str(json.loads(answer)["session_id"])

    async def session(self, session_id: str) -> Any:
        """A session as a listener sees it."""
        return json.loads(await self.ask("GET", f"{SESSIONS}/{session_id}"))

    async def begun(self, session_id: str) -> None:
        """Return when its first segment is there, to a hundredth of a second."""
        while not self.store.segment(ORGANIZATION, session_id, 0):  # noqa: ASYNC110  # nobody tells: it is in the store
            await asyncio.sleep(0.01)

    async def listen(self, until: float) -> Heard:
        """Start a session, and play it until then."""
        heard, now, began = Heard(), self.clock.monotonic, self.clock.monotonic()
        session_id, fetched, music_until = await self.start(), 0, None
        while now() < until:
            session = await self.session(session_id)
            for segment in session["segments"][fetched:]:
                if music_until is not None and music_until - now() > AHEAD_S:
                    break
                url = urlsplit(segment["playback_url"])
                await self.ask("GET", f"{url.path}?{url.query}")
                fetched += 1
                if music_until is None:
                    heard.waited_s, music_until = now() - began, now()
                else:
                    heard.dry_s += max(0.0, now() - music_until)
                    heard.least_s = min(heard.least_s, music_until - now())
                lasts_s = segment["measured_duration_seconds"] - segment["fade_out_ms"] / 1000.0
                music_until = max(music_until, now()) + lasts_s
            is_hungry = music_until is None or music_until - now() < HUNGRY_S
            await asyncio.sleep(IMPATIENT_S if is_hungry else POLL_S)
        heard.dry_s += max(0.0, now() - (began if music_until is None else music_until))
        return heard

    def close(self) -> None:
        """Close the database."""
        self.file.close()


def in_house(cost: Cost, visit: Callable[[House], Any]) -> Any:
    """What a visit of a fresh house comes to, with its dispatcher at work meanwhile."""
    clock = SteppedClock()

    async def run() -> Any:
        with (
            tempfile.TemporaryDirectory(prefix="focus-listeners-") as folder,
            closing(House(Path(folder), clock, cost)) as house,
        ):
            rendering = asyncio.create_task(house.parts.dispatcher.run())
            try:
                return await visit(house)
            finally:
                rendering.cancel()
                await house.parts.dispatcher.close()

    return run_virtually(run, clock)


def audience(listeners: int, minutes: float, cost: Cost) -> tuple[list[Heard], float]:
    """What became of each of so many listeners, and the share of a core that the engine's answers took."""

    async def visit(house: House) -> tuple[list[Heard], float]:
        until = house.clock.monotonic() + ARRIVAL_S + 60.0 * minutes

        async def come(number: int) -> Heard:
            await asyncio.sleep(ARRIVAL_S * number / listeners)
            return await house.listen(until)

        heard = await asyncio.gather(*(come(number) for number in range(listeners)))
        return heard, house.cpu_s / (ARRIVAL_S + 60.0 * minutes)

    found: tuple[list[Heard], float] = in_house(cost, visit)
    return found


def _audience(listeners: int, minutes: float, cost: Cost) -> dict[str, Any]:
    """As if the renderers had the cores alone, and then with what the engine's answers take of them."""
    _, share = audience(listeners, min(minutes, 1.0), cost)
    beside = cost.slower(CORES / (CORES - share))
    heard, share = audience(listeners, minutes, beside)
    waits = sorted(one.waited_s for one in heard)
    return {
        "what": f"{listeners} listeners for {minutes} minutes",
        "figure": sum(one.dry_s for one in heard),
        "unit": "s without music",
        "target": 0.0,
        "ok": not any(one.dry_s for one in heard),
        "beside": f"first segment after {waits[len(waits) // 2]:.1f} s, at most {waits[-1]:.1f}; never less than "
        f"{min(one.least_s for one in heard):.0f} s in hand; a segment costs {beside.other_s:.2f} s of a core "
        f"(the first one {beside.first_s:.2f}), all answers {100 * share:.0f} % of one",
    }


def newcomer(queued: int, cost: Cost) -> tuple[float, int]:
    """How long a new session waits for its first segment behind so many that are queued; seconds, and how many."""

    async def visit(house: House) -> tuple[float, int]:
        lead = lead_segments(SEGMENT_S)
        others = [await house.start() for _ in range(-(-queued // (lead - 1)))]
        await house.begun(others[-1])
        waiting = lead * len(others) - house.renderers.begun
        began = house.clock.monotonic()
        await house.begun(await house.start())
        return house.clock.monotonic() - began, waiting

    found: tuple[float, int] = in_house(cost, visit)
    return found


def _newcomer(queued: int, cost: Cost) -> dict[str, Any]:
    waited_s, waiting = newcomer(queued, cost)
    return {
        "what": f"a newcomer behind {waiting} queued segments",
        "figure": waited_s,
        "unit": "s to the first segment",
        "target": cost.other_s + 1.0,
        "ok": waited_s <= cost.other_s + 1.0,
        "beside": f"a segment takes {cost.other_s:.2f} s, the first one {cost.first_s:.2f}",
    }
