"""The lexicon of qualities: tempo, density, colour, mood and mode.

Each row: a concept, its wish, and its words in English, German, Spanish and French. Italian
tempo words belong to all.
"""

from focuscli.music.prompt.meaning import Concept, Wish

_SOMBRE, _BRIGHT = ("aeolian", "dorian"), ("ionian", "lydian")

QUALITIES: dict[str, Concept] = {
    # how fast
    "slow": Concept(
        Wish(tempo=0.85),
        "slow, slower, slowly, slowed, slow paced, unhurried, leisurely",
        "langsam, langsamer, gemächlich, langsame",
        "lento, lenta, despacio, sin prisa, lentamente, pausado",
        "lent, lente, lentement, ralenti",
    ),
    "fast": Concept(
        Wish(tempo=1.15),
        "fast, faster, quick, quicker, speedy, rapid, up tempo, uptempo, fast paced, brisk",
        "schnell, schneller, flott, rasch, zügig",
        "rapido, rapida, veloz, deprisa, acelerado",
        "rapide, vite, rapidement, accelere",
    ),
    "largo": Concept(
        Wish(bpm=50.0),
        "largo, grave, lentissimo, larghetto",
    ),
    "adagio": Concept(
        Wish(bpm=66.0),
        "adagio, adagietto",
    ),
    "andante": Concept(
        Wish(bpm=82.0),
        "andante, andantino, walking pace",
    ),
    "moderato": Concept(
        Wish(bpm=98.0),
        "moderato, medium tempo, mid tempo, midtempo, moderate tempo, mittleres tempo, tempo medio, tempo modere",
    ),
    "allegretto": Concept(
        Wish(bpm=112.0),
        "allegretto",
    ),
    "allegro": Concept(
        Wish(bpm=126.0, tempo=1.05),
        "allegro, vivo",
    ),
    "vivace": Concept(
        Wish(bpm=140.0, tempo=1.1),
        "vivace, presto, prestissimo",
    ),
    # how much
    "sparse": Concept(
        Wish(density=0.5),
        "sparse, sparser, sparsely, few notes, fewer notes, less notes, spare, empty, bare, lots of space, roomy, "
        "negative space",
        "spärlich, karg, wenige töne, reduziert",
        "escaso, vacio, pocas notas",
        "epure, clairseme, vide, peu de notes",
    ),
    "minimal": Concept(
        Wish(density=0.55, melody=-0.2),
        "minimal, minimalist, minimalistic, minimalism, hypnotic, repetitive, philip glass",
        "minimalistisch, schlicht, hypnotisch",
        "minimalista, hipnotico, minimo",
        "minimaliste, hypnotique",
    ),
    "simple": Concept(
        Wish(density=0.75),
        "simple, simpler, plain, uncluttered, easy",
        "einfach",
        "sencillo, simple",
        "simple",
    ),
    "dense": Concept(
        Wish(density=1.4),
        "dense, denser, many notes, more notes, busy, busier, full, complex, layered, thick, intricate, rich, "
        "richer, lush",
        "dicht, voll, komplex, reich, üppig, vielschichtig",
        "denso, complejo, lleno, rico, exuberante",
        "dense, complexe, riche, charge",
    ),
    "quiet": Concept(
        Wish(density=0.75, brightness=0.8),
        "quiet, quieter, hushed, silent, silence, whisper, muted, low key, lowkey",
        "leise, leiser, gedämpft",
        "silencioso, silencio, callado, bajito",
        "silencieux, silence, feutre",
    ),
    "soft": Concept(
        Wish(brightness=0.7, attack=1.6),
        "soft, softer, softly, gentle, gently, tender, delicate, smooth, legato, velvet, lullaby like",
        "weich, sanft, zart, sacht, behutsam",
        "suave, suaves, delicado, tierno, suavemente",
        "doux, douce, doucement, delicat, tendre, douceur",
    ),
    "intense": Concept(
        Wish(density=1.25, brightness=1.25),
        "intense, intensity, heavy, loud, aggressive, hard, strong, wild, dramatic, massive",
        "intensiv, laut, hart, heftig, stark, wild, dramatisch",
        "intenso, fuerte, duro, agresivo, salvaje, dramatico",
        "intense, fort, agressif, sauvage, dramatique",
    ),
    "driving": Concept(
        Wish(tempo=1.05, density=1.2),
        "driving, propulsive, relentless, pulsing, pulsating, urgent",
        "treibend, antreibend, pulsierend",
        "impulsor, pulsante",
        "entrainante, pulsant",
    ),
    "crisp": Concept(
        Wish(attack=0.6, brightness=1.2),
        "crisp, punchy, snappy, plucky, staccato, percussive keys",
        "knackig, scharf",
        "nitido, punzante",
        "incisif",
    ),
    # colour
    "dark": Concept(
        Wish(brightness=0.45, modes=_SOMBRE),
        "dark, darker, darkness, gloomy, shadowy, gothic, noirish, ominous, black, murky, nightmare, sinister, "
        "horror, spooky, creepy",
        "dunkel, dunkle, dunkler, dunkles, dunklen, düster, finster, gruselig, schwarz",
        "oscuro, oscuridad, sombrio, tenebroso, siniestro, negro",
        "sombre, obscur, tenebreux, noir, sinistre, fonce",
    ),
    "bright": Concept(
        Wish(brightness=1.7, modes=_BRIGHT),
        "bright, brighter, brightness, brilliant, sparkling, sparkly, shimmering, shimmery, glittering, shiny, "
        "luminous, radiant, light, lighter, crystalline, clear",
        "hell, helle, heller, helles, strahlend, leuchtend, glitzernd, klar, funkelnd, licht",
        "luminoso, brillante, claro, resplandeciente, radiante",
        "lumineux, lumineuse, brillant, clair, claire, eclatant, scintillant",
    ),
    "sunny": Concept(
        Wish(brightness=1.4, modes=_BRIGHT),
        "sunny, sun, sunshine, sunlight, sunlit, sunbeam",
        "sonnig, sonne, sonnenschein",
        "soleado, sol",
        "ensoleille, soleil",
    ),
    "warm": Concept(
        Wish(brightness=0.7, pads=("warm",)),
        "warm, warmer, warmth, cozy, cosy, snug, homely, blanket, comfy, comforting, fuzzy, mellow light",
        "warme, warmes, gemütlich, kuschelig, behaglich, wohlig",
        "calido, calidez, acogedor, calentito, hogareño",
        "chaud, chaude, chaleureux, douillet, cosy",
    ),
    "cold": Concept(
        Wish(brightness=1.3, pads=("glass",)),
        "cold, colder, chilly, glacial, arctic, nordic, metallic",
        "kalt, kalte, kühl, nordisch, arktisch",
        "frio, fria, glacial, nordico",
        "froid, froide, frais, nordique",
    ),
    "deep": Concept(
        Wish(brightness=0.65, register=-4),
        "deep, deeper, low, lower, low register, low pitched, underwater, submarine, abyss, subterranean",
        "tief, tiefe, tiefer, unterwasser, tiefen",
        "profundo, profunda, grave, bajo el agua, submarino",
        "profond, profonde, sous l eau, sous marin",
    ),
    "high": Concept(
        Wish(brightness=1.2, register=4),
        "high register, high pitched, high notes, higher, treble",
        "hoch, höher, hohe töne",
        "agudo, alto registro",
        "aigu, aigus",
    ),
    "misty": Concept(
        Wish(brightness=0.6, room=1.3, density=0.8),
        "mist, misty, fog, foggy, hazy, haze, blurry, clouds, cloudy, overcast, grey, gray, smoke",
        "nebel, neblig, diesig, wolken, bewölkt, trüb, grau, nebelig",
        "niebla, neblina, brumoso, nubes, nublado, gris",
        "brume, brumeux, brouillard, nuages, nuageux, gris",
    ),
    # mood
    "sad": Concept(
        Wish(tempo=0.93, brightness=0.85, modes=_SOMBRE),
        "sad, sadness, sorrow, sorrowful, mournful, melancholy, melancholic, melancholia, lonely, loneliness, "
        "heartbreak, heartbroken, grief, depressed, crying, tears, blue, moody, bittersweet, somber, sombre, "
        "wistful, longing, gloom",
        "traurig, trauer, melancholisch, melancholie, einsam, wehmütig, sehnsucht, liebeskummer, schwermütig",
        "triste, tristeza, melancolico, melancolia, soledad, solitario, llorar, nostalgico triste",
        "triste, tristesse, melancolique, melancolie, seul, solitude, pleurer, chagrin",
    ),
    "happy": Concept(
        Wish(tempo=1.06, brightness=1.2, modes=_BRIGHT),
        "happy, happier, happiness, joy, joyful, joyous, cheerful, cheery, merry, playful, fun, feel good, "
        "feelgood, positive, good mood, smile, whimsical, bouncy, carefree",
        "fröhlich, glücklich, heiter, freude, gute laune, lustig, verspielt, munter, froh, vergnügt, positiv",
        "alegre, feliz, alegria, divertido, contento, felicidad, jugueton, positivo",
        "joyeux, joyeuse, heureux, heureuse, gai, joie, amusant, bonheur, enjoue, bonne humeur",
    ),
    "hopeful": Concept(
        Wish(modes=("lydian", "ionian"), brightness=1.15),
        "hopeful, hope, optimistic, uplifting, inspiring, inspirational, inspired, triumphant, majestic, heroic, "
        "wonder, magical, magic, enchanted, fairytale",
        "hoffnungsvoll, hoffnung, optimistisch, inspirierend, erhebend, magisch, märchenhaft",
        "esperanza, esperanzador, optimista, inspirador, magico",
        "espoir, plein d espoir, optimiste, inspirant, magique, feerique",
    ),
    "nostalgic": Concept(
        Wish(brightness=0.75, modes=("mixolydian", "dorian"), textures=("vinyl",)),
        "nostalgic, nostalgia, retro, vintage, old school, oldschool, memories, childhood, old, antique",
        "nostalgisch, erinnerungen, kindheit, alt, alte",
        "nostalgico, nostalgia, recuerdos, antiguo, infancia",
        "nostalgique, souvenirs, ancien, enfance, vieux",
    ),
    "romantic": Concept(
        Wish(brightness=0.85, modes=("ionian", "lydian"), tempo=0.95),
        "romantic, romance, in love, love song, lovers, sensual, intimacy, date night, wedding, sexy",
        "romantisch, liebe, verliebt, sinnlich",
        "romantico, amor, sensual, enamorado",
        "romantique, amour, sensuel, amoureux",
    ),
    "mysterious": Concept(
        Wish(modes=_SOMBRE, room=1.2, brightness=0.85),
        "mysterious, mystery, mystical, mystic, enigmatic, suspense, suspenseful, tense, tension, secret, eerie, "
        "haunting, haunted, occult, ritual",
        "geheimnisvoll, mysteriös, mystisch, rätselhaft, spannung, spannend, unheimlich",
        "misterioso, misterio, mistico, tension, suspenso, suspense, enigmatico",
        "mysterieux, mysterieuse, mystere, mystique, tendu, suspense, enigmatique, etrange",
    ),
    "dreamy": Concept(
        Wish(modes=("lydian", "ionian"), room=1.3, attack=1.3),
        "dreamy, dreamlike, dream like, surreal, psychedelic, trippy, hypnagogic, otherworldly, shoegaze, dream pop",
        "verträumt, träumerisch, traumhaft, surreal, psychedelisch",
        "soñador, onirico, surrealista, psicodelico, de ensueño",
        "reveur, reveuse, onirique, surrealiste, psychedelique",
    ),
    # mode
    "major": Concept(
        Wish(modes=("ionian",)),
        "major, major key",
        "dur",
        "mayor, tono mayor",
        "majeur",
    ),
    "minor": Concept(
        Wish(modes=("aeolian",)),
        "minor, minor key, minor keys",
        "moll",
        "menor, tono menor",
        "mineur",
    ),
    "dorian": Concept(
        Wish(modes=("dorian",)),
        "dorian, dorisch, dorico, dorien",
    ),
    "lydian": Concept(
        Wish(modes=("lydian",)),
        "lydian, lydisch, lidio, lydien",
    ),
    "mixolydian": Concept(
        Wish(modes=("mixolydian",)),
        "mixolydian, mixolydisch, mixolidio, mixolydien",
    ),
    "aeolian": Concept(
        Wish(modes=("aeolian",)),
        "aeolian, aolisch, eolico, eolien, natural minor",
    ),
    "ionian": Concept(
        Wish(modes=("ionian",)),
        "ionian, ionisch, jonico, ionien",
    ),
}  # fmt: skip
