#!/usr/bin/env python3
"""all-MiniLM-L6-v2 a second time, straight from the formulas, in numpy and f64: what trainer/src/text/ is compared with.

    python3 tools/text_encoder_reference.py --encoder DIR                      prints the golden numbers of the test
    python3 tools/text_encoder_reference.py --encoder DIR --fovea target/debug/fovea [TEXT ...]
                                            compares `fovea phrases --text` with this, on the given or on built-in texts

DIR is the folder that `cargo xtask phrases` prints, with model.safetensors and tokenizer.json. Needs numpy (2.4.6 was used).
Nothing of it is part of a build or of a test.
"""

import argparse
import json
import math
import re
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np

HEADS, WIDTH, LAYERS, EPSILON, LONGEST = 12, 384, 6, 1e-12, 256
GOLDEN = "a small round polyp with a smooth reddish surface in the upper left of the image"
TEXTS = [
    GOLDEN,
    "a polyp in the upper left of the image",
    "The skin lesion's border is blurred; hair lies across it.",
    "a prostate gland, slightly darker than its surroundings",
    "Paris 0-IIa, NICE type 2",
    "word " * 150,
    "polyp " * 300,
]
erf = np.vectorize(math.erf)


class Reference:
    def __init__(self, folder):
        blob = (folder / "model.safetensors").read_bytes()
        (length,) = struct.unpack("<Q", blob[:8])
        header = json.loads(blob[8 : 8 + length])
        self.weights = {}
        for name, entry in header.items():
            if name != "__metadata__" and entry["dtype"] == "F32":
                start, end = (8 + length + at for at in entry["data_offsets"])
                self.weights[name] = np.frombuffer(blob[start:end], "<f4").reshape(entry["shape"]).astype(np.float64)
        self.words = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]

    def tokens(self, text):
        """WordPiece, greedy from the left (Devlin et al. 2019); plain ASCII text only."""
        assert text.isascii()
        found = []
        for word in re.findall(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]", text.lower()):
            start = 0
            while start < len(word):
                prefix = "##" if start else ""
                ends = range(len(word), start, -1)
                end = next(end for end in ends if prefix + word[start:end] in self.words)
                found.append(self.words[prefix + word[start:end]])
                start = end
        return [self.words["[CLS]"], *found[: LONGEST - 2], self.words["[SEP]"]]

    def norm(self, x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def linear(self, x, name):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def embed(self, text):
        tokens = self.tokens(text)
        count = len(tokens)
        table = lambda name: self.weights[f"embeddings.{name}_embeddings.weight"]
        x = table("word")[tokens] + table("position")[:count] + table("token_type")[0]
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}"
            split = lambda x: x.reshape(count, HEADS, WIDTH // HEADS).transpose(1, 0, 2)
            query, key, value = (split(self.linear(x, f"{at}.attention.self.{n}")) for n in ("query", "key", "value"))
            scores = query @ key.transpose(0, 2, 1) / math.sqrt(WIDTH // HEADS)
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            shares /= shares.sum(-1, keepdims=True)
            context = (shares @ value).transpose(1, 0, 2).reshape(count, WIDTH)
            x = self.norm(x + self.linear(context, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm")
            inner = self.linear(x, f"{at}.intermediate.dense")
            inner = inner * (1 + erf(inner / math.sqrt(2))) / 2
            x = self.norm(x + self.linear(inner, f"{at}.output.dense"), f"{at}.output.LayerNorm")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--fovea", type=Path)
    parser.add_argument("texts", nargs="*", metavar="TEXT")
    args = parser.parse_args()
    reference = Reference(args.encoder)
    if args.fovea is None:
        print(", ".join(f"{value:.6f}" for value in reference.embed(GOLDEN)[:8]))
        return
    worst = 0.0
    for text in args.texts or TEXTS:
        command = [args.fovea, "phrases", "--encoder", args.encoder, "--text", text]
        found = np.array(json.loads(subprocess.check_output(command)))
        difference = np.abs(found - reference.embed(text)).max()
        worst = max(worst, difference)
        print(f"{difference:.1e}  {text[:70]!r}")
    print(f"largest deviation: {worst:.1e}")
    sys.exit(0 if worst < 1e-5 else 1)


if __name__ == "__main__":
    main()
