#!/usr/bin/env python3
"""The two networks of the preset `paper` in PyTorch and MONAI, and the goldens that `shared/src/model/paper/` is compared with.

Their form is that of the authors' released code (github jingkunchen/FGI, Apache-2.0, models/unet.py), written again here from reading it:
same layers, same names of parameters; new are text width and image side as parameters, and empty text places. Weights come from a
counter-based formula, so that 44 M of them need no file. On Debian 12 (PyTorch 1.13.1, as in the released environment, and numpy):

    apt-get install --no-install-recommends python3-torch python3-venv
    /usr/bin/python3 -m venv --system-site-packages /tmp/paper && /tmp/paper/bin/pip install --no-deps monai==1.3.2
    alias reference="/tmp/paper/bin/python tools/paper_reference.py"
    reference                     # writes trainer/paper/src/tests/paper.golden.json
    reference --check             # computes again and compares: names, shapes and counts exactly, values within 1e-5
    reference --released FILE     # compares with the released models/unet.py, at 224 pixels, evaluation and training, within 1e-5

Nothing of it is part of a build or of a test.
"""

import argparse
import importlib.util
import json
import math
import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
from monai.networks.nets import BasicUNet
from torch import nn

GOLDEN = Path(__file__).resolve().parent.parent / "trainer/paper/src/tests/paper.golden.json"
TOLERANCE = 1e-5
ABSENT = -1e4  # what an empty text place adds to its attention logits
RELEASED = {"teacher": [64, 128, 256, 512, 1024, 128], "student": [32, 64, 128, 256, 512, 32], "head": 128}
REDUCED = {"teacher": [8, 16, 24, 32, 40, 12], "student": [8, 12, 16, 20, 24, 8], "head": 16}
FORMULA = ("value i of a tensor = shift + scale * u, u = (splitmix64(fnv1a64(name) + (i + 1) * 0x9E3779B97F4A7C15) >> 40) / 2^23 - 1, "
           "in f64, rounded to f32; sample k of n values is at (k * 7919) mod n")


# ---- Numbers by formula ----


def uniform(name, count):
    """`count` f64 values in [-1, 1) that depend on the name alone."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / 2**23 - 1


def formula(name, shape, scale, shift=0.0):
    return torch.from_numpy((shift + scale * uniform(name, math.prod(shape))).astype(np.float32).reshape(shape))


# ---- The networks ----


def unet(features, head):
    return BasicUNet(spatial_dims=2, in_channels=3, out_channels=head, features=features, norm=("group", {"num_groups": 4}))


def head_layers(width):
    return nn.Sequential(nn.Conv2d(width, width, 1), nn.LeakyReLU(0.1), nn.Conv2d(width, width, 1))


def projection(width):
    layers = nn.Sequential(nn.Conv2d(width, width, 1), nn.BatchNorm2d(width), nn.ReLU(), nn.Conv2d(width, width, 1), nn.BatchNorm2d(width))
    return nn.Sequential(OrderedDict(proj=layers))


def adapter(width, target):
    return nn.Sequential(nn.Conv2d(width, target, 1), nn.BatchNorm2d(target), nn.ReLU())


class Fusion(nn.Module):
    """F = LayerNorm(Q + MHA(Q, K, V)), Q = feature + position, K = V = W_t text."""

    def __init__(self, width, text, side):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, 8)
        self.text_proj = nn.Linear(text, width)
        self.norm = nn.LayerNorm(width)
        self.pos_embedding = nn.Parameter(torch.zeros(side * side, width))

    def forward(self, feature, text, absent):
        query = feature.flatten(2).permute(2, 0, 1) + self.pos_embedding[:, None]
        words = self.text_proj(text).permute(1, 0, 2)
        heard, _ = self.attn(query, words, words, key_padding_mask=absent)
        return self.norm(query + heard).permute(1, 2, 0).reshape(feature.shape)


class Network(nn.Module):
    def __init__(self, widths, head):
        super().__init__()
        self.encoder = unet(widths, head)
        self.head = head_layers(head)
        self.classifier = nn.Conv2d(head, 2, 1)
        for stage, width in enumerate(widths[1:5], 1):
            self.add_module(f"distill_proj_x{stage}", projection(width))

    def encode(self, image):
        stages = [self.encoder.conv_0(image)]
        for down in (self.encoder.down_1, self.encoder.down_2, self.encoder.down_3, self.encoder.down_4):
            stages.append(down(stages[-1]))
        return stages

    def decode(self, stages):
        x = stages[4]
        for skip, up in zip(stages[3::-1], (self.encoder.upcat_4, self.encoder.upcat_3, self.encoder.upcat_2, self.encoder.upcat_1)):
            x = up(x, skip)
        return self.classifier(self.head(self.encoder.final_conv(x)))


class Teacher(Network):
    def __init__(self, widths, head, text, side):
        super().__init__(widths, head)
        for stage, width in enumerate(widths[1:5], 1):
            self.add_module(f"fusion_x{stage}", Fusion(width, text, side >> stage))

    def forward(self, image, text, absent):
        stages, features = self.encode(image), []
        for stage in range(1, 5):
            x = stages[stage]
            features.append(getattr(self, f"distill_proj_x{stage}")(x + getattr(self, f"fusion_x{stage}")(x, text, absent)))
            stages[stage] = x + features[-1]
        return self.decode(stages), features


class Student(Network):
    def __init__(self, widths, head, targets):
        super().__init__(widths, head)
        for stage, (width, target) in enumerate(zip(widths[1:5], targets), 1):
            self.add_module(f"student_adapter_x{stage}", adapter(width, target))

    def forward(self, image):
        stages = self.encode(image)
        features = [getattr(self, f"student_adapter_x{stage}")(getattr(self, f"distill_proj_x{stage}")(stages[stage])) for stage in range(1, 5)]
        return self.decode(stages), features

    def at_inference(self):
        return sum(count(part) for part in (self.encoder, self.head, self.classifier))


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


# ---- Names and layouts of our implementation ----


def layer(ours, theirs, transposed=False):
    return [(f"{ours}.weight", f"{theirs}.weight", transposed), (f"{ours}.bias", f"{theirs}.bias", False)]


def norm(ours, theirs, running=False):
    found = [(f"{ours}.gamma", f"{theirs}.weight", False), (f"{ours}.beta", f"{theirs}.bias", False)]
    return found + [(f"{ours}.{name}", f"{theirs}.{name}", False) for name in ("running_mean", "running_var") if running]


def two_conv(ours, theirs):
    found = []
    for name, index in (("first", 0), ("second", 1)):
        found += layer(f"{ours}.{name}.conv", f"{theirs}.conv_{index}.conv") + norm(f"{ours}.{name}.norm", f"{theirs}.conv_{index}.adn.N")
    return found


def pairs(network):
    """(our name, PyTorch's name, whether the matrix is transposed); of PyTorch's stacked query, key and value, `name[i]` is part i."""
    found = two_conv("unet.start", "encoder.conv_0")
    for i in range(4):
        found += two_conv(f"unet.down.{i}", f"encoder.down_{i + 1}.convs")
        found += layer(f"unet.up.{i}.up", f"encoder.upcat_{4 - i}.upsample.deconv")
        found += two_conv(f"unet.up.{i}.convs", f"encoder.upcat_{4 - i}.convs")
        for name, index in (("first", 0), ("second", 3)):
            found += layer(f"project.{i}.{name}.conv", f"distill_proj_x{i + 1}.proj.{index}")
            found += norm(f"project.{i}.{name}.norm", f"distill_proj_x{i + 1}.proj.{index + 1}", running=True)
        if isinstance(network, Teacher):
            at = f"fusion_x{i + 1}"
            found.append((f"fusion.{i}.position", f"{at}.pos_embedding", False))
            found += layer(f"fusion.{i}.read", f"{at}.text_proj", True) + layer(f"fusion.{i}.output", f"{at}.attn.out_proj", True)
            for part, name in enumerate(("query", "key", "value")):
                found.append((f"fusion.{i}.{name}.weight", f"{at}.attn.in_proj_weight[{part}]", True))
                found.append((f"fusion.{i}.{name}.bias", f"{at}.attn.in_proj_bias[{part}]", False))
            found += norm(f"fusion.{i}.norm", f"{at}.norm")
        else:
            found += layer(f"adapt.{i}.layer.conv", f"student_adapter_x{i + 1}.0")
            found += norm(f"adapt.{i}.layer.norm", f"student_adapter_x{i + 1}.1", running=True)
    found += layer("head.embed", "encoder.final_conv") + layer("head.first", "head.0")
    return found + layer("head.second", "head.2") + layer("head.classifier", "classifier")


def view(tensors, name, transposed):
    """Our form of one of PyTorch's tensors; writing to it writes to that tensor."""
    base, _, part = name.partition("[")
    tensor = tensors[base]
    if part:
        tensor = tensor.chunk(3)[int(part[0])]
    return tensor.T if transposed else tensor


def spread(name, shape):
    """(scale, shift) of the formula: weights of unit gain, everything else large enough that leaving it out is seen."""
    if name.endswith((".gamma", ".running_var")):
        return 0.25, 1.0
    if len(shape) == 1:
        return 0.25, 0.0
    if name.endswith(".position"):
        return 0.5, 0.0
    if ".up." in name and name.endswith(".up.weight"):
        fan = shape[0]
    else:
        fan = shape[0] if len(shape) == 2 else math.prod(shape[1:])
    return round(math.sqrt(3 / fan), 6), 0.0


def fill(network):
    """Gives every tensor its values; returns [[our name, shape, scale, shift]]."""
    state = network.state_dict()
    listed = pairs(network)
    used = {theirs.partition("[")[0] for _, theirs, _ in listed}
    left = {name for name in state if not name.endswith("num_batches_tracked")} - used
    assert not left, f"without a name of ours: {sorted(left)}"
    tensors = []
    for ours, theirs, transposed in listed:
        target = view(state, theirs, transposed)
        scale, shift = spread(ours, target.shape)
        target.copy_(formula(ours, target.shape, scale, shift))
        tensors.append([ours, list(target.shape), scale, shift])
    return sorted(tensors)


# ---- Goldens ----


def short(values):
    return [float(f"{value:.7g}") for value in np.asarray(values, np.float64).ravel()]


def sampled(tensor, most=48):
    flat = tensor.detach().double().flatten()
    at = [k * 7919 % len(flat) for k in range(min(most, len(flat)))]
    return {"shape": list(tensor.shape), "mean": short(flat.mean())[0], "std": short(flat.std(unbiased=False))[0], "values": short(flat[at])}


def inputs(batch, size, text, used):
    """Images of unit variance; text of unit variance and what is added to its attention logits, if there is any."""
    image = formula("image", [batch, 3, *size], round(math.sqrt(3), 6))
    if text is None:
        return [image]
    words, tokens = text
    absent = torch.tensor([[0.0 if place < own else ABSENT for place in range(tokens)] for own in used])
    text = formula("text", [batch, tokens, words], round(math.sqrt(3), 6))
    # A text without a token is zeros: after adding -1e4 an attention logit keeps three decimals, and different tokens would be
    # weighed by how each implementation rounds.
    return [image, text * torch.tensor([float(own > 0) for own in used])[:, None, None], absent]


def loss(logits, features):
    """A sum that every output has a part in, each place with a weight of its own."""
    terms = [("loss.logits", logits)] + [(f"loss.features.{i}", feature) for i, feature in enumerate(features)]
    return sum((x * formula(name, x.shape, 1.0)).sum() / math.sqrt(x.numel()) for name, x in terms)


def gradients(network):
    """[[our name, norm, sum of the products with the formula's values of "gradient." and the name]]."""
    found = {name: parameter.grad for name, parameter in network.named_parameters()}
    listed = []
    for ours, theirs, transposed in sorted(pairs(network)):
        if theirs.partition("[")[0] in found:
            gradient = view(found, theirs, transposed).double()
            product = (gradient * formula(f"gradient.{ours}", gradient.shape, 1.0)).sum()
            listed.append([ours, *(float(f"{float(value):.6g}") for value in (gradient.norm(), product))])
    return listed


def case(name, widths, batch, size, text=None, used=None, train=False):
    channels = widths["teacher"][1:5]
    if text is None:
        network = Student(widths["student"], widths["head"], channels)
    else:
        network = Teacher(widths["teacher"], widths["head"], text[0], size[0])
    tensors = fill(network)
    given = inputs(batch, size, text, used)
    with torch.no_grad():
        logits, features = network.eval()(*given)
    golden = {"name": name, **widths, "batch": batch, "size": size, "text": text, "used": used, "parameters": count(network),
              "tensors": tensors, "logits": sampled(logits, 1024), "features": [sampled(feature) for feature in features]}
    if train:
        logits, features = network.train()(*given)
        loss(logits, features).backward()
        golden["train"] = {"logits": sampled(logits), "features": [sampled(feature) for feature in features], "gradients": gradients(network)}
    return golden


def goldens():
    widths = RELEASED["teacher"], RELEASED["head"]
    student = Student(RELEASED["student"], RELEASED["head"], RELEASED["teacher"][1:5])
    return {
        "made_by": "tools/paper_reference.py", "torch": torch.__version__, "monai": "1.3.2", "formula": FORMULA,
        "counts": {"teacher_text_768": count(Teacher(*widths, 768, 224)), "teacher_text_384": count(Teacher(*widths, 384, 224)),
                   "student": count(student), "student_at_inference": student.at_inference()},
        "cases": [
            case("teacher, full width", RELEASED, 1, [32, 32], [768, 5], [3]),
            case("student, full width", RELEASED, 1, [32, 32]),
            case("teacher, reduced, odd sides, one text empty", REDUCED, 3, [45, 45], [12, 4], [4, 2, 0], train=True),
            case("student, reduced, odd sides", REDUCED, 2, [45, 37], train=True),
        ],
    }


def compare(old, new, where="golden"):
    """Raises at the first difference; returns the largest one of numbers."""
    if isinstance(new, float) and isinstance(old, float):
        far = abs(old - new)
        if far > TOLERANCE * max(1.0, abs(new)):
            raise SystemExit(f"{GOLDEN}: {where} is {old}, now {new}")
        return far
    if isinstance(new, dict) and isinstance(old, dict) and old.keys() == new.keys():
        return max((compare(old[key], new[key], f"{where}.{key}") for key in new if key not in ("torch", "monai")), default=0.0)
    if isinstance(new, list) and isinstance(old, list) and len(old) == len(new):
        return max((compare(a, b, f"{where}[{i}]") for i, (a, b) in enumerate(zip(old, new))), default=0.0)
    if old != new:
        raise SystemExit(f"{GOLDEN}: {where} is {old!r}, now {new!r}")
    return 0.0


def written(golden):
    """JSON with one line for each case's entries, so that a change shows where it is."""
    lines = json.dumps(golden, separators=(",", ":"))
    return lines.replace('{"name"', '\n{"name"').replace('"tensors"', '\n"tensors"').replace('"logits"', '\n"logits"').replace('"gradients"', '\n"gradients"') + "\n"


# ---- The released code ----


def released(path):
    """Largest deviation of each output between the reference and the released networks, with the same weights."""
    spec = importlib.util.spec_from_file_location("released", path)
    code = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(code)
    widths, head = RELEASED, RELEASED["head"]
    worst = 0.0
    ours_theirs = [(Teacher(widths["teacher"], head, 768, 224), code.UNet_teacher(3, 2, head)),
                   (Student(widths["student"], head, widths["teacher"][1:5]), code.UNet_student(3, 2, head))]
    for ours, theirs in ours_theirs:
        fill(ours)
        teacher = isinstance(ours, Teacher)
        image, text, _ = inputs(2, [224, 224], [768, 7], [7, 7])
        for mode in (False, True):
            # Training moves the running statistics.
            theirs.load_state_dict(ours.state_dict(), strict=True)
            with torch.no_grad():
                expected = theirs.train(mode)(image, text[:, None]) if teacher else theirs.train(mode)(image)
                logits, features = ours.train(mode)(image, text, torch.zeros(2, 7)) if teacher else ours.train(mode)(image)
            outputs = [("logits", logits, expected["logits"])]
            outputs += [(key, feature, expected["encoder_features"][key]) for key, feature in zip(("x1", "x2", "x3", "x4"), features)]
            for name, a, b in outputs:
                far = (a - b).abs().max().item()
                worst = max(worst, far)
                print(f"{type(ours).__name__.lower()} {'training' if mode else 'evaluation'} {name}: {far:.2g} of {b.std().item():.3g}")
        print(f"parameters: {count(ours)}, released {count(theirs)}")
        if count(ours) != count(theirs):
            sys.exit(1)
    print(f"largest deviation: {worst:.2g}")
    sys.exit(0 if worst < TOLERANCE else 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the committed goldens, write nothing")
    parser.add_argument("--released", type=Path, metavar="FILE", help="compare with the released models/unet.py")
    args = parser.parse_args()
    torch.set_num_threads(2)
    if args.released:
        released(args.released)
    # Through JSON, so that numbers and lists are what a file would hold.
    fresh = json.loads(json.dumps(goldens()))
    if args.check:
        print(f"largest deviation: {compare(json.loads(GOLDEN.read_text('utf-8')), fresh):.2g}")
        return
    GOLDEN.write_text(written(fresh), "utf-8")
    print(f"{GOLDEN}: {GOLDEN.stat().st_size} bytes, {fresh['counts']}")


if __name__ == "__main__":
    main()
