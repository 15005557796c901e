"""A job log for `joulery account` from two tables of a sweep: how many epochs each training took to reach a metric
(dataset, network, batch_size, optimizer, run, target_metric, target_epoch), and the power and time of an epoch at each cap
(dataset, network, batch_size, optimizer, power_limit, time_per_epoch, average_power). Each training, at each cap, is a job:

    python3 join_sweep.py train.csv power_v100.csv cifar100 0.6 > runs.csv
    joulery account runs.csv --metric metric --target 0.6 --by batch_size,cap_w

A training that never reached the target is a job as long as it took to the best metric that it did reach: the least that was
spent on it. With `lower` behind the target, less of the metric is better (--metric-better lower).
"""
import csv
import math
import sys

SETTING = ("dataset", "network", "batch_size", "optimizer")


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def trainings(path, dataset, target, sign):
    """Of each training the metric that it is counted for, and its epochs."""
    reached = {}
    for row in rows_of(path):
        epoch, metric = float(row["target_epoch"]), float(row["target_metric"])
        if row["dataset"] != dataset or math.isnan(epoch) or sign * metric > sign * target:
            continue
        key = (tuple(row[column] for column in SETTING), row["learning_rate"], row["run"])
        if key not in reached or sign * metric > sign * reached[key][0]:
            reached[key] = metric, epoch
    return reached


def main(train, power, dataset, target, direction="higher"):
    sign = -1 if direction == "lower" else 1
    epochs = {}
    for row in rows_of(power):
        epochs.setdefault(tuple(row[column] for column in SETTING), []).append(row)
    out = csv.writer(sys.stdout)
    out.writerow((*SETTING, "learning_rate", "seed", "cap_w", "gpus", "duration_s", "energy_j", "metric"))
    for (setting, rate, seed), (metric, count) in trainings(train, dataset, float(target), sign).items():
        for row in epochs.get(setting, []):
            seconds = count * float(row["time_per_epoch"])
            joules = seconds * float(row["average_power"])
            out.writerow((*setting, rate, seed, row["power_limit"], 1, f"{seconds:.6f}", f"{joules:.6f}", metric))


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6):
        sys.exit(__doc__)
    main(*sys.argv[1:])
