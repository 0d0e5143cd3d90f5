#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains and predicts the same U-Net with PyTorch and with pleura-cli bench, by turns on this machine,
and prints the ratios. Run by hand, or by `./dev bench --peer`; needs python3-torch, or any Python in
whose environment there is a newer PyTorch.

PyTorch is measured in float32 and bfloat16 (autocast), channels last, in a process of its own for each
case, with the allocator told to keep its memory and to ask for huge pages, and its own loops told to
use AVX-512. Four networks: the upward step as a transposed convolution, as people write it, or as a
1×1 convolution and a pixel shuffle, which is the same function and faster in PyTorch; batch
normalisation with ReLU, PyTorch's cheapest choice, or instance normalisation with leaky ReLU, which is
what Pleura computes. Each is measured as it is (eager) and, where PyTorch can, compiled
(torch.compile); prediction also traced, frozen and optimised, with all weights in the precision asked
for, and in float32 by ONNX Runtime where that is installed."""

import argparse
import importlib.util
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

UPS = ("transposed", "shuffle")
NORMS = ("batch", "instance")
ENGINES = {
    "training": ("eager", "compiled"),
    "prediction": ("eager", "compiled", "frozen", "onnxruntime"),
}
TUNING = {
    "ATEN_CPU_CAPABILITY": "avx512",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=17179869184:"
    "glibc.malloc.trim_threshold=34359738368",
}


def make_network(base, depth, up, norm):
    import torch
    from torch import nn
    from torch.nn import functional

    def convolve(channels_in, channels_out):
        if norm == "batch":
            after = [nn.BatchNorm2d(channels_out), nn.ReLU(inplace=True)]
        else:
            after = [nn.InstanceNorm2d(channels_out, affine=True), nn.LeakyReLU(0.01, inplace=True)]
        return [nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False), *after]

    def pair(channels_in, channels_out):
        return nn.Sequential(*convolve(channels_in, channels_out), *convolve(channels_out, channels_out))

    def rise(channels):
        if up == "transposed":
            return nn.ConvTranspose2d(2 * channels, channels, 2, 2)
        return nn.Sequential(nn.Conv2d(2 * channels, 4 * channels, 1), nn.PixelShuffle(2))

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            widths = [base << level for level in range(depth + 1)]
            self.encoders = nn.ModuleList(
                pair(widths[i - 1] if i else 1, widths[i]) for i in range(depth + 1)
            )
            self.rises = nn.ModuleList(rise(widths[i]) for i in range(depth))
            self.decoders = nn.ModuleList(pair(2 * widths[i], widths[i]) for i in range(depth))
            self.head = nn.Conv2d(base, 1, 1)

        def forward(self, x):
            skipped = []
            for encoder in self.encoders[:-1]:
                x = encoder(x)
                skipped.append(x)
                x = functional.max_pool2d(x, 2)
            x = self.encoders[-1](x)
            for level in reversed(range(depth)):
                x = self.decoders[level](torch.cat([skipped[level], self.rises[level](x)], 1))
            return self.head(x)

    torch.manual_seed(1)
    return Network()


def freeze(network, images, precision):
    """A function that predicts once."""
    import torch

    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    images = images.to(kind)
    network = network.eval().to(kind)
    with torch.no_grad():
        traced = torch.jit.trace(network, images, check_trace=False)
        frozen = torch.jit.optimize_for_inference(torch.jit.freeze(traced))

    def predict():
        with torch.no_grad():
            frozen(images)

    return predict


def start_onnxruntime(network, images, threads):
    """A function that predicts once."""
    import onnxruntime
    import torch

    with tempfile.NamedTemporaryFile(suffix=".onnx") as file:
        torch.onnx.export(network.eval(), images, file.name, input_names=["images"], dynamo=False)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(file.name, options, providers=["CPUExecutionProvider"])
    values = images.contiguous().numpy()
    return lambda: session.run(None, {"images": values})


def measure_torch(case):
    """Images a second: batch over the median time of a step."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(case["threads"])
    network = make_network(case["base"], case["depth"], case["up"], case["norm"])
    network = network.to(memory_format=torch.channels_last)
    images = torch.rand(case["batch"], 1, case["size"], case["size"])
    images = images.to(memory_format=torch.channels_last)
    labels = (torch.rand_like(images) > 0.7).float()
    precision = torch.autocast("cpu", dtype=torch.bfloat16, enabled=case["precision"] == "bf16")
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)

    def train():
        optimizer.zero_grad(set_to_none=True)
        with precision:
            logits = network(images)
        logits = logits.float()
        soft = torch.sigmoid(logits)
        overlap = (2 * (soft * labels).sum() + 1e-5) / (soft.sum() + labels.sum() + 1e-5)
        loss = functional.binary_cross_entropy_with_logits(logits, labels) + 1 - overlap
        loss.backward()
        optimizer.step()

    def predict():
        with torch.inference_mode(), precision:
            network(images)

    if case["engine"] == "compiled":
        network = torch.compile(network)
    network.train(case["work"] == "training")
    step = train if case["work"] == "training" else predict
    if case["engine"] == "frozen":
        step = freeze(network, images, case["precision"])
    if case["engine"] == "onnxruntime":
        step = start_onnxruntime(network, images, case["threads"])
    step()
    step()
    times = []
    end = time.monotonic() + case["seconds"]
    while len(times) < 3 or time.monotonic() < end:
        start = time.monotonic()
        step()
        times.append(time.monotonic() - start)
    return case["batch"] / statistics.median(times)


def describe(case):
    return f"{case['engine']}, {case['up']}, {case['norm']} normalisation"


def run_torch(case):
    """In a process of its own; None where this PyTorch cannot."""
    done = subprocess.run(
        [sys.executable, __file__, "--case", json.dumps(case)],
        env={**os.environ, **TUNING},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(f"  {describe(case)}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return float(done.stdout)


def run_pleura(options, size, batch, precision):
    command = [options.pleura, "bench", "--json", "--precision", precision]
    for name in ("base", "depth", "threads", "seconds"):
        command += [f"--{name}", str(getattr(options, name))]
    command += ["--size", str(size), "--batch", str(batch)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else None


def compare(options, work, size, batch, precision):
    shape = {name: getattr(options, name) for name in ("base", "depth", "threads", "seconds")}
    shape |= {"work": work, "size": size, "batch": batch, "precision": precision}
    cases = [
        {**shape, "up": up, "norm": norm, "engine": engine}
        for engine, up, norm in itertools.product(ENGINES[work], UPS, NORMS)
        if engine in options.engines.split(",") and (engine != "onnxruntime" or precision == "f32")
    ]
    figures = [(case, run_torch(case)) for case in cases]
    ours = run_pleura(options, size, batch, precision)
    if ours is None:
        print(f"{work}, {precision}: not available in Pleura here")
        return
    ours = ours[work]["images_per_s"]
    print(f"{work}, {precision}, base {options.base}, {size} × {size}, batch {batch}: Pleura {ours:.2f} images/s")
    for case, theirs in figures:
        if theirs is not None:
            print(f"  {describe(case)}: {theirs:.2f} images/s; ratio {ours / theirs:.2f}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pleura", default="build/src/cli/pleura-cli", help="the program to compare")
    parser.add_argument("--base", type=int, default=32)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--batch", type=int, default=8, help="images in a training step")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=10, help="for each figure")
    parser.add_argument("--engines", default="eager,frozen", help="among eager, compiled, frozen, onnxruntime")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if importlib.util.find_spec("torch") is None:
        parser.error("PyTorch is not installed for " + sys.executable + "; in Debian: python3-torch")
    if options.case is not None:
        print(measure_torch(json.loads(options.case)))
        return
    for precision in ("bf16", "f32"):
        compare(options, "training", 256, options.batch, precision)
        compare(options, "prediction", 256, 8, precision)
        compare(options, "prediction", 512, 1, precision)


if __name__ == "__main__":
    main()
