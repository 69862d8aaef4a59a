"""Whether the sound comes back: the player's device torn out and put back at random, and the player stopped.

    python -m focuscli.bench recovery --rounds 20

Every frame that was recorded says its number: what was lost and what was played twice is counted. Needs pulseaudio
and pulseaudio-utils.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from focuscli.bench.card import Card, card, is_possible
from focuscli.bench.numbered import Numbers, numbers_of, write
from focuscli.bench.output import found
from focuscli.bench.tables import table

MARK_S = 1.0
LOST_FRAMES = 4_800
"""What a device, and the recorder behind it, may hold when it goes: this may be played again, and no more."""

RECORDER_MS = 10
UNRECORDED_FRAMES = 48 * RECORDER_MS
"""What the recorder may lose with the device: this may seem to be left out, though it was heard."""

STOPPED_S = 3.0
_FADE_FRAMES = 7_200
_GIVE_UP_S = 5.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """How often."""
    parser.add_argument("--rounds", type=int, default=20, help="of tearing the device out and putting it back")
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> tuple[list[dict[str, Any]], str]:
    """A row for the device and one for a player that was stopped."""
    if not is_possible():
        raise SystemExit("there is no software sound card: install pulseaudio, pulseaudio-utils, libasound2-plugins")
    rounds = 3 if options.quick else options.rounds
    rows = [torn(rounds, random.Random(options.seed)), stopped()]  # noqa: S311  # not for secrets
    return rows, table(rows)


def torn(rounds: int, chance: random.Random) -> dict[str, Any]:
    """Tear it out and put it back so often."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), 10.0 * rounds + 30.0)
        with card(Path(folder, "card"), RECORDER_MS) as sound_card:
            listener = _listener(folder, sound_card)
            after = [_one_round(sound_card, chance) for _ in range(rounds)]
            time.sleep(1.5)
            told, said = _leave(listener)
            recordings = [numbers_of(sound) for sound in sound_card.recordings()]
    seams = [_replayed(before, behind) for before, behind in pairwise(recordings)]
    worst_s = max(after)
    ok = (
        worst_s <= MARK_S
        and not said
        and told["lost"] == rounds
        and all(-UNRECORDED_FRAMES <= twice <= LOST_FRAMES for twice in seams)
    )
    return {
        "what": f"device torn out {rounds} times",
        "playing_again_s": round(float(np.median(after)), 2),
        "worst_s": round(worst_s, 2),
        "mark_s": MARK_S,
        "played_twice_ms": round(max(seams) / 48, 1),
        "skipped_ms": round(max(0, -min(seams)) / 48, 1),
        "printed": len(said),
        "ok": ok,
    }


def stopped() -> dict[str, Any]:
    """SIGSTOP for three seconds, and on."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), 60.0)
        with card(Path(folder, "card")) as sound_card:
            listener = _listener(folder, sound_card)
            listener.send_signal(signal.SIGSTOP)
            time.sleep(STOPPED_S)
            listener.send_signal(signal.SIGCONT)
            time.sleep(3.0)
            told, said = _leave(listener)
            what = found(numbers_of(sound_card.recorded()))
    return {
        "what": f"stopped for {STOPPED_S:.0f} s",
        "playing_again_s": round(what["silent_ms"] / 1000, 2),
        "worst_s": round(what["silent_ms"] / 1000, 2),
        "mark_s": MARK_S,
        "played_twice_ms": 0.0,
        "skipped_ms": what["skipped_ms"],
        "printed": len(said),
        "ok": not said and not told["lost"] and what["skipped_ms"] == 0 and what["silent_ms"] <= 1000 * MARK_S,
    }


def _listener(folder: str, sound_card: Card) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "focuscli.bench.listener", folder, "player", "3600"]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    listener = subprocess.Popen(command, env=sound_card.environment, text=True, **pipes)
    _sounding(sound_card, 60.0)
    time.sleep(2.0)
    return listener


def _leave(listener: "subprocess.Popen[str]") -> tuple[dict[str, Any], str]:
    """What it told, and what it printed where a picture is."""
    told, said = listener.communicate("quit\n")
    return json.loads(told.splitlines()[-1]), said


def _one_round(sound_card: Card, chance: random.Random) -> float:
    """Seconds from the device's return to sound."""
    time.sleep(chance.uniform(0.5, 3.0))
    sound_card.tear_out()
    time.sleep(chance.uniform(0.1, 3.0))
    sound_card.put_back()
    return _sounding(sound_card, _GIVE_UP_S)


def _sounding(sound_card: Card, most_s: float) -> float:
    """Wait until the newest recording holds sound; how long that took."""
    begun = time.monotonic()
    while time.monotonic() - begun < most_s:
        if np.any(sound_card.recorded()):
            break
        time.sleep(0.01)
    return time.monotonic() - begun


def _replayed(before: Numbers, after: Numbers) -> int:
    """Frames played twice where one recording ends and the next begins, with a fade; negative: skipped."""
    last = int(before[before >= 0][-1])
    sounding = int(np.argmax(after != -1))
    steady = sounding + _FADE_FRAMES
    readable = steady + int(np.argmax(after[steady:] >= 0))
    return last + 1 - (int(after[readable]) - (readable - sounding))
