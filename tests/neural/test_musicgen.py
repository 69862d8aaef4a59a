"""MusicGen's windows are anchored on the prompt and on what was heard last; with a tiny model of random weights too."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from focuscli.engine.generators import refusal
from focuscli.generator import BySegment, Licence
from focuscli.model import Goal, Intensity
from focuscli.music.timeline import Piece, spans
from focuscli.neural.musicgen import HEARD_S, MusicGen, make, words_of

RATE = 32_000


class FakeModel:
    """Goes on with a step a window, and holds its caller to the contract."""

    rate = RATE
    longest_s = 30.0

    def __init__(self, shorter_s: float = 0.0) -> None:
        self.shorter_s = shorter_s
        self.asked: list[tuple[str, float, float, int]] = []
        self.heard: list[NDArray[np.float32] | None] = []

    def go_on(self, words: str, heard: NDArray[np.float32] | None, seconds: float, seed: int) -> NDArray[np.float32]:
        assert heard is None or (heard.ndim == 1 and heard.dtype == np.float32 and len(heard) > 0)
        heard_s = 0.0 if heard is None else len(heard) / RATE
        assert 0.0 < seconds <= self.longest_s - heard_s + 1e-6
        self.asked.append((words, heard_s, seconds, seed))
        self.heard.append(heard)
        return np.full(round((seconds - self.shorter_s) * RATE), 0.01 * len(self.asked), np.float32)


def piece(segment_s: int = 60, seed: int = 1) -> Piece:
    return Piece(Goal.CUSTOM_PROMPT, Intensity.LOW, 0.0, seed, 240, "slow harp", segment_s=segment_s)


def test_every_window_hears_the_words_and_the_last_seconds(tmp_path: Path) -> None:
    model = FakeModel()
    made = MusicGen(tmp_path, model)
    assert isinstance(made, BySegment)
    before = np.full((round(HEARD_S * 48_000), 2), 0.5, np.float32)
    sound = made.render_segment(piece(), 1, before)
    assert sound.shape[1] == 2
    assert abs(len(sound) - spans(piece())[1].frames) <= 2
    assert {words for words, *_ in model.asked} == {"slow harp, sparse and gentle, instrumental"}
    assert [round(heard_s, 2) for _, heard_s, _, _ in model.asked] == [HEARD_S] * len(model.asked)
    assert len(model.asked) == 4  # 77 s, of which each window adds 24
    assert model.heard[0] is not None
    assert np.abs(model.heard[0][800:-800] - 0.5).max() < 1e-3
    assert model.heard[1] is not None
    assert model.heard[1][-1] == pytest.approx(0.01)


def test_a_segment_begins_with_the_end_of_the_one_before(tmp_path: Path) -> None:
    before = np.linspace(0.0, 0.5, 288_000, dtype=np.float32)[:, None].repeat(2, axis=1)
    sound = MusicGen(tmp_path, FakeModel()).render_segment(piece(), 1, before)
    assert np.array_equal(sound[:72_000], before[-72_000:])


def test_the_first_segment_has_nothing_but_the_words(tmp_path: Path) -> None:
    model = FakeModel()
    assert abs(len(MusicGen(tmp_path, model).render_segment(piece(), 0, None)) - spans(piece())[0].frames) <= 2
    assert model.heard == [None]


def test_windows_that_come_out_short_are_gone_on_from_and_silence_is_an_error(tmp_path: Path) -> None:
    model = FakeModel(shorter_s=0.5)
    with pytest.raises(ValueError, match="no sound"):  # the rest of half a second never comes
        MusicGen(tmp_path, model).render_segment(piece(), 1, None)
    assert len(model.asked) > 2


def test_each_window_has_a_seed_of_its_own_that_a_repeated_attempt_finds_again(tmp_path: Path) -> None:
    seeds = []
    for number in (1, 1, 2):
        model = FakeModel()
        MusicGen(tmp_path, model).render_segment(piece(seed=number), 1, None)
        seeds.append([seed for *_, seed in model.asked])
    assert seeds[0] == seeds[1] != seeds[2]
    assert len(set(seeds[0])) == len(seeds[0])


def test_what_is_too_loud_is_turned_down(tmp_path: Path) -> None:
    before = np.full((288_000, 2), 1.0, np.float32)
    assert np.abs(MusicGen(tmp_path, FakeModel()).render_segment(piece(), 1, before)).max() <= 0.9


def test_a_goal_is_told_in_words_and_without_voices() -> None:
    words = words_of(Piece(Goal.SLEEP, Intensity.MEDIUM, 0.0, 1, 600))
    assert "no drums" in words
    assert words.endswith("instrumental")


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: cc-by-nc-4.0\n---\n", Licence.PERSONAL_ONLY),
        (
            "---\nlicense: mit\n---\n",
            Licence.UNCLEAR,
        ),  # the weights' own words, and not those of what they learned from
        (None, Licence.UNCLEAR),
    ],
)
def test_a_licence_is_never_overstated(card: str | None, licence: Licence, tmp_path: Path) -> None:
    if card is not None:
        (tmp_path / "README.md").write_text(card, encoding="utf-8")
    description = MusicGen(tmp_path, FakeModel()).description
    assert (description.licence, description.commercial_use, description.requires_attribution) == (licence, False, True)


def test_a_folder_without_weights_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_MUSICGEN_WEIGHTS", str(tmp_path / "nowhere"))
    reason = refusal("musicgen", 5)
    assert reason is not None
    assert "nowhere" in reason


def save_tiny(folder: Path) -> None:
    """A MusicGen of random weights, small enough to make music of no worth on any processor."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        EncodecConfig,
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        PreTrainedTokenizerFast,
        T5Config,
    )

    text = T5Config(vocab_size=64, d_model=16, d_ff=32, num_layers=1, num_heads=2, d_kv=8)
    codec = EncodecConfig(
        sampling_rate=RATE, num_filters=4, hidden_size=16, codebook_size=64, codebook_dim=16, num_residual_layers=1,
        upsampling_ratios=[8, 5, 4, 4], target_bandwidths=[2.2], num_lstm_layers=1, normalize=False,
    )  # fmt: skip
    decoder = MusicgenDecoderConfig(
        vocab_size=64, hidden_size=16, ffn_dim=32, num_hidden_layers=1, num_attention_heads=2,
        num_codebooks=codec.num_quantizers,
    )  # fmt: skip
    config = MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict())
    model = MusicgenForConditionalGeneration(config)
    model.generation_config.update(pad_token_id=64, bos_token_id=64, decoder_start_token_id=64, guidance_scale=3.0)
    model.save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel({"<unk>": 0, "<pad>": 1, "slow": 2, "harp": 3}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>").save_pretrained(folder)


def test_a_tiny_model_of_random_weights_plays_segments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("torch", "transformers", "sentencepiece"):
        pytest.importorskip(library, reason="the extra musicgen is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other people's
        save_tiny(tmp_path)
        monkeypatch.setenv("FOCUS_MUSICGEN_WEIGHTS", str(tmp_path))
        made = make()
        short = Piece(Goal.CUSTOM_PROMPT, Intensity.LOW, 0.0, 1, 60, "slow harp", segment_s=12)
        first = made.render_segment(short, 0, None)
        second = made.render_segment(short, 1, first[-round(HEARD_S * 48_000) :])
        again = made.render_segment(short, 1, first[-round(HEARD_S * 48_000) :])
    for index, sound in enumerate((first, second)):
        assert abs(len(sound) - spans(short)[index].frames) <= 2
    assert np.array_equal(second, again)
    assert np.array_equal(second[:72_000], first[-72_000:])
    assert 0.0 < np.abs(second[72_000:]).max() <= 0.9
    assert np.ptp(second[72_000:, 0]) > 0.0
