#!/usr/bin/env python3
"""A real training program for one GPU: a small transformer learns to continue sums (PyTorch, bf16).

    python3 examples/gpt.py [SECONDS]

Two phases: warming up, and training. Prints how fast it trained, which is how to see that measuring slows nothing."""
import os
import shutil
import statistics
import subprocess
import sys
import time

import torch
from torch import nn

WIDTH, LAYERS, HEADS, LENGTH, BATCH, VOCABULARY = 1024, 8, 16, 512, 32, 128


def mark(phase):
    """Starts a phase of the measured run; outside of one, does nothing."""
    if "JOULERY_MARK_SOCKET" in os.environ and shutil.which("joulery"):
        subprocess.run(["joulery", "mark", phase], check=False)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCABULARY, WIDTH)
        self.place = nn.Parameter(0.02 * torch.randn(LENGTH, WIDTH))
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, dropout=0.0, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.out = nn.Linear(WIDTH, VOCABULARY)

    def forward(self, tokens):
        mask = nn.Transformer.generate_square_subsequent_mask(tokens.shape[1], device=tokens.device)
        return self.out(self.blocks(self.embed(tokens) + self.place, mask=mask, is_causal=True))


def batch(generator):
    """Sequences where each token is the sum of the two before it: learnable, and made on the GPU."""
    first = torch.randint(0, VOCABULARY, (BATCH, 2), generator=generator, device="cuda")
    tokens = [first[:, 0], first[:, 1]]
    while len(tokens) <= LENGTH:
        tokens.append((tokens[-1] + tokens[-2]) % VOCABULARY)
    return torch.stack(tokens, dim=1)


def train(seconds):
    torch.manual_seed(7)
    model = Model().cuda()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4)
    generator = torch.Generator(device="cuda").manual_seed(7)
    data = [batch(generator) for _ in range(16)]
    times, begin, step, loss = [], time.monotonic(), 0, None
    while step == 0 or time.monotonic() - begin < seconds:
        t0 = time.monotonic()
        tokens = data[step % len(data)]
        with torch.autocast("cuda", dtype=torch.bfloat16):
            logits = model(tokens[:, :-1])
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        torch.cuda.synchronize()
        times.append(time.monotonic() - t0)
        step += 1
        if step == 10:
            mark("train")
    steady = times[10:] or times
    print(f"{step} steps, loss {loss.item():.3f}, median step {1e3 * statistics.median(steady):.3f} ms, "
          f"mean {1e3 * statistics.fmean(steady):.3f} ms")


if __name__ == "__main__":
    mark("warm-up")
    train(float(sys.argv[1]) if len(sys.argv) > 1 else 20)
