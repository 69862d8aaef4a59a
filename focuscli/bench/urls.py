"""Media URLs that were changed, forged or kept too long: is any accepted? And is any good one refused?

    python -m focuscli.bench urls --executions 1000000 --downloads 1000

Changed ones are made from URLs that were signed: by character, by field, by mixing two, by spelling the same otherwise.
Good ones are fetched from an engine while its signing key is changed as often as it can be.
"""

import argparse
import random
import string
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from focuscli.bench.durability import SESSIONS, EngineProcess, Refusal
from focuscli.bench.tables import table
from focuscli.engine.signing import Refused, Signer

TTL_S = 300.0
_TTL_OF_DOWNLOADS_S = 2.0
_SIGNABLE = string.ascii_letters + string.digits + "-_"
_ANY = _SIGNABLE + "=&?#%/\\. +\n\r\x00\x7f\x85\xa0\u0661\u202e\uff11\ud800"

Verify = Callable[[str, str], float]


def add_options(parser: argparse.ArgumentParser) -> None:
    """How many of each."""
    parser.add_argument("--executions", type=int, default=1_000_000)
    parser.add_argument("--downloads", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row for the changed ones, and one for the good ones."""
    executions, downloads = (20_000, 60) if options.quick else (options.executions, options.downloads)
    rows = [fuzz(executions, options.seed), download(downloads)]
    return rows, table(rows)


@dataclass(slots=True)
class _Clock:
    """Time that stands still, wherever it was put."""

    at: float

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


class Mutator:
    """Makes URLs that no engine has signed, out of some that it has."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
        self._clock = _Clock(1_782_642_600.0)
        ring = {"1": b"first" * 8, "2": b"second" * 8}
        self.signer = Signer(ring, "focus_here", TTL_S, self._clock)
        elsewhere = Signer(ring, "focus_elsewhere", TTL_S, self._clock)
        stranger = Signer({"2": b"other!" * 8}, "focus_here", TTL_S, self._clock)
        paths = [self._path() for _ in range(50)]
        self._clock.at -= TTL_S
        expired = [self.signer.sign(path) for path in paths]
        self._clock.at += TTL_S
        self._good = [self.signer.sign(path) for path in paths]
        self._bad = [*expired, *(foreign.sign(path) for foreign in (elsewhere, stranger) for path in paths)]
        self._known = set(self._good)
        self._ways = (
            self._replaced, self._removed, self._inserted, self._swapped, self._mixed, self._other_field,
            self._respelled, self._repeated, self._reordered, self._noise, self._unchanged_bad,
        )  # fmt: skip

    def next(self) -> tuple[str, str]:
        """Path and query of a URL that must be refused."""
        while True:
            url = self._chance.choice(self._ways)()
            if self._chance.random() < 0.3:
                url = self._chance.choice((self._replaced, self._removed, self._inserted))(url)
            if url not in self._known:
                path, _, query = url.partition("?")
                return path, query

    def _path(self) -> str:
        digits = "0123456789abcdef"
        session, digest = ("".join(self._chance.choices(digits, k=n)) for n in (12, 64))
        organization = self._chance.choice(("org_local", "org_team", "org_other"))
        return f"/v1/media/{organization}/mfocus_{session}/{self._chance.randrange(30)}/{digest}.flac"

    def _any(self) -> str:
        return self._chance.choice(self._good)

    def _replaced(self, url: str = "") -> str:
        url = url or self._any()
        at = self._chance.randrange(len(url))
        return url[:at] + self._chance.choice(_ANY) + url[at + 1 :]

    def _removed(self, url: str = "") -> str:
        url = url or self._any()
        at = self._chance.randrange(len(url))
        return url[:at] + url[at + self._chance.choice((1, 1, 2, 8, 43)) :]

    def _inserted(self, url: str = "") -> str:
        url = url or self._any()
        at = self._chance.randrange(len(url) + 1)
        return url[:at] + "".join(self._chance.choices(_ANY, k=self._chance.choice((1, 1, 2, 8)))) + url[at:]

    def _swapped(self) -> str:
        url = list(self._any())
        one, other = self._chance.sample(range(len(url)), 2)
        url[one], url[other] = url[other], url[one]
        return "".join(url)

    def _mixed(self) -> str:
        one, other = self._chance.sample(self._good + self._bad, 2)
        return f"{one.partition('?')[0]}?{other.partition('?')[2]}"

    def _fields(self, url: str) -> tuple[str, dict[str, str]]:
        path, _, query = url.partition("?")
        return path, dict(part.split("=", 1) for part in query.split("&"))

    def _joined(self, path: str, fields: dict[str, str]) -> str:
        return f"{path}?{'&'.join(f'{name}={value}' for name, value in fields.items())}"

    def _other_field(self) -> str:
        path, fields = self._fields(self._any())
        name = self._chance.choice("eks")
        later = str(int(fields["e"]) + self._chance.randrange(-400, 10 ** self._chance.randrange(1, 10)))
        forged = "".join(self._chance.choices(_SIGNABLE, k=43))
        other_key = self._chance.choice(("1", "2", "3", "0", "", "01", "2 ", "k" * 17))
        return self._joined(path, fields | {name: {"e": later, "k": other_key, "s": forged}[name]})

    def _respelled(self) -> str:
        """The same to a careless reader: percent signs, case, other digits, other spellings of base64."""
        path, fields = self._fields(self._any())
        way = self._chance.randrange(6)
        if way == 0:
            return self._joined(quote(path, safe=self._chance.choice(("", "/"))).replace("_", "%5F"), fields)
        if way == 1:
            return self._joined(path.upper(), fields)
        if way == 2:
            return self._joined(path, fields | {"e": fields["e"].translate({48 + n: 0xFF10 + n for n in range(10)})})
        if way == 3:
            last = _SIGNABLE.index(fields["s"][-1]) ^ self._chance.randrange(1, 4)
            return self._joined(path, fields | {"s": fields["s"][:-1] + _SIGNABLE[last]})
        if way == 4:
            return self._joined(path, fields | {"s": fields["s"] + "="})
        return self._joined(path.replace("/", self._chance.choice(("//", "/./", "/x/../", "\\")), 1), fields)

    def _repeated(self) -> str:
        path, _, query = self._any().partition("?")
        other = self._any().partition("?")[2]
        return (
            f"{path}?{query}{self._chance.choice('&;?#')}{self._chance.choice((query, other, 'x=1', 'e=9999999999'))}"
        )

    def _reordered(self) -> str:
        path, fields = self._fields(self._any())
        names = self._chance.sample(list(fields), len(fields))
        return self._joined(path, {name: fields[name] for name in names})

    def _noise(self) -> str:
        length = self._chance.randrange(0, 200)
        return "".join(self._chance.choices(_ANY, k=length))

    def _unchanged_bad(self) -> str:
        return self._chance.choice(self._bad)


def accepted(executions: int, mutator: Mutator, verify: Verify) -> list[str]:
    """Which of so many changed URLs pass; anything but Refused is passed on, for it would be a crash."""
    passed = []
    for _ in range(executions):
        path, query = mutator.next()
        try:
            verify(path, query)
        except Refused:
            continue
        passed.append(f"{path}?{query}")
    return passed


def fuzz(executions: int, seed: int) -> dict[str, Any]:
    """One row: how many changed URLs were accepted."""
    mutator = Mutator(seed)
    began = time.process_time()
    passed = accepted(executions, mutator, mutator.signer.verify)
    took_s = time.process_time() - began
    return {
        "what": "changed URLs", "asked": executions, "accepted": len(passed), "refused": executions - len(passed),
        "key_changes": 0, "cpu_us_each": round(1e6 * took_s / executions, 1), "ok": not passed,
    }  # fmt: skip


def download(downloads: int) -> dict[str, Any]:
    """One row: how many good URLs were refused while the key changed and changed."""
    with tempfile.TemporaryDirectory(prefix="focus-urls-") as home:
        engine = EngineProcess(
            Path(home), FOCUS_SEGMENT_SECONDS="5", FOCUS_URL_TTL=str(_TTL_OF_DOWNLOADS_S), FOCUS_RATE_LIMIT="0"
        )
        engine.spawn()
        engine.wait()
        session_id = engine.call("POST", SESSIONS, {"goal": "sleep", "target_minutes": 1})["session_id"]
        engine.session_when(session_id, lambda session: not session["more_pending"])
        changes, failed, began = 0, 0, time.process_time()
        for _ in range(downloads):
            old = _url(engine, session_id)
            changes += _changes_key(engine)
            for url in (old, _url(engine, session_id)):
                failed += engine.fetch(url)[0] != 200
        took_s = time.process_time() - began
        engine.stop()
    return {
        "what": "good URLs", "asked": 2 * downloads, "accepted": 2 * downloads - failed, "refused": failed,
        "key_changes": changes, "cpu_us_each": round(1e6 * took_s / (2 * downloads), 1),
        "ok": not failed and changes > min(3, downloads),
    }  # fmt: skip


def _url(engine: EngineProcess, session_id: str) -> str:
    segments = engine.call("GET", f"{SESSIONS}/{session_id}")["segments"]
    url: str = segments[0]["playback_url"]
    return url


def _changes_key(engine: EngineProcess) -> bool:
    """Change the signing key, unless three are still needed."""
    try:
        engine.call("POST", "/v1/engine/signing-keys")
    except Refusal as refusal:
        if not str(refusal).startswith("429"):
            raise
        return False
    return True
