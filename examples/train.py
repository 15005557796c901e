#!/usr/bin/env python3
"""A few seconds of honest training with nothing but the standard library: logistic regression by gradient descent.

Two phases, so that the account has something to tell apart: making the data, and training.
"""
import math
import os
import random
import shutil
import subprocess

ROWS, FEATURES, EPOCHS, RATE = 4000, 20, 300, 0.5


def mark(phase):
    """Starts a phase of the measured run; outside of one, does nothing."""
    if "JOULERY_MARK_SOCKET" in os.environ and shutil.which("joulery"):
        subprocess.run(["joulery", "mark", phase], check=False)


def make_data(rng):
    truth = [rng.gauss(0, 1) for _ in range(FEATURES)]
    rows = [[rng.gauss(0, 1) for _ in range(FEATURES)] for _ in range(ROWS)]
    labels = [1.0 if sum(w * x for w, x in zip(truth, row)) + rng.gauss(0, 0.5) > 0 else 0.0 for row in rows]
    return rows, labels


def train(rows, labels):
    weights = [0.0] * FEATURES
    for _ in range(EPOCHS):
        gradient, loss = [0.0] * FEATURES, 0.0
        for row, label in zip(rows, labels):
            p = 1 / (1 + math.exp(-sum(w * x for w, x in zip(weights, row))))
            loss -= math.log(max(p if label else 1 - p, 1e-12))
            for j, x in enumerate(row):
                gradient[j] += (p - label) * x
        weights = [w - RATE * g / ROWS for w, g in zip(weights, gradient)]
    return loss / ROWS


if __name__ == "__main__":
    mark("data")
    data = make_data(random.Random(7))
    mark("train")
    print(f"loss after {EPOCHS} epochs: {train(*data):.4f}")
