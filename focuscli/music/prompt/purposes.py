"""The lexicon of purposes: what people do while they listen.

Each row: a concept, its wish, and its words in English, German, Spanish and French.
"""

from focuscli.model import Goal
from focuscli.music.prompt.meaning import Concept, Wish

_F, _R, _S, _E = Goal.FOCUS, Goal.RELAX, Goal.SLEEP, Goal.ENERGIZE

PURPOSES: dict[str, Concept] = {
    # what for
    "focus": Concept(
        Wish(_F, 2.5),
        "focus, focused, focusing, focussed, concentrate, concentrating, concentration, flow state, productivity, "
        "productive, in the zone, deep focus",
        "fokus, fokussiert, konzentration, konzentriert, konzentrieren",
        "concentracion, concentrarse, concentrarme, concentrado, enfoque, enfocarme",
        "concentration, concentrer, concentre, se concentrer",
    ),
    "work": Concept(
        Wish(_F, 2.0),
        "work, working, deep work, office, job, workday, admin, spreadsheet, email, emails, working from home, "
        "home office",
        "arbeit, arbeiten, buro, zum arbeiten",
        "trabajo, trabajar, trabajando, oficina",
        "travail, travailler, travaillant, bureau, bosser, boulot",
    ),
    "study": Concept(
        Wish(_F, 2.0),
        "study, studying, studies, learn, learning, homework, exam, exams, revision, revise, revising, math, maths, "
        "thesis, lecture, school, university, student, cram, cramming",
        "lernen, lerne, studieren, studium, hausaufgaben, prufung, klausur",
        "estudiar, estudio, estudiando, aprender, examen, examenes, deberes, tarea",
        "etudier, etude, etudes, apprendre, devoirs, examens, revisions, reviser",
    ),
    "coding": Concept(
        Wish(_F, 2.0),
        "code, coding, programming, programmer, developer, debugging, hacking, software",
        "programmieren, coden",
        "programar, programando, codigo",
        "programmer, coder",
    ),
    "reading": Concept(
        Wish(_F, 1.8, density=0.85),
        "read, reading, book, books, novel",
        "lesen, buch, lektüre",
        "leer, lectura, leyendo, libro",
        "lire, lecture, livre",
    ),
    "writing": Concept(
        Wish(_F, 1.8),
        "write, writing, essay, journaling, journal",
        "schreiben, schreibe, aufsatz",
        "escribir, escritura, escribiendo",
        "ecrire, ecriture, redaction",
    ),
    "creating": Concept(
        Wish(_F, 1.5),
        "design, designing, draw, drawing, paint, painting, sketching, creative, creativity, crafting",
        "zeichnen, malen, kreativ, gestalten",
        "dibujar, pintar, creativo, creatividad",
        "dessiner, peindre, creatif, creativite",
    ),
    "deadline": Concept(
        Wish(_F, 2.0, tempo=1.05, density=1.1),
        "deadline, crunch, get things done, pomodoro, sprint planning",
        "termindruck, abgabe",
        "entrega",
        "echeance",
    ),
    "stay awake": Concept(
        Wish(_F, 0.6, brightness=1.2),
        "stay awake, keep me awake, wide awake, wake up, waking up, awake, alert, no sleep",
        "wach bleiben, wach, wachbleiben, aufwachen",
        "despierto, despertar, mantenerme despierto",
        "rester eveille, eveille, reveil, me reveiller",
    ),
    "relax": Concept(
        Wish(_R, 1.5),
        "relax, relaxing, relaxed, relaxation, unwind, unwinding, wind down, destress, de stress, stress relief, "
        "stress, anxiety, anxious, decompress, rest, resting, rest a little, take a break, break",
        "entspannen, entspannung, entspannt, entspannend, ausruhen, erholung, erholen, abschalten, runterkommen, "
        "pause",
        "relajar, relajante, relajarse, relajarme, relajacion, relajado, descansar, descanso, desconectar, estres",
        "detendre, detente, relaxant, relaxation, relaxer, repos, se reposer, reposer, apaisant, apaisante, "
        "decompresser",
    ),
    "calm": Concept(
        Wish(_R, 1.0, density=0.8),
        "calm, calming, calmer, peace, peaceful, tranquil, tranquility, serene, serenity, soothing, mellow, "
        "stillness, zen",
        "ruhig, ruhe, stille, friedlich, beruhigend, gelassen, sanftmut",
        "tranquilo, tranquilidad, calma, calmado, paz, sereno, pacifico, suavecito",
        "calme, tranquille, paisible, paix, serein, serenite, zen",
    ),
    "meditation": Concept(
        Wish(_R, 2.0, density=0.6, room=1.2),
        "meditation, meditate, meditating, meditative, mindfulness, mindful, breathing, breathe, breathwork, "
        "prayer, chakra, contemplative",
        "meditieren, achtsamkeit, atmen, atemübung, gebet",
        "meditacion, meditar, respirar, respiracion, oracion, meditando",
        "mediter, respirer, respiration, priere, pleine conscience, meditatif",
    ),
    "yoga": Concept(
        Wish(_R, 2.0, density=0.85),
        "yoga, stretching, stretch, pilates, tai chi, qigong",
        "dehnen",
        "estiramientos",
        "etirements",
    ),
    "spa": Concept(
        Wish(_R, 1.8, density=0.7, room=1.15),
        "spa, massage, bath, bathtub, sauna, wellness, candle, candles, candlelight, reiki",
        "badewanne, kerze, kerzen, kerzenlicht",
        "masaje, baño, velas, balneario",
        "bain, bougie, bougies, thalasso",
    ),
    "tea": Concept(
        Wish(_R, 0.7),
        "tea, herbal tea",
        "tee",
        "infusion",
        "tisane",
    ),
    "chill": Concept(
        Wish(_R, 0.8),
        "chill, chilled, chilling, chillout, chill out, laid back, lounge, easygoing, lazy, downtempo, slow living, "
        "hygge",
        "chillen, gechillt, lässig, faul",
        "relajadito, perezoso",
        "pepere, decontracte, paresseux",
    ),
    "nature": Concept(
        Wish(_R, 0.5, pads=("warm",)),
        "nature, garden, meadow, spring meadow, countryside, picnic",
        "natur, garten, wiese, landschaft",
        "naturaleza, jardin, prado, campo",
        "nature, jardin, prairie, campagne",
    ),
    "sleep": Concept(
        Wish(_S, 2.5),
        "sleep, sleeping, sleepy, asleep, fall asleep, falling asleep, bedtime, bed, insomnia, deep sleep, "
        "can t sleep, cant sleep, night time, nighttime, drowsy, slumber, drift off, doze",
        "schlaf, schlafen, einschlafen, schlafe, schlaflos, bett, schlummern, durchschlafen, gute nacht",
        "dormir, dormirme, sueño, durmiendo, insomnio, cama, dormido, dormirse",
        "dormir, sommeil, endormir, s endormir, endormissement, insomnie, lit, dodo",
    ),
    "tired": Concept(
        Wish(_S, 0.8, tempo=0.96),
        "tired, exhausted, weary, worn out, sleep deprived",
        "müde, erschöpft, ausgelaugt",
        "cansado, cansada, agotado",
        "fatigué, fatiguée, épuisé, crevé",
    ),
    "nap": Concept(
        Wish(_S, 2.2, brightness=1.1),
        "nap, napping, siesta, power nap",
        "nickerchen, mittagsschlaf",
        "siesta",
        "sieste",
    ),
    "lullaby": Concept(
        Wish(_S, 1.8, melody=0.3),
        "lullaby, baby, newborn, infant, toddler, nursery",
        "wiegenlied, schlaflied, säugling",
        "nana, cancion de cuna, bebe",
        "berceuse, bebe, nourrisson",
    ),
    "dream": Concept(
        Wish(_S, 1.2, room=1.15),
        "dream, dreams, dreaming, moonlight, lucid dream",
        "traum, träume, träumen, mondlicht, traeumen",
        "soñar, sueños, luz de luna",
        "rever, rêve, rêves, clair de lune",
    ),
    "energy": Concept(
        Wish(_E, 1.5),
        "energy, energetic, energize, energizing, energising, energise, pump, pumped, pumping, hype, power, "
        "powerful, motivation, motivating, motivational, motivate, epic, adrenaline, boost, upbeat, uplifting beat, "
        "lively",
        "energie, energisch, energiegeladen, motivation, motivierend, kraftvoll, antrieb, schwungvoll",
        "energia, energico, motivacion, motivador, animado, animada, potente",
        "energie, energique, motivation, motivant, entrainant, puissant, tonique, dynamique",
    ),
    "workout": Concept(
        Wish(_E, 2.5),
        "workout, work out, working out, gym, exercise, exercising, exercises, fitness, training, lifting, weights, "
        "weightlifting, crossfit, hiit, cardio, aerobics, boxing, push ups, spinning, sport, sports",
        "sport, training, trainieren, fitnessstudio, krafttraining, kraftsport, turnen",
        "entrenar, entrenamiento, gimnasio, ejercicio, deporte, pesas",
        "entrainement, sport, gym, musculation, exercice, s entrainer",
    ),
    "running": Concept(
        Wish(_E, 2.5, tempo=1.03),
        "run, running, runner, jog, jogging, marathon, sprint, treadmill, 5k, 10k",
        "laufen, joggen, rennen, laufmusik, dauerlauf",
        "correr, corriendo, maraton, trotar, footing",
        "courir, course, footing, jogging, course a pied",
    ),
    "cycling": Concept(
        Wish(_E, 2.0),
        "cycling, bike ride, biking, bicycle, rowing, hiking uphill",
        "radfahren, fahrrad, rudern",
        "ciclismo, bicicleta, bici",
        "velo, cyclisme",
    ),
    "dance": Concept(
        Wish(_E, 1.8, groove="full"),
        "dance, dancing, danceable, party, club, clubbing, disco, rave, dancefloor, festival",
        "tanzen, tanz, feier, feiern, disko",
        "bailar, baile, fiesta, discoteca",
        "danser, danse, fete, soiree dansante",
    ),
    "cleaning": Concept(
        Wish(_E, 1.8),
        "cleaning, clean the, housework, chores, tidying, tidy up, ironing, cooking, baking",
        "putzen, aufräumen, hausarbeit, kochen, bügeln",
        "limpiar, limpieza, cocinar",
        "menage, nettoyer, cuisiner, ranger",
    ),
    "driving": Concept(
        Wish(_E, 0.6, groove="light"),
        "road trip, roadtrip, drive, night drive, highway, car ride, driving home, driving down, driving through",
        "autofahrt, autofahren, autobahn, roadtrip",
        "conducir, carretera, viaje en coche",
        "conduire, autoroute, route de nuit",
    ),
    "gaming": Concept(
        Wish(_E, 0.7),
        "gaming, video game, videogame, game, arcade, boss fight",
        "zocken, videospiel, computerspiel",
        "videojuego, jugar",
        "jeu video, jouer",
    ),
    "walking": Concept(
        Wish(_R, 0.6, tempo=1.05),
        "walk, walking, stroll, strolling, hike, hiking, commute, commuting",
        "spaziergang, spazieren, wandern, pendeln",
        "paseo, pasear, caminar, caminata",
        "promenade, marcher, balade, randonnee",
    ),
}  # fmt: skip
