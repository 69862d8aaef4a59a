"""The panel for wide windows: a frame, rows in three columns, hints in its foot."""

from focuscli.view import words
from focuscli.view.bars import level_bar, progress_bar, session_bar
from focuscli.view.hints import hints, key_rows
from focuscli.view.lines import BLANK, Line, Row, fit, packed, pad, spread, width_of, within, wrap
from focuscli.view.look import DIM, STRONG, WARN, Look, accent
from focuscli.view.snapshot import Phase, Snapshot

LEAST_WIDTH = 60
LEAST_HEIGHT = 8
MOST_WIDTH = 100
_MARGIN = 3
_LABEL, _VALUE = 11, 20


def framed(snapshot: Snapshot, width: int, height: int, look: Look) -> list[Line]:
    """The lines of the panel, `width` cells wide and at most `height` high."""
    width = min(width, MOST_WIDTH)
    inner = width - 2 * _MARGIN
    rows = _help(look) if snapshot.help else _body(snapshot, inner, look)
    lines = within(rows, height - 2)
    foot = hints(snapshot, width - 8, look) if not snapshot.closed else ()
    return [
        _edge(_title(snapshot), _state(snapshot, look), look, width, look.corners[:2]),
        *(_framed(line, inner, look) for line in lines),
        _edge(foot, (), look, width, look.corners[2:]),
    ]


def _help(look: Look) -> list[Row]:
    return [Row(BLANK, 9), *key_rows(look), Row(BLANK, 9)]


def _body(snapshot: Snapshot, inner: int, look: Look) -> list[Row]:
    color = accent(snapshot)
    return [
        Row(BLANK, 9),
        Row(_time(snapshot, inner)),
        Row(session_bar(snapshot, inner, look, color)),
        Row(_ready(snapshot, inner, look), 1),
        Row(BLANK, 8),
        Row(_segment(snapshot, inner, look, color), 2),
        *(Row(line, 5) for line in _levels(snapshot, inner, look, color)),
        Row(_volume(snapshot, inner, look, color), 3),
        Row(BLANK, 7),
        Row(_output(snapshot, inner, look), 6),
        Row(_engine(snapshot, inner, look), 4),
        *(Row(line, 5) for line in _technical(snapshot, inner, look)),
        *_message(snapshot, inner, look),
    ]


def _time(snapshot: Snapshot, inner: int) -> Line:
    played: Line = ((words.clock(snapshot.position_s), ""),)
    if snapshot.target_s is not None:
        played += ((f" of {words.clock(snapshot.target_s)}", DIM),)
    ends = words.ends(snapshot)
    return spread(played, ((words.left(snapshot), STRONG), (f"   {ends}" if ends else "", DIM)), inner)


def _ready(snapshot: Snapshot, inner: int, look: Look) -> Line:
    said = [text for text in (words.ready_ahead(snapshot), words.ready_count(snapshot)) if text]
    ready = f" {look.dot} ".join(said) or "asking the engine"
    return spread(((ready, ""),), ((words.pending(snapshot), DIM),), inner)


def _columns(label: str, bar: Line, value: Line, inner: int) -> Line:
    return spread((*pad(((label, DIM),), _LABEL), *bar), value, inner)


def _bar_width(inner: int) -> int:
    return inner - _LABEL - _VALUE


def _segment(snapshot: Snapshot, inner: int, look: Look, color: str) -> Line:
    width = _bar_width(inner)
    if (fade := snapshot.crossfade) is not None:
        bar = progress_bar(snapshot.crossfade_progress, width, look, color)
        value = f"{fade.from_index + 1} {look.arrow} {fade.to_index + 1}, {words.correlation(fade.correlation)}"
        return _columns("crossfade", bar, ((value, ""),), inner)
    late = snapshot.phase is Phase.HOLDING
    bar = progress_bar(snapshot.segment_progress, width, look, color)
    return _columns("segment", bar, (("next one is late", WARN) if late else (words.segment(snapshot), ""),), inner)


def _levels(snapshot: Snapshot, inner: int, look: Look, color: str) -> list[Line]:
    width = _bar_width(inner)
    return [
        _columns(label, level_bar(meter, width, look, color), ((words.level(meter.level_db, look.minus), ""),), inner)
        for label, meter in zip(("left", "right"), snapshot.meters, strict=True)
    ]


def _volume(snapshot: Snapshot, inner: int, look: Look, color: str) -> Line:
    bar = progress_bar(snapshot.volume / 100, _bar_width(inner), look, DIM if snapshot.muted else color)
    value = ("muted", WARN) if snapshot.muted else (f"{snapshot.volume} %", "")
    return _columns("volume", bar, (value,), inner)


def _output(snapshot: Snapshot, inner: int, look: Look) -> Line:
    note = ((words.dropouts(snapshot), WARN),)
    room = inner - _LABEL - width_of(note) - 2
    name = fit(look.say(snapshot.device) or "none yet", room, look.ellipsis)
    return spread((*pad((("output", DIM),), _LABEL), (name, "")), note, inner)


def _engine(snapshot: Snapshot, inner: int, look: Look) -> Line:
    quiet = snapshot.quiet_since is not None
    note = f"{words.amount(snapshot.here_ahead_s)} on this machine" if quiet else look.say(snapshot.session_id)
    name = fit(look.say(words.engine(snapshot)), inner - _LABEL, look.ellipsis)
    return spread((*pad((("engine", DIM),), _LABEL), (name, WARN if quiet else "")), ((note, DIM),), inner)


def _technical(snapshot: Snapshot, inner: int, look: Look) -> list[Line]:
    if not snapshot.technical:
        return []
    parts = [look.say(part) for part in words.technical(snapshot, look.minus)]
    lines = packed(parts, inner - _LABEL, look.dot, look.ellipsis)
    labels = ["technical"] + [""] * len(lines)
    return [(*pad(((label, DIM),), _LABEL), (text, DIM)) for label, text in zip(labels, lines, strict=False)]


def _message(snapshot: Snapshot, inner: int, look: Look) -> list[Row]:
    message = snapshot.message
    if message is None:
        return [Row(BLANK, 9)]
    style = WARN if message.serious else ""
    return [Row(BLANK, 9), *(Row(((text, style),)) for text in wrap(look.say(message.text), inner, look.ellipsis))]


def _title(snapshot: Snapshot) -> Line:
    goal = words.goal(snapshot)
    return ((goal, f"bold {accent(snapshot)}"), (words.session(snapshot), "")) if goal else (("focus", STRONG),)


def _state(snapshot: Snapshot, look: Look) -> Line:
    style = WARN if snapshot.phase is Phase.HOLDING else accent(snapshot)
    return ((f"{look.phases[snapshot.phase]} ", style), (words.phase(snapshot), STRONG))


def _edge(left: Line, right: Line, look: Look, width: int, corners: str) -> Line:
    first, last = tuple(corners)
    room = width - 8 - width_of(left) - width_of(right)
    head: Line = ((f"{first}{look.edge}", DIM),)
    head += ((" ", ""), *left, (" ", "")) if left else ((look.edge * 2, DIM),)
    tail: Line = ((" ", ""), *right, (" ", "")) if right else ((look.edge * 2, DIM),)
    return (*head, (look.edge * room, DIM), *tail, (f"{look.edge}{last}", DIM))


def _framed(line: Line, inner: int, look: Look) -> Line:
    side = (look.side, DIM)
    blank = (" " * (_MARGIN - 1), "")
    return (side, blank, *pad(line, inner), blank, side)
