"""What is said of a run: by the listeners, by the witness in the database, and by the bodies themselves."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from focuscli.bench.chaos.listeners import Heard
from focuscli.bench.chaos.nemesis import Kind
from focuscli.bench.chaos.team import PRICE_MICROCHF
from focuscli.bench.chaos.watch import Watch
from focuscli.bench.chaos.witness import Reclaim, Seen

RECLAIM_S = 5.0
"""A lease that ran out is taken up within so long, while somebody is able to."""

MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a run; `left` tells how engines left that should not have, or not so."""

    heard: Heard
    seen: Seen
    watch: Watch
    expected: Mapping[int, str]
    lease_s: float
    left: list[str]
    done: Mapping[Kind, int]
    seconds: float


def expected_digests(piece: str) -> dict[int, str]:
    """What every segment of a piece has to be, made here."""
    import json

    from focuscli.engine.render_job import RenderSpec, render_segment_job
    from focuscli.music.timeline import Piece, spans

    count = len(spans(Piece.from_json(piece)))
    with tempfile.TemporaryDirectory(prefix="focus-chaos-") as folder:
        specs = (RenderSpec(piece, index, folder, f"{index}.flac") for index in range(count))
        return {spec.segment_index: json.loads(render_segment_job(spec.to_json()))["sha256"] for spec in specs}


def twice(seen: Seen) -> list[tuple[int, int]]:
    """The segments that were committed more than once."""
    return [segment for segment, times in seen.commits.items() if times > 1]


def violations(evidence: Evidence) -> list[str]:
    """Whatever should not be, a sentence each."""
    heard, seen = evidence.heard, evidence.seen
    sessions = {segment.session_id for segment in seen.segments}
    started = set(heard.started.values())
    found = [*heard.violations, *evidence.left]
    found += [f"never complete: {session_id}" for session_id in sorted(started - heard.complete)]
    found += [f"lost: {session_id}" for session_id in started - sessions]
    found += [f"made twice: {session_id}" for session_id in sessions - started]
    found += [f"committed twice: {session}/{index}" for session, index in twice(seen)]
    found += [f"ready, and then {step.state}: {step.session}/{step.segment_index}" for step in seen.taken_back]
    found += _of_segments(evidence) + _of_money(seen)
    found += [f"taken up {late_s:.1f} s after its lease was over" for late_s in _late(evidence) if late_s > RECLAIM_S]
    return found


def _of_segments(evidence: Evidence) -> list[str]:
    found = []
    for segment in evidence.seen.segments:
        name = f"{segment.session_id}/{segment.segment_index}"
        if segment.state != "ready":
            found.append(f"{name} is {segment.state}{f': {segment.failure}' if segment.failure else ''}")
            continue
        seen = evidence.heard.digests.get((segment.session_id, segment.segment_index))
        if not segment.sha256 == seen == evidence.expected[segment.segment_index]:
            found.append(f"{name} is {segment.sha256}, and was shown as {seen}")
    return found


def _of_money(seen: Seen) -> list[str]:
    ready = sorted((one.session_id, one.segment_index) for one in seen.segments if one.state == "ready")
    charged = sorted((session_id, index) for _, session_id, index, _ in seen.charges)
    found = [] if ready == charged else [f"{len(charged)} charges for {len(ready)} segments"]
    wrong = [charge for charge in seen.charges if (charge[0], charge[3]) != ("INSERT", PRICE_MICROCHF)]
    return found + [f"charged otherwise than once: {charge}" for charge in wrong]


def _late(evidence: Evidence) -> list[float]:
    """Of every reclaim, the seconds after the lease in which somebody could have taken the segment up."""

    def late_s(reclaim: Reclaim) -> float:
        between = (reclaim.ended_at, reclaim.claimed_at)
        return reclaim.claimed_at - reclaim.ended_at - evidence.watch.unable_s(*between)

    return [late_s(reclaim) for reclaim in evidence.seen.reclaims]


def rows(evidence: Evidence, *, unfenced: bool) -> list[dict[str, Any]]:
    """The table: faults, what was seen, and the verdict. Without the fence, double commits are what must be found."""
    seen, found = evidence.seen, violations(evidence)
    reclaims, late = seen.reclaims, _late(evidence)
    doubles = len(twice(seen))
    figures: dict[str, Any] = {str(kind): evidence.done.get(kind, 0) for kind in Kind}
    figures |= {
        "faults in all": sum(evidence.done.values()),
        "minutes": round(evidence.seconds / 60, 1),
        "sessions, all complete": f"{len(evidence.heard.complete)} of {len(evidence.heard.started)}",
        "segments ready": sum(one.state == "ready" for one in seen.segments),
        "bodies fetched and checked": evidence.heard.bodies,
        "requests that had to be repeated": evidence.heard.refusals,
        "claims": seen.attempts,
        "claims given back": seen.given_back,
        "leases that ran out": len(reclaims),
        "taken up, s after the last renewal, worst": round(
            max((one.claimed_at - one.ended_at for one in reclaims), default=0.0) + evidence.lease_s, 2
        ),
        "the same while somebody could": round(max(late, default=0.0) + evidence.lease_s, 2),
        "mark: lease + 5 s": evidence.lease_s + RECLAIM_S,
        "charged, CHF": sum(charge[3] for charge in seen.charges) / 1e6,
        "segments committed twice": doubles,
        "violations": len(found),
    }
    ok = doubles > 0 if unfenced else not found
    return [{"what": what, "figure": figure, "ok": ok} for what, figure in figures.items()] + [
        {"what": f"violation {number}", "figure": told, "ok": ok} for number, told in enumerate(found[:MOST_TOLD], 1)
    ]
