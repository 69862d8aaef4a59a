"""The door to transformers: MusicGen from a folder of weights, on the processor or whatever faster there is."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ["HF_HUB_OFFLINE"] = "1"  # read when transformers is imported: nothing is looked for elsewhere

import torch
from transformers import AutoTokenizer, MusicgenForConditionalGeneration

_LONGEST_S = 30.0
"""MusicGen was trained on half minutes (Copet et al. 2023)."""


class TransformersModel:
    """See `Model`."""

    longest_s = _LONGEST_S

    def __init__(self, weights: Path) -> None:
        """Load them; raises OSError or ValueError where the folder does not hold a MusicGen with its tokenizer."""
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._words = AutoTokenizer.from_pretrained(weights, local_files_only=True)
        model = MusicgenForConditionalGeneration.from_pretrained(weights, local_files_only=True)
        self._model = model.to(self._device).eval()
        self.rate = int(model.config.audio_encoder.sampling_rate)
        self._frame_rate = int(model.config.audio_encoder.frame_rate)
        self._codebooks = int(model.config.decoder.num_codebooks)
        self._channels = int(model.config.decoder.audio_channels)

    def go_on(self, words: str, heard: NDArray[np.float32] | None, seconds: float, seed: int) -> NDArray[np.float32]:
        """Sampled, with the model's own guidance."""
        torch.manual_seed(seed)
        asked = self._words([words], return_tensors="pt").to(self._device)
        tokens = round(seconds * self._frame_rate) + self._codebooks  # codebooks are delayed, one frame each
        with torch.inference_mode():
            whole = self._model.generate(
                input_ids=asked["input_ids"],
                attention_mask=asked["attention_mask"],
                max_new_tokens=tokens,
                do_sample=True,
                **self._as_input(heard),
            )
        sound = whole[0].mean(dim=0).float().cpu().numpy()
        return np.asarray(sound[0 if heard is None else self._coded(len(heard)) :], np.float32)

    def _as_input(self, heard: NDArray[np.float32] | None) -> dict[str, torch.Tensor]:
        if heard is None:
            return {}
        values = torch.from_numpy(heard).to(self._device).expand(1, self._channels, -1)
        return {"input_values": values, "padding_mask": torch.ones_like(values, dtype=torch.bool)}

    def _coded(self, frames: int) -> int:
        """How many frames of the result stand for so many that were heard: whole frames of the codec."""
        hop = self.rate // self._frame_rate
        return -(-frames // hop) * hop
