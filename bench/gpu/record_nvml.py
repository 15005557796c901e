#!/usr/bin/env python3
"""Records what NVIDIA's management library says of the first GPU, by itself: a second opinion on `joulery run`.

    record_nvml.py --period-ms 10 --seconds 10 [--out FILE] [-- CMD...]

Writes CSV: t_s (CLOCK_MONOTONIC, the middle of the call), energy_mj (field 83), instant_mw (186), average_mw (185), plain_mw
(nvmlDeviceGetPowerUsage), call_us (how long the field call lasted), and once in 100 ms gpu_percent, sm_mhz, temperature_c.
A value that the library refuses is empty. With a command, records while it runs, and for SECONDS at most. Only reads."""
import argparse
import csv
import ctypes
import subprocess
import sys
import time

FIELDS = (83, 186, 185)


class Value(ctypes.Union):
    _fields_ = [("d", ctypes.c_double), ("u32", ctypes.c_uint), ("u64", ctypes.c_ulonglong)]


class FieldValue(ctypes.Structure):
    _fields_ = [("field", ctypes.c_uint), ("scope", ctypes.c_uint), ("timestamp", ctypes.c_longlong),
                ("latency_us", ctypes.c_longlong), ("type", ctypes.c_uint), ("code", ctypes.c_int), ("value", Value)]


class Utilization(ctypes.Structure):
    _fields_ = [("gpu", ctypes.c_uint), ("memory", ctypes.c_uint)]


class Board:
    def __init__(self):
        self.lib = ctypes.CDLL("libnvidia-ml.so.1")
        self.device = ctypes.c_void_p()
        for code in (self.lib.nvmlInit_v2(), self.lib.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(self.device))):
            if code != 0:
                sys.exit(f"record_nvml.py: NVML returned {code}")
        self.fields = (FieldValue * len(FIELDS))()
        for slot, field in zip(self.fields, FIELDS):
            slot.field = field

    def read_fields(self):
        begin = time.monotonic_ns()
        code = self.lib.nvmlDeviceGetFieldValues(self.device, len(FIELDS), self.fields)
        end = time.monotonic_ns()
        values = [self.value(slot) if code == 0 else "" for slot in self.fields]
        return begin, end, values

    @staticmethod
    def value(slot):
        if slot.code != 0:
            return ""
        return slot.value.u32 if slot.type == 1 else slot.value.u64

    def number(self, call, *arguments):
        out = ctypes.c_uint()
        return out.value if getattr(self.lib, call)(self.device, *arguments, ctypes.byref(out)) == 0 else ""

    def slow_values(self):
        rates = Utilization()
        busy = rates.gpu if self.lib.nvmlDeviceGetUtilizationRates(self.device, ctypes.byref(rates)) == 0 else ""
        return [busy, self.number("nvmlDeviceGetClockInfo", 1), self.number("nvmlDeviceGetTemperature", 0)]


def record(board, out, period_s, seconds, process):
    rows = csv.writer(out)
    rows.writerow(("t_s", "energy_mj", "instant_mw", "average_mw", "plain_mw", "call_us", "gpu_percent", "sm_mhz",
                   "temperature_c"))
    begin = time.monotonic()
    slow_every = max(1, round(0.1 / period_s))
    tick = 0
    while (now := time.monotonic()) - begin < seconds and (process is None or process.poll() is None):
        t0, t1, values = board.read_fields()
        slow = board.slow_values() if tick % slow_every == 0 else ["", "", ""]
        plain = board.number("nvmlDeviceGetPowerUsage")
        rows.writerow((f"{(t0 + t1) / 2e9:.6f}", *values, plain, f"{(t1 - t0) / 1e3:.1f}", *slow))
        tick = int((time.monotonic() - begin) / period_s) + 1
        time.sleep(max(0.0, begin + tick * period_s - time.monotonic()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--period-ms", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--out", default="-")
    parser.add_argument("command", nargs="*")
    args = parser.parse_args()
    board = Board()
    process = subprocess.Popen(args.command, stdout=sys.stderr) if args.command else None
    with (sys.stdout if args.out == "-" else open(args.out, "w", newline="")) as out:
        record(board, out, args.period_ms / 1e3, args.seconds, process)
    if process is not None:
        process.wait()


if __name__ == "__main__":
    main()
