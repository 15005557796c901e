#!/usr/bin/env python3
"""What the energy counter and the power fields of a board say of the same load: one line for each recording of record_nvml.py.

    compare.py [--skip SECONDS] FILE...

Means in W from SKIP seconds (default 2.5: the load has begun by then) to half a second before the end: of the counter between two of
its steps, of each field over the same time. Then the lowest and highest single readings."""
import argparse
import csv
import statistics


def read(path):
    with open(path, newline="") as file:
        return [tuple(float(row[name]) for name in ("t_s", "energy_mj", "instant_mw", "average_mw")) for row in csv.DictReader(file)]


def time_mean(rows, column):
    spans = [(b[0] - a[0], a[column] / 1e3) for a, b in zip(rows, rows[1:])]
    return sum(s * w for s, w in spans) / sum(s for s, _ in spans)


def compare(path, skip):
    rows = read(path)
    begin, end = rows[0][0] + skip, rows[-1][0] - 0.5
    steps = [b for a, b in zip(rows, rows[1:]) if a[1] != b[1] and begin <= b[0] <= end]
    first, last = steps[0], steps[-1]
    inside = [row for row in rows if first[0] <= row[0] <= last[0]]
    each = [(b[1] - a[1]) / 1e3 / (0.1 * max(1, round((b[0] - a[0]) / 0.1))) for a, b in zip(steps, steps[1:])]
    instant = [row[2] / 1e3 for row in inside]
    print(f"{path}: {last[0] - first[0]:.1f} s, counter {(last[1] - first[1]) / 1e3 / (last[0] - first[0]):.1f} "
          f"(steps of 0.1 s: sd {statistics.pstdev(each):.1f}), "
          f"instant {time_mean(inside, 2):.1f} ({min(instant):.0f} to {max(instant):.0f}), average {time_mean(inside, 3):.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skip", type=float, default=2.5)
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    for path in args.files:
        compare(path, args.skip)


if __name__ == "__main__":
    main()
