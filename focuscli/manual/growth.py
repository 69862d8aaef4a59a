"""focus-growth(7): what listeners cost, what many of them need, which part is full first, and what to do then."""

from focuscli.bench.growth import answer_rows, cell_rows, check_rows, cost_rows, settled
from focuscli.bench.growth_audience import LENGTHS_MIN, Audience
from focuscli.bench.growth_facts import polled_share, read_findings
from focuscli.bench.tables import table
from focuscli.manual.pages import SOURCE
from focuscli.manual.roff import Page, italic
from focuscli.version import RELEASED

_WHAT = """
How an engine of a team grows with its listeners, for whoever has to buy machines for it. Everything here comes from
python -m focuscli.bench growth, which measures what rendering, answering, storing and sending cost, simulates
listeners, queue and renderers event by event, and computes what all of them share by formulas of queues. With --kept
it makes these very tables again, without it those of your machine.
"""
_MEASURED = """
Seconds are of one core of the machine on which this page was made: {machine}. Rendering is of pieces that nobody had
at hand, of all four goals. Postgres ran beside it on the same two cores, waiting for its disk at every commit.
"""
_MODEL = """
A session is cut, claimed and made as the engine does it: the lowest segment index first, then the older session, three
segments or six minutes ahead of what is ready each time somebody asks, with failed attempts made again after their
back-off. Listeners ask as focus watch does, every three seconds, and every second while little is at hand.

These are assumptions, and stand in one place (focuscli/bench/growth_audience.py): half of the listeners come
and go at random; the other half begins at nine o'clock, {burst:g} s late on average; sessions last {lengths} minutes
({shares} %), and {early:g} % of all leave at any moment of theirs; one attempt in {failing:,.0f} fails, and one in
{lost:,.0f} is lost with its renderer. Who was there before has what is ready.

What is kept: 99 of 100 listeners have their first segment within two seconds, and of ten thousand seconds at most one
is without music, in that burst; in the long run renderers are busy for 85 % of their time, engines and Postgres for
70 %.
"""
_CELLS = """
Cores is the larger of what the burst needs, as simulated, and what the long run needs. Nobody's first segment waits
for anything but what is being rendered, so a burst asks for less than the long run does: it is made up for later, while
everybody has music. The longest queue is in segments; unheard is what was rendered for those who left early, since a
listener who asks has more made than is heard. From cells of a tenth to whole ones a listener's share has settled, and
more listeners than ten thousand are so many cells that do not help each other.
"""
_ANSWERS = """
A Postgres server is one of 64 cores at most. Each engine process is one core, and opens up to seventeen connections.
Egress is audio (FLAC) and polls; with a bucket the audio does not pass the engines. What TLS costs the proxy was not
measured, and neither was a Dask scheduler: one of them for each cell is reckoned with.
"""
_THEN = """
In this order, as listeners come. What fills a part is what the tables above have; a part that is never full at your
size is none of your business.
"""
_HOW = """
Renderers need no state: let their number follow focus_queue_oldest_seconds (more of them where that is longer than a
segment lasts, fewer where it was zero for ten minutes), with at least the cores of the long run. A worker that is taken
away loses nothing, its segments are rendered again. Add before nine o'clock what the burst column says, or let the
queue be worked off: nobody hears it.

Of what Postgres does, {polls:.0f} % is answering polls. Clients that ask when next_ready_at says so, and not every
three seconds, leave most of that out. Polls only read, so that read replicas could answer them; engines know one
database, and would have to be told of these. Nothing that belongs together is in two organizations: a database, its
engines and a host name for some of them each is what needs no change of the program.

The audio goes from the bucket to the listener by URLs that the bucket signs (the settings objects and media_from);
put a CDN in front of the bucket for its egress price, not for its hits, as everybody's music is another.
"""


def growth_page() -> str:
    """focus-growth(7), of what is kept in focuscli/bench/growth.json."""
    findings, audience = read_findings(), Audience(steady=0)
    page = Page("focus-growth", 7, RELEASED, SOURCE, "Miscellaneous", "what many listeners of focus need")
    page.section("DESCRIPTION")
    page.prose(_WHAT)
    page.section("MEASURED")
    page.prose(_MEASURED.format(machine=findings.costs.machine))
    page.example(_lines(cost_rows(findings.costs)))
    page.section("THE MODEL")
    page.prose(
        _MODEL.format(
            burst=audience.burst_mean_s,
            lengths=", ".join(f"{minutes:g}" for minutes, _ in LENGTHS_MIN),
            shares=", ".join(f"{100 * share:g}" for _, share in LENGTHS_MIN),
            early=100 * audience.leave_early,
            failing=1 / audience.failing,
            lost=1 / audience.lost,
        )
    )
    page.section("SIMULATED")
    page.example(_lines(cell_rows(findings.cells)))
    page.after(_CELLS)
    page.section("NEEDED")
    page.example(_lines(answer_rows(findings.answers)))
    page.after(_ANSWERS)
    page.section("WHAT IS FULL FIRST")
    page.prose(_THEN)
    page.items(
        (italic(limit.part), f"{float(f'{limit.listeners:.2g}'):,.0f} listeners. Then: {limit.then}.")
        for limit in findings.limits
    )
    page.section("WHAT TO DO THEN")
    page.prose(_HOW.format(polls=100 * polled_share(findings.costs, findings.cells[-1].rates)))
    page.section("WHETHER IT IS TRUE")
    page.text("The model beside the engine itself, and how far apart they may be:")
    page.example(_lines(check_rows([*findings.checks, settled(findings.cells)])))
    page.see_also([("focus-engine", 7), ("focus-engine-serve", 1), ("focus-config", 5)])
    return page.written()


def _lines(rows: list[dict[str, object]]) -> list[str]:
    return [line.rstrip() for line in table(rows).splitlines()]
