"""The lexicon of instruments and parts, by what this generator has nearest to them.

Each row: a concept, its wish, and its words in English, German, Spanish and French; "-" before a word turns it
round.
"""

from focuscli.music.prompt.meaning import Concept, Wish

_DRUMS = ("drums",)

SOUNDS: dict[str, Concept] = {
    # instruments
    "piano": Concept(
        Wish(instruments=("felt",)),
        "piano, pianos, pianist, grand piano, upright, felt piano, felt, satie, chopin",
        "klavier, flügel, klaviermusik",
        "piano, pianos",
        "piano, pianos",
    ),
    "electric piano": Concept(
        Wish(instruments=("epiano",)),
        "electric piano, e piano, epiano, rhodes, wurlitzer, wurli, keys, keyboard, keyboards, fm piano",
        "elektrisches klavier, keyboard",
        "piano electrico, teclado, teclados",
        "piano electrique, clavier",
    ),
    "guitar": Concept(
        Wish(instruments=("nylon",)),
        "guitar, guitars, acoustic guitar, nylon, ukulele, lute, banjo, fingerpicking, plucked, fingerstyle",
        "gitarre, gitarren, laute",
        "guitarra, guitarras, laud, ukelele",
        "guitare, guitares, luth",
    ),
    "koto": Concept(
        Wish(instruments=("koto",)), "koto, sitar, shamisen, pipa, guzheng", "koto, sitar", "koto, sitar", "koto, sitar"
    ),
    "clarinet": Concept(
        Wish(instruments=("clarinet",)),
        "clarinet, oboe, bassoon",
        "klarinette, oboe",
        "clarinete",
        "clarinette, hautbois",
    ),
    "handpan": Concept(
        Wish(instruments=("handpan",)),
        "handpan, hang drum, steel drum, steel drums, steelpan",
        "handpan",
        "handpan",
        "handpan",
    ),
    "harp": Concept(
        Wish(instruments=("harp",)),
        "harp, harps, harpsichord, zither, lyre, dulcimer",
        "harfe, zither, leier",
        "arpa, arpas, citara",
        "harpe, harpes, clavecin, cithare",
    ),
    "flute": Concept(
        Wish(instruments=("flute",)),
        "flute, flutes, flutist, bamboo flute, pan flute, recorder, whistle, ocarina, woodwind, "
        "woodwinds, shakuhachi, saxophone, sax, trumpet",
        "flöte, flöten, blockflöte, querflöte, saxophon, trompete",
        "flauta, flautas, saxofon, saxo, trompeta",
        "flûte, flûtes, trompette",
    ),
    "vibraphone": Concept(
        Wish(instruments=("vibes",)),
        "vibraphone, vibraphon, vibes player",
        "vibraphon, vibrafon",
        "vibrafono",
        "vibraphone",
    ),
    "marimba": Concept(
        Wish(instruments=("marimba",)),
        "marimba, xylophone, balafon, woodblock, wooden",
        "xylophon",
        "xilofono",
        "xylophone, marimbas",
    ),
    "kalimba": Concept(
        Wish(instruments=("kalimba",)),
        "kalimba, mbira, thumb piano",
        "daumenklavier",
        "kalimba",
        "kalimba, sanza",
    ),
    "bells": Concept(
        Wish(instruments=("glass",)),
        "bell, bells, chime, chimes, glockenspiel, celesta, music box, glass, crystal, singing bowl, singing bowls, "
        "tibetan bowls, bowls, gong, gamelan, wind chimes",
        "glocke, glocken, klangschale, klangschalen, spieluhr, gong, windspiel, glas",
        "campana, campanas, campanillas, cuenco, cuencos, cuencos tibetanos, cristal, caja de musica",
        "cloche, cloches, carillon, bol, bols tibetains, boite a musique, cristal",
    ),
    "strings": Concept(
        Wish(pads=("strings",)),
        "strings, string, violin, violins, viola, cello, cellos, orchestra, orchestral, symphonic, string quartet, "
        "cinematic, film score, soundtrack, fiddle",
        "streicher, geige, geigen, violine, bratsche, orchester, filmmusik, streichquartett",
        "cuerdas, violin, violines, violonchelo, chelo, orquesta, cinematografico",
        "cordes, violon, violons, violoncelle, orchestre, musique de film",
    ),
    "choir": Concept(
        Wish(pads=("choir",)),
        "choir, choirs, choral, voice, voices, vocal, vocals, lyrics, singing, sung, singer, chant, chants, "
        "humming, gregorian, angels, angelic, -wordless",
        "chor, chöre, stimme, stimmen, gesang, gesungen, singen",
        "coro, coros, voz, voces, canto, letra, cantado, vocales",
        "choeur, choeurs, chœur, voix, chant, chants, paroles, chorale",
    ),
    "organ": Concept(
        Wish(pads=("organ",), room=1.2),
        "organ, accordion, harmonium, pipe organ, church organ",
        "orgel, akkordeon, kirchenorgel",
        "organo, acordeon",
        "orgue, accordeon",
    ),
    "warm pad": Concept(
        Wish(pads=("warm",), density=0.8, parts=("pad",)),
        "warm pad, warm pads, pad, pads, synth pad, synth pads, lush pads, analog pads, warm synth",
        "fläche, flächen, teppich, klangfläche, klangflächen, synthflächen",
        "colchon, colchones, pads",
        "nappe, nappes",
    ),
    "synthesiser": Concept(
        Wish(instruments=("synth",), pads=("warm", "tide")),
        "synth, synths, synthesizer, synthesiser, analog, analogue, modular, moog, electronic, electronica, electro",
        "synthesizer, elektronisch, elektro",
        "sintetizador, sintetizadores, electronica, electronico",
        "synthe, synthetiseur, electronique, electro",
    ),
    # parts
    "drums": Concept(
        Wish(parts=_DRUMS),
        "drum, drums, drummer, drumming, beat, beats, percussion, percussive, rhythm, rhythmic, rhythms, pulse, "
        "groove, groovy, kick, snare, hi hat, hi hats, hihat, hihats, cymbal, cymbals, bongo, bongos, conga, "
        "congas, tabla, djembe, shaker, -drumless, -beatless",
        "schlagzeug, trommel, trommeln, perkussion, rhythmus, takt, schlagzeuge, drumcomputer, becken, -trommelfrei",
        "bateria, baterias, tambor, tambores, percusion, ritmo, ritmos, ritmico, bombo",
        "batterie, tambour, tambours, percussion, percussions, rythme, rythmes, rythmique",
    ),
    "brushes": Concept(
        Wish(parts=_DRUMS, groove="brush"),
        "brush, brushes, brushed, brushed drums, soft drums, soft beat, soft beats",
        "besen, jazzbesen",
        "escobillas",
        "balais",
    ),
    "four on the floor": Concept(
        Wish(parts=_DRUMS, groove="four"),
        "four on the floor, four to the floor, steady beat, steady pulse, steady rhythm, 4 4, metronomic",
        "gleichmässiger takt, gerader beat",
        "ritmo constante",
        "rythme regulier",
    ),
    "bass": Concept(
        Wish(parts=("bass",)),
        "bass, basses, bassline, bass line, sub bass, subbass, double bass, upright bass, 808, low end, -bassless",
        "bass, bässe, kontrabass, basslinie",
        "bajo, bajos, contrabajo",
        "basse, basses, contrebasse",
    ),
    "melody": Concept(
        Wish(melody=0.3, parts=("melody",)),
        "melody, melodies, melodic, tune, lead, solo instrument, hook, theme, catchy",
        "melodie, melodien, melodisch",
        "melodia, melodias, melodico",
        "melodie, melodies, melodique",
    ),
    "background": Concept(
        Wish(melody=-0.25),
        "background, unobtrusive, in the background, wallpaper, ambience, unintrusive, subtle",
        "hintergrund, hintergrundmusik, unaufdringlich",
        "fondo, de fondo",
        "fond, en fond, discret",
    ),
    "solo": Concept(
        Wish(without=("drums", "bass")),
        "solo, unaccompanied",
        "solo",
        "a solas, solista",
        "en solo",
    ),
    "arpeggio": Concept(
        Wish(density=1.3),
        "arpeggio, arpeggios, arpeggiated, arp, arps",
        "arpeggien",
        "arpegio, arpegios",
        "arpege, arpeges",
    ),
}  # fmt: skip
