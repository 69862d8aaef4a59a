"""The views for narrow windows: lines without a frame, and below thirty columns a single one."""

from rich.cells import cell_len

from focuscli.view import words
from focuscli.view.bars import level_bar, progress_bar, session_bar
from focuscli.view.hints import hints, key_rows
from focuscli.view.lines import BLANK, Line, Row, fit, packed, pad, spread, width_of, within, wrap
from focuscli.view.look import DIM, STRONG, WARN, Look, accent
from focuscli.view.snapshot import Phase, Snapshot

LEAST_WIDTH = 29
_LABEL = 8


def compact(snapshot: Snapshot, width: int, height: int, look: Look) -> list[Line]:
    """The same facts as the panel, one below the other."""
    foot = hints(snapshot, width, look, gap=2) if not snapshot.closed else ()
    rows = _keys(width, look) if snapshot.help else _body(snapshot, width, look)
    return within([*rows, Row(BLANK, 8), Row(foot, 3)] if foot else rows, height)


def _keys(width: int, look: Look) -> list[Row]:
    return [Row((("keys", STRONG),), 2), Row(BLANK, 9), *key_rows(look, width)]


def _body(snapshot: Snapshot, width: int, look: Look) -> list[Row]:
    color = accent(snapshot)
    return [
        Row(_title(snapshot, width, look), 1),
        Row(BLANK, 9),
        Row(_time(snapshot, width)),
        Row(session_bar(snapshot, width, look, color)),
        Row(_ready(snapshot, width), 2),
        Row(BLANK, 9),
        *(Row(line, 4) for line in _segment(snapshot, width, look, color)),
        Row(BLANK, 9),
        *(Row(line, 6) for line in _levels(snapshot, width, look, color)),
        Row(_volume(snapshot, width, look, color), 4),
        Row(BLANK, 9),
        Row(_labelled("output", look.say(snapshot.device) or "none yet", "", width, look), 7),
        Row(_engine(snapshot, width, look), 5),
        *(Row(((text, DIM),), 6) for text in _technical(snapshot, width, look)),
        *_notes(snapshot, width, look),
    ]


def _time(snapshot: Snapshot, width: int) -> Line:
    left = words.left(snapshot) or "asking the engine"
    return spread(((left, STRONG),), ((words.ends(snapshot), DIM),), width)


def _ready(snapshot: Snapshot, width: int) -> Line:
    ready = words.ready_ahead(snapshot) or words.ready_count(snapshot)
    return spread(((ready, ""),), ((words.pending(snapshot), DIM),), width)


def _engine(snapshot: Snapshot, width: int, look: Look) -> Line:
    """The engine, and that it is quiet; that alone where there is no room for both."""
    said, quiet = look.say(words.engine(snapshot)), words.quiet(snapshot)
    if quiet and cell_len(said) > width - _LABEL:
        said = quiet
    return _labelled("engine", said, WARN if quiet else "", width, look)


def _title(snapshot: Snapshot, width: int, look: Look) -> Line:
    goal = words.goal(snapshot)
    style = WARN if snapshot.phase is Phase.HOLDING else accent(snapshot)
    state: Line = ((f"{look.phases[snapshot.phase]} ", style), (words.phase(snapshot), STRONG))
    named: Line = ((goal or "focus", f"bold {accent(snapshot)}"), (words.session(snapshot) if goal else "", ""))
    return spread(named if width_of(named) + width_of(state) + 2 <= width else named[:1], state, width)


def _segment(snapshot: Snapshot, width: int, look: Look, color: str) -> list[Line]:
    now, fade = snapshot.playing, snapshot.crossfade
    if fade is not None:
        name = f"crossfade {fade.from_index + 1} {look.arrow} {fade.to_index + 1}"
        note, style, share = words.correlation(fade.correlation), DIM, snapshot.crossfade_progress
    elif now is not None:
        name, share = f"segment {words.segment(snapshot)}", snapshot.segment_progress
        late = snapshot.phase is Phase.HOLDING
        played_s, whole_s = max(0.0, snapshot.position_s - now.starts_s), now.ends_s - now.starts_s
        note, style = ("next is late", WARN) if late else (f"{words.clock(played_s)} of {words.clock(whole_s)}", DIM)
    else:
        name, note, style, share = "no segment yet", "", "", 0.0
    return [spread(((name, ""),), ((note, style),), width), progress_bar(share, width, look, color)]


def _levels(snapshot: Snapshot, width: int, look: Look, color: str) -> list[Line]:
    room = width - _LABEL - 8
    lines = []
    for label, meter in zip(("left", "right"), snapshot.meters, strict=True):
        bar: Line = (*pad(((label, DIM),), _LABEL), *level_bar(meter, room, look, color))
        lines.append(spread(bar, ((words.level(meter.level_db, look.minus), DIM),), width))
    return lines


def _volume(snapshot: Snapshot, width: int, look: Look, color: str) -> Line:
    value = ("muted", WARN) if snapshot.muted else (f"{snapshot.volume} %", DIM)
    bar = progress_bar(snapshot.volume / 100, width - _LABEL - 8, look, DIM if snapshot.muted else color)
    return spread((*pad((("volume", DIM),), _LABEL), *bar), (value,), width)


def _labelled(label: str, value: str, style: str, width: int, look: Look) -> Line:
    return (*pad(((label, DIM),), _LABEL), (fit(value, width - _LABEL, look.ellipsis), style))


def _technical(snapshot: Snapshot, width: int, look: Look) -> list[str]:
    if not snapshot.technical:
        return []
    parts = [look.say(part) for part in words.technical(snapshot, look.minus)]
    return packed(parts, width, look.dot, look.ellipsis)


def _notes(snapshot: Snapshot, width: int, look: Look) -> list[Row]:
    rows = [Row(((words.dropouts(snapshot), WARN),), 6)] if snapshot.dropouts else []
    if (message := snapshot.message) is None:
        return rows
    style = WARN if message.serious else ""
    return [
        *rows,
        Row(BLANK, 9),
        *(Row(((text, style),)) for text in wrap(look.say(message.text), width, look.ellipsis, 3)),
    ]


def single(snapshot: Snapshot, width: int, look: Look) -> Line:
    """One line: what comes first stays longest."""
    glyph = look.phases[snapshot.phase]
    left = "" if snapshot.left_s is None else words.clock(snapshot.left_s)
    parts = [_what(snapshot), left, f"ready {snapshot.ready_count}"]
    if snapshot.technical:
        parts = words.technical(snapshot, look.minus)
    line: Line = ((glyph, accent(snapshot)),)
    for part in filter(None, parts):
        longer: Line = (*line, (f" {part}", "" if len(line) > 1 else STRONG))
        if width_of(longer) > width:
            break
        line = longer
    return line


def _what(snapshot: Snapshot) -> str:
    """What the music is for, unless there is something to say about the sound."""
    if snapshot.phase is not Phase.PLAYING:
        return words.phase(snapshot)
    return "muted" if snapshot.muted else words.goal(snapshot) or "focus"
