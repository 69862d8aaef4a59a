"""The lexicon of times: of the day and of the year.

Each row: a concept, its wish, and its words in English, German, Spanish and French.
"""

from focuscli.model import Goal
from focuscli.music.prompt.meaning import Concept, Wish

_BRIGHT, _SOMBRE = ("ionian", "lydian"), ("aeolian", "dorian")

TIMES: dict[str, Concept] = {
    "morning": Concept(
        Wish(brightness=1.25, modes=_BRIGHT),
        "morning, mornings, sunrise, dawn, daybreak, breakfast",
        "morgen, morgens, sonnenaufgang, frühstück, morgengrauen",
        "mañana, amanecer, desayuno, alba",
        "matin, aube, lever du soleil, petit dejeuner, matinee",
    ),
    "afternoon": Concept(
        Wish(),
        "afternoon, noon, midday, lunch",
        "nachmittag, mittag",
        "tarde, mediodia, almuerzo",
        "apres midi, midi, dejeuner",
    ),
    "evening": Concept(
        Wish(Goal.RELAX, 0.6, brightness=0.85),
        "evening, evenings, sunset, dusk, twilight, golden hour, after work, dinner",
        "abend, abends, sonnenuntergang, dämmerung, feierabend, abendessen",
        "atardecer, anochecer, ocaso, cena, crepusculo",
        "soir, soiree, crepuscule, coucher de soleil, coucher du soleil, diner",
    ),
    "night": Concept(
        Wish(Goal.SLEEP, 0.3, brightness=0.75),
        "night, nights, late night, midnight, nocturnal, nocturne, 2 am, 3 am, 4 am, 1 am, tonight, moon, moonlit, "
        "overnight",
        "nacht, nachts, mitternacht, mond, nächtlich",
        "noche, medianoche, luna, nocturno, madrugada",
        "nuit, minuit, lune, nocturne",
    ),
    "summer": Concept(
        Wish(brightness=1.25, modes=_BRIGHT),
        "summer, summery, tropical, holiday, vacation",
        "sommer, sommerlich, urlaub, ferien",
        "verano, vacaciones, veraniego",
        "été, vacances, estival",
    ),
    "autumn": Concept(
        Wish(brightness=0.75, modes=_SOMBRE, pads=("warm",)),
        "autumn, autumnal, fall leaves, october, november",
        "herbst, herbstlich",
        "otoño, otoñal",
        "automne, automnal",
    ),
    "winter": Concept(
        Wish(brightness=1.15, room=1.15, pads=("glass",)),
        "winter, wintry, snow, snowy, snowing, snowfall, frost, ice, icy, frozen, christmas",
        "schnee, verschneit, eis, eisig, frostig, weihnachten",
        "invierno, nieve, nevado, hielo, navidad",
        "hiver, neige, enneige, glace, noel",
    ),
    "spring": Concept(
        Wish(brightness=1.2, modes=("lydian", "ionian")),
        "spring, springtime, april, may morning",
        "frühling, frühjahr",
        "primavera",
        "printemps, printanier",
    ),
}  # fmt: skip
