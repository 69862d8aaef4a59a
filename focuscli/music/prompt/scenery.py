"""The lexicon of scenery: weather, noises, places that sound and genres.

Each row: a concept, its wish, and its words in English, German, Spanish and French.
"""

from focuscli.model import Goal
from focuscli.music.prompt.meaning import Concept, Wish

_F, _R, _S, _E = Goal.FOCUS, Goal.RELAX, Goal.SLEEP, Goal.ENERGIZE
_DRUMS = ("drums",)
_SOMBRE = ("aeolian", "dorian")

SCENERY: dict[str, Concept] = {
    # textures
    "rain": Concept(
        Wish(textures=("rain",)),
        "rain, rainy, raining, drizzle, downpour, raindrops, rainfall, rainforest, shower, monsoon",
        "regen, regnerisch, regnet, verregnet, regentropfen, niesel, regentag",
        "lluvia, lluvioso, llueve, lloviendo, llovizna, gotas",
        "pluie, pluvieux, pluvieuse, il pleut, bruine, averse, gouttes",
    ),
    "storm": Concept(
        Wish(textures=("rain",), brightness=0.8),
        "storm, stormy, thunder, thunderstorm, thunderstorms, lightning, tempest",
        "sturm, gewitter, donner, stürmisch",
        "tormenta, trueno, truenos, tempestad",
        "orage, tonnerre, tempete, orageux",
    ),
    "ocean": Concept(
        Wish(textures=("ocean",)),
        "ocean, oceans, sea, seaside, wave, waves, beach, surf, shore, coast, coastal, island, water, harbour, harbor",
        "meer, ozean, welle, wellen, strand, meeresrauschen, küste, wasser, ostsee, nordsee",
        "mar, oceano, ola, olas, playa, costa, agua, orilla",
        "mer, ocean, vague, vagues, plage, cote, eau, rivage",
    ),
    "brook": Concept(
        Wish(textures=("brook",)),
        "brook, river, stream, creek, waterfall, lake, fountain",
        "bach, fluss, wasserfall, see, quelle",
        "rio, arroyo, cascada, lago, fuente",
        "ruisseau, riviere, cascade, lac, fontaine",
    ),
    "wind": Concept(
        Wish(textures=("wind",)),
        "wind, windy, breeze, breezy, air, gust, blizzard, hiss",
        "wind, windig, brise, luft",
        "viento, brisa, aire",
        "vent, brise, souffle, vente",
    ),
    "forest": Concept(
        Wish(textures=("air",), pads=("warm",)),
        "forest, forests, woods, woodland, trees, jungle, birds, birdsong, crickets, pine, pines, mountain, "
        "mountains, valley",
        "wald, wälder, bäume, vögel, vogelgesang, dschungel, berg, berge, grillen",
        "bosque, arboles, pajaros, selva, montaña, montañas",
        "foret, arbres, oiseaux, bois, montagne, montagnes",
    ),
    "vinyl": Concept(
        Wish(textures=("vinyl",)),
        "vinyl, record player, crackle, crackling, crackles, tape, cassette, dusty, lo fi texture, old record, "
        "gramophone, turntable, nostalgic radio, fireplace, campfire, fire, hearth, bonfire",
        "schallplatte, platte, knistern, kassette, kamin, kaminfeuer, lagerfeuer, feuer",
        "vinilo, disco viejo, cinta, fogata, chimenea, hoguera, fuego",
        "vinyle, crepitement, cassette, cheminee, feu de camp, feu, tourne disque",
    ),
    "brown noise": Concept(
        Wish(textures=("brown",)),
        "brown noise, red noise, rumble, fan noise, fan, airplane cabin, engine hum",
        "braunes rauschen, brummen, ventilator",
        "ruido marron, ventilador",
        "bruit brun, bruit marron, ventilateur",
    ),
    "pink noise": Concept(
        Wish(textures=("pink",)),
        "pink noise, white noise",
        "rosa rauschen, weisses rauschen",
        "ruido rosa, ruido blanco",
        "bruit rose, bruit blanc",
    ),
    "noise": Concept(
        Wish(textures=("pink",), parts=("texture",)),
        "noise, noises, noisy, static, noise bed",
        "rauschen",
        "ruido, ruidos",
        "bruit",
    ),
    "texture": Concept(
        Wish(parts=("texture",)),
        "texture, textures, nature sounds, field recording, field recordings, sound effects, background noise, "
        "background noises, soundscape noise",
        "naturgeräusche, geräusche, hintergrundgeräusche",
        "sonidos de fondo, ruido de fondo, sonidos de la naturaleza",
        "bruits de fond, bruit de fond, bruits",
    ),
    # places that sound
    "cathedral": Concept(
        Wish(room=1.6),
        "cathedral, cathedrals, cave, cavern, cavernous, temple, monastery, reverb, reverberant, reverberation, "
        "echo, echoes, echoing, echoey, lots of reverb, huge reverb",
        "kathedrale, dom, höhle, hall, nachhall, echo, kloster, tempel",
        "catedral, cueva, eco, reverberacion, templo, monasterio, ecos",
        "cathedrale, grotte, echo, reverberation, temple, monastere, echos",
    ),
    "church": Concept(
        Wish(room=1.5, pads=("choir",)),
        "church, chapel, abbey, sacred, holy",
        "kirche, kapelle, heilig",
        "iglesia, capilla, sagrado",
        "eglise, chapelle, abbaye, sacre",
    ),
    "concert hall": Concept(
        Wish(room=1.3),
        "hall, concert hall, spacious, wide, vast, expansive, huge, open, airy",
        "konzertsaal, saal, weit, weite",
        "sala de conciertos, amplio, vasto, espacioso, inmenso",
        "salle de concert, vaste, spacieux, immense",
    ),
    "space": Concept(
        Wish(room=1.45, density=0.65, pads=("glass",)),
        "space, outer space, cosmos, cosmic, stars, starry, galaxy, galaxies, universe, astral, nebula, planets, "
        "planetarium, interstellar, celestial, orbit",
        "weltall, weltraum, kosmos, kosmisch, sterne, universum, sternenhimmel",
        "espacio, cosmos, estrellas, universo, galaxia, cosmico",
        "espace, cosmos, etoiles, univers, galaxie, cosmique",
    ),
    "dry": Concept(
        Wish(room=0.6),
        "dry, close, close up, intimate, no reverb, small room, bedroom studio, tight",
        "trocken, nah, intim, kleiner raum",
        "seco, cercano, intimo",
        "sec, intime, proche",
    ),
    "cafe": Concept(
        Wish(textures=("vinyl",), groove="brush"),
        "cafe, coffee shop, coffeeshop, coffeehouse, bistro, bar, pub, restaurant, smoky",
        "kaffeehaus, kneipe, kaffee haus",
        "cafeteria, bar, taberna",
        "bistrot, cafe",
    ),
    "coffee": Concept(
        Wish(brightness=1.05),
        "coffee, espresso, latte",
        "kaffee",
        "cafe con leche",
        "cafe creme",
    ),
    "city": Concept(
        Wish(groove="light", brightness=0.9),
        "city, urban, downtown, street, streets, neon, subway, skyline, metropolis",
        "stadt, strasse, grossstadt, neonlicht",
        "ciudad, calle, urbano, calles",
        "ville, rue, urbain, rues",
    ),
    "brain waves": Concept(
        Wish(),
        "binaural, binaural beats, isochronic, isochronic tones, brain waves, brainwaves, alpha waves, beta waves, "
        "gamma waves, theta waves, delta waves, solfeggio",
        "gehirnwellen, alphawellen, thetawellen, deltawellen",
        "ondas cerebrales, ondas alfa, ondas theta, ondas delta, binaurales",
        "ondes cerebrales, ondes alpha, ondes theta, ondes delta, binauraux",
    ),
    # genres
    "lo-fi": Concept(
        Wish(_F, 0.8, textures=("vinyl",), groove="soft", parts=_DRUMS),
        "lofi, lo fi, lowfi, chillhop, hip hop, hiphop, boom bap, trip hop, rap beat, rap beats",
        "lofi",
        "lofi",
        "lofi",
    ),
    "ambient": Concept(
        Wish(_R, 0.9, density=0.55, room=1.25, without=_DRUMS),
        "ambient, soundscape, soundscapes, atmospheric, atmosphere, ethereal, new age, enya, brian eno, eno, "
        "weightless, floating, drifting",
        "atmosphärisch, sphärisch, klanglandschaft, schwerelos, schwebend",
        "ambiental, atmosferico, etereo, flotando",
        "atmospherique, planant, ethere, flottant",
    ),
    "drone": Concept(
        Wish(_S, 0.6, density=0.4, room=1.2, without=_DRUMS),
        "drone, drones, droning, sustained, doom",
        "dröhnen, bordun",
        "zumbido, drones",
        "bourdon",
    ),
    "techno": Concept(
        Wish(_E, 1.0, groove="four", parts=_DRUMS),
        "techno, house, deep house, trance, edm, dubstep, minimal techno, house music, tech house, goa, psytrance, "
        "eurodance, hardstyle, idm",
        "techno, trance",
        "tecno",
        "techno",
    ),
    "drum and bass": Concept(
        Wish(_E, 1.2, tempo=1.1, groove="full", parts=("drums", "bass")),
        "drum and bass, drum n bass, dnb, d n b, jungle beat, breakbeat, breakbeats, liquid dnb",
        "drum and bass",
        "drum and bass",
        "drum and bass",
    ),
    "synthwave": Concept(
        Wish(_E, 0.7, groove="four", parts=_DRUMS, brightness=0.8, modes=_SOMBRE),
        "synthwave, retrowave, vaporwave, outrun, cyberpunk, 80s, eighties, new wave",
        "synthwave, achtziger",
        "ochentero",
        "annees 80",
    ),
    "rock": Concept(
        Wish(_E, 1.0, groove="full", parts=_DRUMS),
        "rock, metal, punk, pop, funk, funky, soul, motown, reggae, ska, afrobeat, salsa, samba, cumbia, reggaeton",
        "rockmusik, popmusik",
        "rock, pop, cumbia",
        "rock, variete",
    ),
    "jazz": Concept(
        Wish(_R, 0.6, modes=("dorian", "mixolydian"), groove="brush", parts=_DRUMS),
        "jazz, jazzy, swing, bebop, blues, bluesy, noir",
        "jazzig",
        "jazz",
        "jazz, jazzy",
    ),
    "bossa nova": Concept(
        Wish(_R, 0.6, modes=("ionian", "dorian"), groove="brush", parts=_DRUMS, instruments=("harp",)),
        "bossa nova, bossa, latin, flamenco, tango",
        "bossa nova",
        "bossa nova, latino",
        "bossa nova",
    ),
    "classical": Concept(
        Wish(pads=("strings",), without=_DRUMS),
        "classical, clair de lune, baroque, bach, mozart, chamber music, romantic era, neoclassical, "
        "neo classical, debussy, "
        "einaudi, nils frahm, ludovico",
        "klassik, klassisch, barock",
        "clasica, clasico, barroco",
        "classique, baroque",
    ),
    "folk": Concept(
        Wish(modes=("mixolydian",), instruments=("harp",)),
        "folk, folky, celtic, irish, country, acoustic, medieval, tavern, bluegrass, americana, unplugged",
        "volksmusik, folk, akustisch, keltisch, mittelalter",
        "folclore, acustico, celta, medieval",
        "folklorique, acoustique, celtique, medieval",
    ),
}  # fmt: skip
