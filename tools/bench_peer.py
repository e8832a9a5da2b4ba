#!/usr/bin/env python3
"""The training steps of the lite preset in PyTorch, for `cargo xtask bench` to compare ours with in the same run.

The same layers, sizes, losses, optimiser and batch as `fovea bench` measures (shared/src/model/{teacher,student,text_fusion,backbone}.rs,
shared/src/distill): a step is forward, backward, AdamW and the moving average of the weights. Values are arbitrary; a step's time
does not depend on them. Prints a JSON list of {"name", "peer", "peer_value"}, times in ms: the median after a warm-up.

    /usr/bin/python3 tools/bench_peer.py [--tries 9]          # Debian's python3-torch
"""

import argparse
import json
import os
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, PHRASES, EMBEDDING, TEXT, HEADS = 16, 14, 384, 64, 4
CHANNELS, SIDES = [24, 40, 112, 320], [56, 28, 14, 7]


class Block(nn.Sequential):
    """Convolution, group norm, ReLU."""

    def __init__(self, input, output, kernel):
        conv = nn.Conv2d(input, output, kernel, padding=kernel // 2, bias=False)
        super().__init__(conv, nn.GroupNorm(8, output), nn.ReLU())


def double(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Student(nn.Module):
    def __init__(self):
        super().__init__()
        self.lateral = nn.ModuleList([Block(24, 8, 1), Block(40, 24, 1), Block(112, 64, 1), Block(320, 96, 1)])
        self.fuse = nn.ModuleList([Block(48, 24, 3), Block(88, 40, 3), Block(160, 64, 3), Block(96, 96, 3)])
        self.logit = nn.Conv2d(24, 1, 1)

    def forward(self, levels):
        x = self.fuse[3](self.lateral[3](levels[3]))
        for level in (2, 1, 0):
            x = self.fuse[level](torch.cat([double(x), self.lateral[level](levels[level])], 1))
        return self.logit(x)


class MbConv(nn.Module):
    """Inverted residual block with its norms folded and TensorFlow's padding (shared/src/model/backbone.rs)."""

    def __init__(self, channels, out, kernel, stride, side):
        super().__init__()
        wide = channels * 6
        total = (-(-side // stride) - 1) * stride + kernel - side
        self.pad = [total // 2, total - total // 2] * 2
        self.expand = nn.Conv2d(channels, wide, 1)
        self.depthwise = nn.Conv2d(wide, wide, kernel, stride, groups=wide)
        self.project = nn.Conv2d(wide, out, 1)
        self.skip = stride == 1 and channels == out

    def forward(self, x):
        y = F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(F.pad(y, self.pad))))
        return x + y if self.skip else y


def stages(channels, side, sizes):
    blocks = []
    for repeats, kernel, stride, out in sizes:
        for repeat in range(repeats):
            step = stride if repeat == 0 else 1
            blocks.append(MbConv(channels, out, kernel, step, side))
            channels, side = out, side // step
    return nn.Sequential(*blocks)


class Adapting(nn.Module):
    """The student behind stages 3 to 6 of the backbone, all of which learns."""

    def __init__(self):
        super().__init__()
        self.to16 = stages(40, 28, [(3, 3, 2, 80), (3, 5, 1, 112)])
        self.to32 = stages(112, 14, [(4, 5, 2, 192), (1, 3, 1, 320)])
        self.student = Student()

    def forward(self, levels):
        level16 = self.to16(levels[1])
        return self.student([levels[0], levels[1], level16, self.to32(level16)])


class Fusion(nn.Module):
    def __init__(self, channels, side):
        super().__init__()
        self.position = nn.Parameter(torch.randn(1, side * side, channels) * 0.3)
        self.query, self.output, self.project = (nn.Linear(channels, channels) for _ in range(3))
        self.key, self.value = nn.Linear(TEXT, channels), nn.Linear(TEXT, channels)
        self.norm = nn.LayerNorm(channels)
        self.gate = nn.Parameter(torch.ones(1))

    def forward(self, feat, tokens):
        batch, channels, height, width = feat.shape
        flat = feat.flatten(2).transpose(1, 2)
        asked = flat + self.position
        split = lambda x: x.reshape(batch, -1, HEADS, channels // HEADS).transpose(1, 2)
        query, key, value = split(self.query(asked)), split(self.key(tokens)), split(self.value(tokens))
        attention = (query @ key.transpose(2, 3) / (channels // HEADS) ** 0.5).softmax(3)
        read = (attention @ value).transpose(1, 2).reshape(batch, -1, channels)
        fused = self.norm(asked + self.output(read))
        added = self.project(flat + fused) * self.gate
        return feat + added.transpose(1, 2).reshape(batch, channels, height, width)


class Teacher(nn.Module):
    def __init__(self):
        super().__init__()
        self.lateral = nn.ModuleList([Block(40, 32, 1), Block(112, 64, 1), Block(320, 96, 1)])
        self.fuse = nn.ModuleList([Block(97, 48, 3), Block(161, 64, 3), Block(97, 96, 3)])
        self.text = nn.ModuleList([Fusion(48, 28), Fusion(64, 14), Fusion(96, 7)])
        self.read = nn.Linear(EMBEDDING, TEXT)
        self.nothing = nn.Parameter(torch.randn(1, 1, TEXT) * 0.3)
        self.logit = nn.Conv2d(48, 1, 1)

    def forward(self, levels, gaze, text):
        tokens = torch.cat([self.read(text), self.nothing.expand(len(text), 1, TEXT)], 1)
        x = self.fuse[2](torch.cat([self.lateral[2](levels[3]), gaze[2]], 1))
        x = self.text[2](x, tokens)
        for level in (1, 0):
            x = self.fuse[level](torch.cat([double(x), self.lateral[level](levels[level + 1]), gaze[level]], 1))
            x = self.text[level](x, tokens)
        return self.logit(x)


def soft_dice(logits, target):
    p = logits.sigmoid().flatten(1)
    target = target.flatten(1)
    return (1 - (2 * (p * target).sum(1) + 1) / (p.sum(1) + target.sum(1) + 1)).mean()


class Learner:
    def __init__(self, model, dice):
        self.model, self.dice = model, dice
        self.average = [p.detach().clone() for p in model.parameters()]
        self.optimiser = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)

    def step(self, target, *inputs):
        logits = self.model(*inputs)
        loss = F.binary_cross_entropy_with_logits(logits, target)
        if self.dice:
            loss = loss + self.dice * soft_dice(logits, target)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        with torch.no_grad():
            for average, current in zip(self.average, self.model.parameters()):
                average.lerp_(current, 0.01)
        return loss.item()


def median_ms(tries, call):
    call()
    times = []
    for _ in range(tries):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tries", type=int, default=9)
    tries = parser.parse_args().tries
    torch.manual_seed(1)
    torch.set_num_threads(os.cpu_count() or 1)
    levels = [torch.rand(BATCH, c, s, s) * 2 - 1 for c, s in zip(CHANNELS, SIDES)]
    gaze = [torch.rand(BATCH, 1, s, s) for s in SIDES[1:]]
    text = torch.randn(BATCH, PHRASES, EMBEDDING)
    target = lambda side: torch.full((BATCH, 1, side, side), 0.5)
    student, teacher, adapting = Learner(Student(), 0.5), Learner(Teacher(), 0.0), Learner(Adapting(), 0.5)
    learn_student = lambda: student.step(target(56), levels)
    learn_teacher = lambda: teacher.step(target(28), levels, gaze, text)
    onednn = "with" if torch.backends.mkldnn.is_available() else "without"
    peer = f"pytorch {torch.__version__} cpu, {torch.get_num_threads()} threads, {onednn} oneDNN"
    times = {
        "train_step.lite.cpu.teacher": median_ms(tries, learn_teacher),
        "train_step.lite.cpu.student": median_ms(tries, learn_student),
        "train_step.lite.cpu.adapt": median_ms(tries, lambda: adapting.step(target(56), levels)),
        "train_step.lite.cpu": median_ms(tries, lambda: (learn_teacher(), learn_student())),
    }
    print(json.dumps([{"name": name, "peer": peer, "peer_value": value} for name, value in times.items()]))


if __name__ == "__main__":
    main()
