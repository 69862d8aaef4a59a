"""A prompt is read from left to right: longest known phrases, small words that turn them, and the rest by likeness."""

from dataclasses import dataclass, field

from focuscli.model import Goal
from focuscli.music.prompt.figures import figures_of
from focuscli.music.prompt.grammar import STOP_WORDS, Role, roles
from focuscli.music.prompt.lexicon import CONCEPTS, LONGEST_PHRASE, Entry, entries_of, phrase_at
from focuscli.music.prompt.meaning import DEFAULT_GOAL, Reading, Sense, Understood, Wish
from focuscli.music.prompt.nearest import nearest
from focuscli.music.prompt.text import BREAK, cleaned, tokens

_MOST_UNDERSTOOD = 48
_MOST_LOOKED_UP = 12
_PATIENCE = 3
"""Unknown words that a negation outlives."""
_MOST_OF_ONE = 2
"""How often the same thing counts: "very, very slow" is heard, a thousand times is not."""
_TEMPO_HINTS = ((0.0, 66.0, Goal.RELAX), (122.0, 1e9, Goal.ENERGIZE))


def understand(prompt: str) -> Reading:
    """What a prompt says; never fails, takes time linear in its bounded length."""
    figures = figures_of(cleaned(prompt))
    reader = _Reader(tokens(figures.rest))
    reader.read()
    understood = tuple(reader.understood)
    return Reading(
        goal=_goal(understood, figures.bpm),
        understood=understood,
        ignored=tuple(dict.fromkeys(reader.ignored)),
        bpm=figures.bpm,
        tonic=figures.tonic,
        modes=figures.modes,
        figures=figures.said,
    )


def _goal(understood: tuple[Understood, ...], bpm: float | None) -> Goal:
    """The goal that most speaks for; the one that was named first among equals."""
    votes: dict[Goal, float] = {}
    seen: set[tuple[str, Sense]] = set()
    for one in understood:
        if one.wish.goal is not None and (one.meaning, one.sense) not in seen:
            seen.add((one.meaning, one.sense))
            turned = one.sense in {Sense.UNWANTED, Sense.LESS}
            votes[one.wish.goal] = votes.get(one.wish.goal, 0.0) + (-1.0 if turned else 1.0) * one.wish.vote
    best = max(votes, key=lambda goal: votes[goal], default=DEFAULT_GOAL)
    if votes.get(best, 0.0) > 0.0:
        return best
    for low, high, goal in _TEMPO_HINTS:
        if bpm is not None and low <= bpm <= high and goal not in votes:
            return goal
    return DEFAULT_GOAL


@dataclass(slots=True)
class _Reader:
    """The state of reading one prompt."""

    tokens: list[str]
    understood: list[Understood] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    _negation: Role | None = None
    _patience: int = 0
    _last_negated: Wish | None = None
    _degree: Role | None = None
    _unknown: list[str] = field(default_factory=list)
    _unknown_negated: bool = False
    _looked_up: int = 0

    def read(self) -> None:
        """Go through all tokens."""
        place = 0
        while place < len(self.tokens):
            place += self._step(place)
        self._flush()

    def _step(self, place: int) -> int:
        """Read what begins at a place; returns how many tokens that was."""
        token = self.tokens[place]
        if token == BREAK:
            self._break(place)
            return 1
        small = _small_at(self.tokens, place)
        known = phrase_at(self.tokens, place)
        if known is not None and (small is None or (known[1], not _opens(small[0])) > (small[1], False)):
            return self._know((known[0],), place, known[1])
        if small is not None:
            return self._turn(small[0], place, small[1])
        entries = entries_of(token)
        return self._know(entries, place, 1) if entries else self._miss(token)

    def _break(self, place: int) -> None:
        self._flush()
        self._degree = None
        if self._negation is not None and not (self._last_negated and _goes_on(self.tokens, place + 1)):
            self._negation = None

    def _turn(self, role: Role, place: int, length: int) -> int:
        """A small word."""
        if role in {Role.WITHOUT, Role.NOT, Role.LESS}:
            self._flush()
            self._negation, self._patience, self._last_negated, self._degree = role, _PATIENCE, None, None
        elif role is Role.BUT:
            self._flush()
            self._negation = None
        elif role is Role.WITH:
            if self._negation is not None and (self._last_negated is not None or self._patience < _PATIENCE):
                self._negation = None
        elif role is Role.AND:
            if self._negation is not None and not self._same_kind_at(place + length):
                self._negation = None
        elif role in {Role.MORE, Role.VERY, Role.SLIGHTLY}:
            self._degree = role
        if role in {Role.FILLER, Role.VERY, Role.SLIGHTLY, Role.WITH} and self._unknown:
            self._unknown += self.tokens[place : place + length]  # part of a phrase that may be looked up
        return length

    def _know(self, entries: tuple[Entry, ...], place: int, length: int) -> int:
        """Words whose meaning is known."""
        self._flush()
        after = _small_at(self.tokens, place + length)
        off = after is not None and after[0] is Role.OFF
        sense, strength = self._sense_and_strength()
        for entry in entries:
            turned = (sense in {Sense.UNWANTED, Sense.LESS}) != (entry.turned or off)
            if entry.turned or off:
                sense = Sense.UNWANTED if turned else Sense.WANTED
            self._note(" ".join(self.tokens[place : place + length]), entry.concept, sense, strength)
        self._last_negated = CONCEPTS[entries[-1].concept] if self._negation else None
        self._close_after(place + length)
        self._degree = None
        return length + (after[1] if after is not None and off else 0)

    def _sense_and_strength(self) -> tuple[Sense, float]:
        if self._negation is Role.LESS:
            return Sense.LESS, 1.0
        if self._negation is not None:
            return Sense.UNWANTED, 1.0
        strength = {Role.VERY: 1.6, Role.SLIGHTLY: 0.5}.get(self._degree, 1.0) if self._degree else 1.0
        return (Sense.MORE if self._degree is Role.MORE else Sense.WANTED), strength

    def _close_after(self, place: int) -> None:
        """A negation ends with its sound, "not" with whatever it turned, unless the list goes on."""
        if self._negation is None or self._last_negated is None:
            return
        following = _small_at(self.tokens, place)
        joined = following is not None and following[0] in {Role.OR, Role.AND}
        listed = place < len(self.tokens) and self.tokens[place] == BREAK
        ends = self._last_negated.is_sound or self._negation in {Role.NOT, Role.LESS}
        if ends and not joined and not listed:
            self._negation = None

    def _same_kind_at(self, place: int) -> bool:
        """Whether what follows "and" is of the kind of what was negated: a sound, or a quality."""
        while place < len(self.tokens) and (small := _small_at(self.tokens, place)) and small[0] is Role.FILLER:
            place += small[1]
        if self._last_negated is None or place >= len(self.tokens):
            return False
        known = phrase_at(self.tokens, place)
        return known is not None and CONCEPTS[known[0].concept].is_sound == self._last_negated.is_sound

    def _miss(self, token: str) -> int:
        """A word that nobody listed."""
        if not self._unknown:
            self._unknown_negated = self._negation is not None
        self._unknown.append(token)
        if self._negation is not None and token not in STOP_WORDS:
            self._patience -= 1
            if self._patience < 0:
                self._negation = None
        return 1

    def _flush(self) -> None:
        """Look up the unknown words since the last known one."""
        words, self._unknown = tuple(self._unknown), []
        said = [word for word in words if word not in STOP_WORDS and (word,) not in roles() and not word.isdigit()]
        if not said:
            return
        found = None
        if not self._unknown_negated and self._looked_up < _MOST_LOOKED_UP:
            self._looked_up += 1
            found = nearest(words)
        if found is None:
            self.ignored += said
            return
        for concept in found.concepts:
            self._note(" ".join(words), concept, Sense.WANTED, 1.0, found.phrase, found.likeness)

    def _note(
        self, words: str, concept: str, sense: Sense, strength: float, phrase: str = "", likeness: float = 1.0
    ) -> None:
        alike = sum(one.meaning == concept and one.sense is sense for one in self.understood)
        if len(self.understood) < _MOST_UNDERSTOOD and alike < _MOST_OF_ONE:
            self.understood.append(Understood(words, concept, CONCEPTS[concept], sense, strength, phrase, likeness))


def _small_at(tokens: list[str], place: int) -> tuple[Role, int] | None:
    """The longest small phrase that begins at a place, with its length."""
    table = roles()
    for length in range(min(LONGEST_PHRASE, len(tokens) - place), 0, -1):
        role = table.get(tuple(tokens[place : place + length]))
        if role is not None:
            return role, length
    return None


def _opens(role: Role) -> bool:
    """Whether a small word begins a negation, so that no concept of the same length may take its place."""
    return role in {Role.WITHOUT, Role.NOT, Role.LESS, Role.OR, Role.AND}


def _goes_on(tokens: list[str], place: int) -> bool:
    """Whether a list goes on after a comma: "no drums, bass or vocals", but not "no drums, soft piano"."""
    for number in range(place, min(len(tokens), place + 4)):
        small = _small_at(tokens, number)
        if tokens[number] == BREAK or (small is not None and small[0] in {Role.WITHOUT, Role.NOT, Role.BUT}):
            return False
        if small is not None and small[0] is Role.OR:
            return True
    return False
