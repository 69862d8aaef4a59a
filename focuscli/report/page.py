"""The report as one HTML page that needs nothing else: no script, no font, no request to anywhere."""

import math
from html import escape

from focuscli.report import charts
from focuscli.report.figures import Portrait, Report
from focuscli.report.scale import moment_text

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2430; --soft: #5c6475; --paper: #fbfbfa; --card: #ffffff; --line: #e2e4e9;
  --wave: #4a7fb5; --short: #1f5f9e; --momentary: #b9cfe4; --target: #b5651d; --seam: #7a5cc433; --dropout: #c62828;
  --even: #e9eef5; --odd: #dde6f0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e6eb; --soft: #9aa3b2; --paper: #14161b; --card: #1b1e25; --line: #2e333d; --wave: #6aa0d8;
    --short: #8cc0f5; --momentary: #3c5672; --target: #e0a060; --seam: #b39ddb44; --dropout: #ff6b6b;
    --even: #232a35; --odd: #2b3442; }
}
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; } .soft, figcaption { color: var(--soft); } code { font-size: .95em; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2.25rem; margin: 1.25rem 0 0; } dt { color: var(--soft);
  font-size: .85rem; } dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
figure { margin: 0; padding: .75rem .5rem .5rem 0; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; overflow-x: auto; } figcaption { padding: .25rem 0 0 4rem; font-size: .85rem; }
svg { display: block; width: 100%; min-width: 40rem; } svg text { font-size: 12px; fill: var(--soft); }
.wave { fill: var(--wave); } .grid { stroke: var(--line); } .seam { fill: var(--seam); }
.momentary, .short, .target { fill: none; stroke: var(--momentary); stroke-width: 1; }
.short { stroke: var(--short); stroke-width: 2; } .target { stroke: var(--target); stroke-dasharray: 6 4; }
.dropout { stroke: var(--dropout); stroke-width: 2; } .s0 { fill: var(--even); } .s1 { fill: var(--odd); }
.key { display: inline-block; width: 1.4em; height: 0; border-top: 3px solid; vertical-align: middle; margin: 0 .3em; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
.narrow { width: auto; } .narrow th, .narrow td { padding-right: 2.5rem; }
th { text-align: left; color: var(--soft); font-weight: 500; font-size: .85rem; }
th, td { padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.n, th.n { text-align: right; white-space: nowrap; } td.why { min-width: 16rem; } td.notes { white-space: nowrap; }
"""


def page(report: Report) -> str:
    """The whole document, UTF-8."""
    session = report.session
    title = f"{session.goal.value.replace('_', ' ')}, {session.target_minutes} minutes"
    standing = f"{session.status.value} · {session.ready_count} of {session.total_segments} segments ready"
    which = f"<code>{escape(session.session_id)}</code> · engine {escape(session.engine_key)}"
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{which} · {standing}</p>',
        _summary(report),
        *_pictures(report),
        _segments(report),
        _seams(report),
        _dropouts(report),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<link rel="icon" href="data:,">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{chr(10).join(body)}\n</body>\n</html>\n"
    )


def _summary(report: Report) -> str:
    peaks = [portrait.heard.true_peak_db for portrait in report.portraits]
    steps = [abs(seam.step_lu) for seam in report.seams if seam.step_lu is not None]
    facts = [
        ("heard", moment_text(report.hearing.seconds)),
        ("integrated loudness", figure(report.hearing.loudness_lufs, " LUFS")),
        ("loudness range", figure(report.hearing.range_lu, " LU")),
        ("true peak", figure(max(peaks, default=-math.inf), " dBTP")),
        ("seams", str(len(report.seams))),
        ("largest step at a seam", figure(max(steps), " LU") if steps else "none"),
        ("dropouts", str(len(report.dropouts))),
    ]
    return f"<dl>{''.join(f'<div><dt>{name}</dt><dd>{value}</dd></div>' for name, value in facts)}</dl>"


def _pictures(report: Report) -> list[str]:
    staged = charts.stages(report) if report.stages else ""
    does = "; ".join(f"{stage.name}: {stage.does}" for stage in report.stages)
    caption = f"<figcaption>{escape(does) or 'Seams are shaded.'}</figcaption>"
    keys = "".join(
        f'<span class="key" style="color: var(--{colour})"></span>{name} '
        for colour, name in (("short", "short-term (3 s)"), ("momentary", "momentary (400 ms)"), ("target", "target"))
    )
    return [
        "<h2>Waveform and stages</h2>",
        f"<figure>{staged}{charts.waveform(report)}{caption}</figure>",
        "<h2>Spectrogram</h2>",
        f"<figure>{charts.spectrogram(report)}</figure>",
        "<h2>Loudness, in LUFS</h2>",
        f"<figure>{charts.loudness(report)}<figcaption>{keys}· seams shaded</figcaption></figure>",
    ]


def _segments(report: Report) -> str:
    head = (
        '<tr><th class="n">#</th><th class="n">from</th><th class="n">LUFS</th><th class="n">target</th>'
        '<th class="n">dBTP</th><th class="n">brightness</th><th class="n">onsets</th><th>notes</th><th>stage</th>'
        "<th>what changed, and why</th></tr>"
    )
    rows = "\n".join(_row(portrait) for portrait in report.portraits)
    left_out = "".join(f"<p>Segment {index + 1} was left out: {escape(reason)}</p>" for index, reason in report.skipped)
    return f'<h2>Segments</h2>\n<div class="scroll"><table>{head}\n{rows}</table></div>{left_out}'


def _row(portrait: Portrait) -> str:
    heard = portrait.heard
    numbers = (
        str(heard.segment_index + 1),
        moment_text(heard.starts_s),
        figure(portrait.loudness_lufs),
        figure(heard.target_lufs),
        figure(heard.true_peak_db),
        f"{portrait.brightness_hz:.0f} Hz",
        f"{portrait.onsets_per_s:.1f}/s",
    )
    cells = "".join(f'<td class="n">{number}</td>' for number in numbers)
    why = f'<br><span class="soft">{escape(portrait.reason)}</span>' if portrait.reason else ""
    notes, stage = escape(" ".join(portrait.note_names)), escape(portrait.stage or "")
    return (
        f'<tr>{cells}<td class="notes">{notes}</td><td>{stage}</td>'
        f'<td class="why">{escape(portrait.change or "the first")}{why}</td></tr>'
    )


def _seams(report: Report) -> str:
    if not report.seams:
        return ""
    rows = "\n".join(
        f'<tr><td class="n">{seam.from_index + 1} → {seam.to_index + 1}</td>'
        f'<td class="n">{moment_text(seam.starts_s)}</td><td class="n">{seam.duration_s:.1f} s</td>'
        f'<td class="n">{figure(seam.correlation, digits=3)}</td>'
        f'<td class="n">{"" if seam.step_lu is None else figure(seam.step_lu, " LU", sign="+")}</td></tr>'
        for seam in report.seams
    )
    head = (
        '<tr><th class="n">segments</th><th class="n">from</th><th class="n">overlap</th>'
        '<th class="n">likeness</th><th class="n">step</th></tr>'
    )
    return (
        f'<h2>Seams</h2>\n<div class="scroll"><table class="narrow">{head}\n{rows}</table></div>'
        '<p class="soft">Likeness 1 is the same music on both sides; the step is that of the loudness over 3 s.</p>'
    )


def _dropouts(report: Report) -> str:
    if not report.dropouts:
        return '<h2>Dropouts</h2>\n<p class="soft">None was noted while this session was played on this machine.</p>'
    rows = "\n".join(
        f'<tr><td class="n">{moment_text(one.position_s)}</td><td class="n">{one.ms:.0f} ms</td>'
        f"<td>{escape(one.ts)}</td></tr>"
        for one in report.dropouts
    )
    head = '<tr><th class="n">at</th><th class="n">for</th><th>when</th></tr>'
    return f'<h2>Dropouts</h2>\n<div class="scroll"><table class="narrow">{head}\n{rows}</table></div>'


def figure(value: float, unit: str = "", digits: int = 1, sign: str = "-") -> str:
    """A number for people, with a real minus; a dash for silence."""
    return f"{value:{sign}.{digits}f}{unit}".replace("-", "−") if math.isfinite(value) else "–"
