#!/usr/bin/env python3
"""Writes what `sacct --parsable2` prints for N jobs of a made-up cluster: bench/make_sacct_log.py 1000000 > FILE.

Jobs are nearly in the order of their start, as sacct gives them; one in 50 was requeued. --steps adds two steps a job.
"""
import argparse
import datetime
import random
import sys

COLUMNS = "JobID|User|Account|Partition|State|Submit|Start|End|Elapsed|AllocTRES|ConsumedEnergy"
STATES = ["COMPLETED"] * 7 + ["FAILED", "CANCELLED by 1000", "TIMEOUT"]


def elapsed_text(seconds):
    days, rest = divmod(seconds, 86400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}-{clock}" if days else clock


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("jobs", type=int)
    parser.add_argument("--steps", action="store_true")
    args = parser.parse_args()
    draw = random.Random(1)
    zero = datetime.datetime(2023, 1, 1)
    out = [COLUMNS]
    for i in range(args.jobs):
        start = zero + datetime.timedelta(seconds=i * 30 + draw.randrange(600))
        length = int(draw.expovariate(1 / 7200))
        gpus = draw.choice((0, 1, 1, 2, 4, 8))
        kind = draw.choice(("a100", "v100", "h100"))
        cpus = 8 * max(gpus, 1)
        tres = f"billing={cpus},cpu={cpus}" + (f",gres/gpu:{kind}={gpus},gres/gpu={gpus}" if gpus else "")
        energy = f"{length * gpus * 0.3:.2f}K" if draw.random() < 0.5 else ""
        job = i + 1 if i % 50 else i
        times = [t.strftime("%Y-%m-%dT%H:%M:%S") for t in (start, start, start + datetime.timedelta(seconds=length))]
        rest = "|".join([draw.choice(STATES), *times, elapsed_text(length), f"{tres},mem={8 * cpus}G,node=1", energy])
        user = draw.randrange(500)
        out.append(f"{job}|user{user}|group{user % 40}|gpu|{rest}")
        if args.steps:
            out += [f"{job}.{step}|||gpu|{rest}" for step in ("batch", "0")]
        if len(out) > 10_000:
            sys.stdout.write("\n".join(out) + "\n")
            out = []
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
