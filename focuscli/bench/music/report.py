"""What was measured, as a page to read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from focuscli.bench.music.paper import Paper
from focuscli.bench.music.signs import free_of
from focuscli.bench.music.take import Measured

_COLUMNS = {
    "lufs": "LUFS", "lra_lu": "LRA", "dbtp": "dBTP", "centroid_hz": "centr", "motion_oct": "motn", "air_db": "air",
    "tilt_db_oct": "tilt", "sd_1s_db": "sd1s", "step_lu": "step", "onset_sd_db": "onsd", "decay_db_s": "decay",
    "pulse": "pulse", "am16_db": "am16", "entropy_bits": "entr", "key_clarity": "key", "corr": "corr",
    "nearest": "near", "boundary": "bound",
}  # fmt: skip

_ON_PAPER = {
    "voice_move": "move", "voices_held": "held", "outer_contrary": "contrary", "parallel_fifths": "fifths",
    "melody_repeats": "repeat", "melody_steps": "step", "melody_thirds": "third", "melody_fifths": "fifth",
    "melody_leaps": "leap", "leaps_answered": "answered", "melody_range": "range", "timing_sd_ms": "sd ms",
    "timing_exponent": "1/f", "timing_common": "common", "velocity_cv": "velocity", "periodicity": "period",
}  # fmt: skip


def page(measured: Sequence[Measured]) -> str:
    """A row a take with what it missed under it, and how many takes meet each limit."""
    lines = [f"{'take':24}{'signs':>6}" + "".join(f"{head:>7}" for head in _COLUMNS.values())]
    for one in measured:
        take = one.take
        name = f"{take.prompt[:13] or take.goal.value} {take.intensity.value} {take.seed}"
        cells = "".join(f"{_number(one.figures[figure]):>7}" for figure in _COLUMNS)
        lines.append(f"{name:24}{free_of(take.piece.plain_goal, one.figures):>3}/12{cells}")
        lines += [f"    {verdict.sentence()}" for verdict in one.missed]
    return "\n".join([*lines, "", *totals(measured)])


def paper_page(papers: Sequence[Paper]) -> str:
    """A row a score with what it missed under it."""
    lines = [f"{'score of phrases':24}" + "".join(f"{head:>9}" for head in _ON_PAPER.values())]
    for paper in papers:
        cells = "".join(
            f"{_number(paper.figures[figure]) if figure in paper.figures else '-':>9}" for figure in _ON_PAPER
        )
        lines.append(f"{f'{paper.goal.value} {paper.intensity.value} {paper.phrases}':24}{cells}")
        lines += [f"    {verdict.sentence()}" for verdict in paper.verdicts if not verdict.ok]
    return "\n".join(lines)


def totals(measured: Iterable[Measured]) -> list[str]:
    """The share of takes that meet each limit, the most often missed first, and where it was missed."""
    met: dict[tuple[str, str], list[bool]] = defaultdict(list)
    where: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in measured:
        for verdict in one.verdicts:
            key = verdict.limit.sheet, verdict.limit.row
            met[key].append(verdict.ok)
            if not verdict.ok:
                take = one.take
                where[key].append(f"{take.goal.value} {take.intensity.value} {_number(verdict.value)}")
    lines = ["share of takes that meet each limit:"]
    for key, verdicts in sorted(met.items(), key=lambda item: sum(item[1]) / len(item[1])):
        sheet, row = key
        lines.append(f"  {100 * sum(verdicts) // len(verdicts):3}%  {sheet:5} {row:44} {'; '.join(where[key][:6])}")
    whole = [verdict for verdicts in met.values() for verdict in verdicts]
    return [*lines, f"  {100 * sum(whole) / max(1, len(whole)):.1f}%  of all"]


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100.0 else f"{value:.3g}" if abs(value) < 10.0 else f"{value:.1f}"
