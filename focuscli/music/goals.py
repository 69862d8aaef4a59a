"""The table of characters: what each goal and intensity asks of tempo, harmony, parts, sound and room.

Tempo, density, register, percussion, modulation and mode follow the published findings on music for work,
rest, sleep and exercise; the felt tempi of `focus` are 960/k bpm, so that sixteen cycles of modulation a
second (Woods 2019, 2024) are a whole number a beat. Levels are LU against a part's one-note-a-second.
"""

from dataclasses import dataclass, replace

from focuscli.model import Goal, Intensity
from focuscli.music.timbres import DARK_HZ, WIDE_HZ


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud each part plays, in LU before the session's own gain."""

    pad: float = -9.5
    keys: float = -6.5
    lead: float = -3.0
    bass: float = -4.5
    drums: float = -0.5
    cymbals: float = -7.0
    """Hat and shaker, on top of the drums."""
    texture: float = -22.0
    room: float = -8.0
    trim: float = 0.6
    """What crossfades, warmth, limiter and gate do to the loudness on average, measured."""


@dataclass(frozen=True, slots=True)
class Character:
    """Everything a goal and an intensity say about the music; the composer and the mix read it."""

    goal: Goal
    tempo: tuple[float, float]
    """Felt beats a minute, from and to."""
    grid_16hz: tuple[int, ...] = ()
    """For tempi of 960/k: the choices of k."""
    modes: tuple[str, ...] = ("ionian",)
    bars_per_chord: int = 2
    chromatic: float = 0.3
    """How often a chord borrows a tone from another key where it may, 0…1."""
    style: str = "comp"
    """How the keys play: comp, roll, arpeggio or sparse."""
    onsets: float = 2.0
    """Notes of the keys a second at full density (chords count once)."""
    pad_centre: int = 59
    keys_centre: int = 62
    lead_centre: int = 74
    lowest: int = 36
    """The lowest root of the bass."""
    ceiling: int = 84
    """No note above this MIDI number."""
    attack_ms: float = 2.0
    """The shortest attack of anything that has a pitch."""
    touch: float = 0.0
    """How much harder keys and lead are struck than their players would, on the scale of velocities."""
    keys: tuple[str, ...] = ("epiano",)
    lead: tuple[str, ...] = ("vibes",)
    melody: float = 0.6
    """How much of the time the lead speaks, 0…1."""
    cell: tuple[int, int] = (4, 7)
    """Notes of a motif, from and to."""
    bass: str = "long"
    """How the bass moves: drone, long, steps or drive."""
    basses: tuple[str, ...] = ("bass",)
    """Which basses may play it."""
    pause_every: int = 0
    """Phrases from one rest of everybody to the next; a pause relaxes more than any tone (Bernardi 2006)."""
    groove: str = ""
    kits: tuple[str, ...] = ("felt",)
    swing: float = 0.5
    fills: float = 0.0
    modulation: float = 0.0
    """Depth of the dip in gain, sixteen times a second."""
    pump: float = 0.0
    """How far the kick pushes the pad down, 0…1."""
    brightness: float = 0.5
    drive: float = 0.0
    pads: tuple[str, ...] = ("strings", "warm")
    crossfade_s: float = 2.4
    """How long one chord of the pad takes to become the next."""
    pad_upper_db: float = -12.0
    """How much of the pad's bright half lies above 2 kHz, in dB of its power, whichever sound it has."""
    pad_dark_hz: float = DARK_HZ
    """Where the filter of the pad's dark half cuts."""
    pad_yields: float = 0.0
    """How far the dark half makes room for the bright one, 0…1: at 1 the filter opens without growing louder."""
    pad_wide_hz: float = WIDE_HZ
    """From here on the pad's left and right are as far apart as they get."""
    tide: tuple[float, float] = (0.0, 0.0)
    """How far before the pad's voices a drone stands, from and to, in LU: as one goes, the other comes. Where there is
    no drone, the voices ebb before whatever else plays."""
    pad_strays: float = 0.0
    """How many octaves all divergence makes the pad's filters wander from one renewal to the next."""
    pad_stirs: bool = False
    """Whether each chord of the pad moves in a way of its own: where chords are long and little else happens."""
    sweep: float = 1.0
    """How far the filter of the pad's bright half opens and closes: 1 is all of its 24 dB."""
    textures: tuple[str, ...] = ("pink",)
    bed_follows: bool = False
    """Whether the textures keep their distance to the pad, where little else plays."""
    swell_s: float = 21.0
    swell_lu: float = 1.2
    """Period and depth of the slow swell of the whole, as slow as breathing or slower; a period of 0 is a bar's."""
    dynamics_lu: float = 3.0
    """How far the phrases' own dynamics reach, from soft to loud."""
    dynamics_s: float = 9.0
    """How long they take from one level to the next."""
    flutter_lu: float = 0.0
    """How far the whole wavers within a second or so, where little else moves: no breath and no bow is quite steady."""
    even_lu: float = 2.0
    """How far a moment may stand out of the half minute around it before it is levelled."""
    room_s: float = 2.0
    levels: Levels = Levels()


_FOCUS = Character(
    goal=Goal.FOCUS,
    tempo=(87.0, 96.0),
    grid_16hz=(10, 11),
    modes=("dorian", "mixolydian", "ionian"),
    bars_per_chord=2,
    chromatic=1.35,
    style="comp",
    onsets=1.2,
    pad_centre=56,
    keys_centre=62,
    lead_centre=72,
    ceiling=76,
    attack_ms=8.5,
    touch=0.08,
    keys=("epiano", "felt", "nylon", "wurli", "vibes"),
    lead=("vibes", "kalimba", "nylon", "clarinet", "celesta", "marimba"),
    melody=0.6,
    cell=(3, 5),
    bass="steps",
    basses=("bass", "upright", "fretless", "sub"),
    groove="soft",
    kits=("felt", "cloth", "brush"),
    swing=0.56,
    modulation=0.182,
    pump=0.14,
    brightness=0.8,
    drive=0.04,
    pads=("strings", "warm", "choir", "tide", "reed", "horns", "organ", "ooh", "shimmer", "haze"),
    pad_yields=1.0,
    pad_wide_hz=220.0,
    pad_upper_db=-10.5,
    sweep=2.0,
    textures=("vinyl", "room"),
    swell_lu=0.7,
    dynamics_lu=6.8,
    even_lu=1.8,
    dynamics_s=13.0,
    room_s=1.9,
    levels=Levels(
        pad=-11.0, keys=-5.2, lead=-4.9, bass=-6.6, drums=3.6, cymbals=-10.6, texture=-23.0, room=-10.0, trim=0.65
    ),
)

_RELAX = Character(
    goal=Goal.RELAX,
    tempo=(61.0, 68.0),
    modes=("ionian", "lydian", "dorian"),
    bars_per_chord=2,
    chromatic=1.5,
    style="roll",
    onsets=1.1,
    pad_centre=57,
    keys_centre=59,
    lead_centre=72,
    ceiling=79,
    attack_ms=70.0,
    keys=("felt", "harp", "nylon", "epiano", "handpan"),
    lead=("flute", "bowed", "felt", "voice", "vibes", "koto"),
    melody=0.65,
    cell=(5, 8),
    bass="long",
    basses=("bass", "upright", "fretless", "sub"),
    pause_every=6,
    groove="pulse",
    kits=("felt", "brush"),
    brightness=0.7,
    pads=("strings", "choir", "glass", "ooh", "shimmer", "tide", "haze", "vowels", "warm", "horns"),
    textures=("rain", "ocean"),
    swell_s=10.0,
    swell_lu=2.4,
    dynamics_lu=14.5,
    dynamics_s=18.0,
    even_lu=2.5,
    pad_dark_hz=355.0,
    pad_upper_db=-9.0,
    pad_wide_hz=300.0,
    pad_yields=1.0,
    sweep=2.2,
    pad_strays=1.8,
    room_s=2.6,
    tide=(-14.0, 6.0),
    levels=Levels(pad=-5.0, keys=-5.6, lead=-6.0, bass=0.2, room=-9.0, texture=-19.2, drums=-0.3, trim=0.17),
)

_SLEEP = Character(
    goal=Goal.SLEEP,
    tempo=(48.0, 56.0),
    modes=("ionian", "lydian"),
    bars_per_chord=4,
    chromatic=0.0,
    style="sparse",
    onsets=0.38,
    pad_centre=50,
    keys_centre=54,
    lead_centre=56,
    lowest=33,
    ceiling=60,
    attack_ms=350.0,
    keys=("glass", "felt", "bowed", "vibes", "voice"),
    lead=("flute", "voice", "glass", "bowed"),
    melody=0.0,
    bass="drone",
    brightness=0.78,
    pads=("deep", "hush", "warm", "ooh", "horns", "strings", "choir", "tide", "haze", "organ"),
    pad_dark_hz=230.0,
    pad_wide_hz=120.0,
    pad_yields=1.0,
    pad_upper_db=-8.0,
    pad_stirs=True,
    pad_strays=2.4,
    sweep=1.55,
    crossfade_s=5.0,
    textures=("breath",),
    bed_follows=True,
    swell_s=9.2,
    swell_lu=1.7,
    dynamics_lu=4.4,
    dynamics_s=18.0,
    even_lu=2.0,
    flutter_lu=0.7,
    room_s=3.6,
    tide=(-13.0, 8.0),
    levels=Levels(pad=-5.0, keys=-7.0, lead=-10.5, texture=-16.8, room=-4.5, trim=-0.05),
)

_ENERGIZE = Character(
    goal=Goal.ENERGIZE,
    tempo=(122.0, 125.5),
    modes=("mixolydian", "ionian", "dorian"),
    bars_per_chord=2,
    chromatic=0.8,
    style="arpeggio",
    onsets=3.6,
    pad_centre=60,
    keys_centre=62,
    lead_centre=77,
    lowest=31,
    ceiling=84,
    attack_ms=3.2,
    keys=("synth", "harp", "kalimba", "epiano", "koto", "grand"),
    lead=("wurli", "vibes", "synth", "marimba", "koto", "celesta"),
    melody=0.6,
    cell=(3, 6),
    bass="drive",
    basses=("saw bass", "bass", "upright", "sub"),
    groove="full",
    kits=("tight", "electronic", "live"),
    swing=0.52,
    fills=0.3,
    pump=0.35,
    brightness=1.0,
    drive=0.07,
    pads=("strings", "tide", "glass", "warm", "horns", "reed", "organ", "vowels", "shimmer", "choir"),
    pad_upper_db=-8.0,
    pad_wide_hz=320.0,
    textures=("air",),
    swell_s=0.0,
    swell_lu=2.2,
    dynamics_lu=10.5,
    even_lu=2.5,
    room_s=1.6,
    levels=Levels(pad=-11.0, keys=-7.0, lead=-4.2, bass=-4.4, cymbals=-6.2, room=-11.6, texture=-27.0, trim=0.75),
)

_LOW, _MEDIUM, _HIGH = Intensity.LOW, Intensity.MEDIUM, Intensity.HIGH

CHARACTERS: dict[tuple[Goal, Intensity], Character] = {
    (Goal.FOCUS, _LOW): replace(
        _FOCUS, tempo=(73.0, 80.0), grid_16hz=(12, 13), modes=("dorian", "ionian"), bars_per_chord=4,
        onsets=0.9, keys_centre=59, lead_centre=68, ceiling=72, attack_ms=22.5, melody=0.5, bass="long",
        groove="tick", kits=("felt", "brush", "cloth"), modulation=0.06, pump=0.0, brightness=0.8, drive=0.02,
        swell_lu=0.5, dynamics_lu=4.6, dynamics_s=17.0, even_lu=1.35, pad_dark_hz=200.0, sweep=2.8,
        levels=replace(_FOCUS.levels, pad=-8.0, keys=-6.9, lead=-9.0, bass=-1.8, drums=3.2, cymbals=-7.6, trim=0.3),
    ),
    (Goal.FOCUS, _MEDIUM): _FOCUS,
    (Goal.FOCUS, _HIGH): replace(
        _FOCUS, tempo=(106.0, 120.0), grid_16hz=(8, 9), modes=("dorian", "aeolian", "mixolydian"),
        onsets=1.8, keys_centre=62, lead_centre=74, ceiling=79, attack_ms=5.5, touch=0.14, melody=0.7,
        groove="four", swing=0.53, modulation=0.42, pump=0.22, brightness=1.0, drive=0.06, room_s=1.7,
        dynamics_lu=8.8, levels=replace(_FOCUS.levels, bass=-12.4, drums=0.6, cymbals=-5.9, trim=0.35),
    ),
    (Goal.RELAX, _LOW): replace(
        _RELAX, tempo=(54.0, 60.0), onsets=0.55, lead_centre=67, ceiling=72, attack_ms=166.0, melody=0.4,
        groove="", brightness=1.3, keys=("felt", "harp", "handpan", "nylon"), lead=("flute", "bowed", "voice", "felt"),
        textures=("rain", "ocean"), pad_centre=55, keys_centre=53, swell_lu=0.6, even_lu=1.45,
        dynamics_lu=12.5, tide=(-14.0, 2.0), pad_dark_hz=208.0, pad_upper_db=-7.0, pad_wide_hz=230.0,
        levels=replace(_RELAX.levels, pad=-7.0, keys=-4.1, lead=-7.2, bass=2.4, texture=-21.2),
    ),
    (Goal.RELAX, _MEDIUM): _RELAX,
    (Goal.RELAX, _HIGH): replace(
        _RELAX, tempo=(68.0, 76.0), modes=("ionian", "lydian", "dorian", "mixolydian"), onsets=1.6,
        keys_centre=60, lead_centre=74, attack_ms=34.0, melody=0.75, groove="brush", brightness=0.8,
        keys=("harp", "felt", "nylon", "epiano", "koto"), dynamics_lu=14.0, kits=("brush", "felt"),
        textures=("rain", "brook"),
        levels=replace(_RELAX.levels, keys=-5.3, drums=3.2, texture=-18.7, trim=-0.05),
    ),
    (Goal.SLEEP, _LOW): replace(
        _SLEEP, tempo=(42.0, 48.0), onsets=0.25, pad_centre=48, keys_centre=50, ceiling=57, attack_ms=560.0,
        keys=("glass", "bowed", "voice", "vibes", "felt"),
        brightness=0.52, swell_lu=1.57, swell_s=9.4, dynamics_lu=5.0, dynamics_s=24.0, even_lu=1.45, flutter_lu=0.4,
        sweep=1.7, pad_dark_hz=160.0, tide=(-14.0, 4.5),
        levels=replace(_SLEEP.levels, keys=-10.4, texture=-16.8),
    ),
    (Goal.SLEEP, _MEDIUM): _SLEEP,
    (Goal.SLEEP, _HIGH): replace(
        _SLEEP, tempo=(56.0, 62.0), modes=("ionian", "lydian", "mixolydian"), bars_per_chord=2, onsets=0.6,
        pad_centre=53, keys_centre=56, lead_centre=58, ceiling=64, attack_ms=215.0, brightness=0.78, melody=0.3,
        swell_lu=1.9, dynamics_lu=6.6, even_lu=2.2, pad_dark_hz=285.0,
        levels=replace(_SLEEP.levels, keys=-9.2, lead=-12.3, texture=-14.2, trim=0.0),
    ),
    (Goal.ENERGIZE, _LOW): replace(
        _ENERGIZE, tempo=(104.0, 107.0), modes=("ionian", "mixolydian"), onsets=1.5, keys_centre=60,
        lead_centre=73, ceiling=79, attack_ms=5.5, groove="light", fills=0.15, modulation=0.0, pump=0.22,
        swell_lu=1.0, dynamics_lu=9.0, brightness=0.7, drive=0.05,
        levels=replace(_ENERGIZE.levels, bass=-5.4, drums=-0.9, cymbals=-14.6, texture=-32.0, trim=0.55),
    ),
    (Goal.ENERGIZE, _MEDIUM): _ENERGIZE,
    (Goal.ENERGIZE, _HIGH): replace(
        _ENERGIZE, tempo=(131.0, 133.5), modes=("dorian", "aeolian"), onsets=5.6, melody=0.7,
        fills=0.6, pump=0.45, brightness=1.2, drive=0.1,
        levels=replace(_ENERGIZE.levels, drums=0.8, cymbals=-6.6),
    ),
}  # fmt: skip
