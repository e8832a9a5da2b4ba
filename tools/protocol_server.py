#!/usr/bin/env python3
"""A real llama.cpp server whose vision-language model has random weights: for tests of the protocol, not of words.

Writes a language model over bytes and an image encoder of LLaVA's type (0.6 MB together) into a temporary folder, starts
llama.cpp's own server with them on a free port of this machine, prints one line

    listening <address> <name of the model>

and serves until its standard input ends. What the model says means nothing; how it is asked, how answers are held to a
JSON schema, and how mistakes are refused is llama.cpp's own code.

Needs: xllamacpp, gguf, numpy (`cargo xtask test` makes an environment with them).
"""

import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np
import xllamacpp

MODEL = "fovea-random"
# The language model: as small as llama.cpp takes it, with room for a prompt in single bytes.
WIDTH, HEADS, LAYERS, FEED, CONTEXT, SLOTS = 64, 4, 2, 128, 8192, 2
# The image encoder: 4 x 4 patches of 14 pixels.
V_WIDTH, V_HEADS, V_LAYERS, V_FEED, PATCH, SIDE = 32, 2, 2, 64, 14, 56

rng = np.random.default_rng(7)


def noise(*shape):
    return rng.normal(0, 0.05, shape).astype(np.float32)


def ones(n):
    return np.ones(n, np.float32)


def zeros(n):
    return np.zeros(n, np.float32)


def close(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_language_model(path):
    """A LLaMA whose vocabulary is the 256 bytes."""
    w = gguf.GGUFWriter(path, "llama")
    w.add_name(MODEL)
    w.add_context_length(CONTEXT)
    w.add_embedding_length(WIDTH)
    w.add_block_count(LAYERS)
    w.add_feed_forward_length(FEED)
    w.add_head_count(HEADS)
    w.add_head_count_kv(HEADS)
    w.add_rope_dimension_count(WIDTH // HEADS)
    w.add_layer_norm_rms_eps(1e-5)
    tokens = [b"<unk>", b"<s>", b"</s>"] + [f"<0x{i:02X}>".encode() for i in range(256)]
    kinds = [gguf.TokenType.UNKNOWN] + [gguf.TokenType.CONTROL] * 2 + [gguf.TokenType.BYTE] * 256
    w.add_vocab_size(len(tokens))
    w.add_tokenizer_model("llama")
    w.add_token_list(tokens)
    w.add_token_scores([0.0] * len(tokens))
    w.add_token_types(kinds)
    w.add_unk_token_id(0)
    w.add_bos_token_id(1)
    w.add_eos_token_id(2)
    w.add_add_space_prefix(False)
    w.add_chat_template("{% for m in messages %}{{ m['content'] }}\n{% endfor %}")
    w.add_tensor("token_embd.weight", noise(len(tokens), WIDTH))
    w.add_tensor("output_norm.weight", ones(WIDTH))
    w.add_tensor("output.weight", noise(len(tokens), WIDTH))
    for i in range(LAYERS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            w.add_tensor(f"blk.{i}.{name}.weight", noise(WIDTH, WIDTH))
        w.add_tensor(f"blk.{i}.ffn_gate.weight", noise(FEED, WIDTH))
        w.add_tensor(f"blk.{i}.ffn_up.weight", noise(FEED, WIDTH))
        w.add_tensor(f"blk.{i}.ffn_down.weight", noise(WIDTH, FEED))
        w.add_tensor(f"blk.{i}.attn_norm.weight", ones(WIDTH))
        w.add_tensor(f"blk.{i}.ffn_norm.weight", ones(WIDTH))
    close(w)


def write_image_encoder(path):
    """A CLIP with LLaVA's two-layer projection into the language model's width."""
    w = gguf.GGUFWriter(path, "clip")
    w.add_file_type(0)
    w.add_bool("clip.has_vision_encoder", True)
    w.add_bool("clip.has_text_encoder", False)
    w.add_bool("clip.has_llava_projector", True)
    w.add_bool("clip.use_gelu", False)
    w.add_string("clip.projector_type", "mlp")
    sizes = {
        "image_size": SIDE,
        "patch_size": PATCH,
        "embedding_length": V_WIDTH,
        "feed_forward_length": V_FEED,
        "projection_dim": WIDTH,
        "block_count": V_LAYERS,
        "attention.head_count": V_HEADS,
    }
    for name, value in sizes.items():
        w.add_uint32(f"clip.vision.{name}", value)
    w.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    w.add_array("clip.vision.image_mean", [0.5, 0.5, 0.5])
    w.add_array("clip.vision.image_std", [0.25, 0.25, 0.25])
    w.add_tensor("v.class_embd", noise(V_WIDTH))
    w.add_tensor("v.patch_embd.weight", noise(V_WIDTH, 3, PATCH, PATCH))
    w.add_tensor("v.position_embd.weight", noise((SIDE // PATCH) ** 2 + 1, V_WIDTH))
    for name in ("v.pre_ln", "v.post_ln"):
        w.add_tensor(f"{name}.weight", ones(V_WIDTH))
        w.add_tensor(f"{name}.bias", zeros(V_WIDTH))
    for i in range(V_LAYERS):
        shapes = {name: (V_WIDTH, V_WIDTH) for name in ("attn_q", "attn_k", "attn_v", "attn_out")}
        shapes |= {"ffn_up": (V_FEED, V_WIDTH), "ffn_down": (V_WIDTH, V_FEED)}
        for name, shape in shapes.items():
            w.add_tensor(f"v.blk.{i}.{name}.weight", noise(*shape))
            w.add_tensor(f"v.blk.{i}.{name}.bias", zeros(shape[0]))
        for name in ("ln1", "ln2"):
            w.add_tensor(f"v.blk.{i}.{name}.weight", ones(V_WIDTH))
            w.add_tensor(f"v.blk.{i}.{name}.bias", zeros(V_WIDTH))
    for name, inputs in (("mm.0", V_WIDTH), ("mm.2", WIDTH)):
        w.add_tensor(f"{name}.weight", noise(WIDTH, inputs))
        w.add_tensor(f"{name}.bias", zeros(WIDTH))
    close(w)


def serve(folder):
    model, projector = folder / "model.gguf", folder / "mmproj.gguf"
    write_language_model(model)
    write_image_encoder(projector)
    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.mmproj.path = str(projector)
    params.model_alias = {MODEL}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT * SLOTS
    params.n_parallel = SLOTS
    params.cpuparams.n_threads = 1
    params.warmup = False
    params.verbosity = 0
    server = xllamacpp.Server(params)
    print("listening", server.listening_address, MODEL, flush=True)
    # Until the process that started this closes the pipe, or dies.
    sys.stdin.buffer.read()
    del server


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="fovea-protocol-") as name:
        serve(Path(name))
