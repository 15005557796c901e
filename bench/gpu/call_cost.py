#!/usr/bin/env python3
"""What the calls of NVIDIA's management library cost on the first GPU: CSV of call, calls, median and 99th percentile in us."""
import ctypes
import sys
import time

from record_nvml import Board, FieldValue, Utilization


class Memory(ctypes.Structure):
    _fields_ = [("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong)]


def fields(board, numbers):
    slots = (FieldValue * len(numbers))()
    for slot, number in zip(slots, numbers):
        slot.field = number
    return lambda: board.lib.nvmlDeviceGetFieldValues(board.device, len(numbers), slots)


def calls(board):
    rates, memory, energy, number = Utilization(), Memory(), ctypes.c_ulonglong(), ctypes.c_uint()
    lib, device, ref = board.lib, board.device, ctypes.byref
    yield "field 83 (energy)", 200, fields(board, [83])
    yield "field 186 (instant)", 200, fields(board, [186])
    yield "field 185 (average)", 200, fields(board, [185])
    yield "fields 83 186 185 in one call", 200, fields(board, [83, 186, 185])
    yield "fields 191 186 185 in one call", 200, fields(board, [191, 186, 185])
    yield "fields 74 75 76 (throttle)", 100, fields(board, [74, 75, 76])
    yield "fields 270 271", 100, fields(board, [270, 271])
    yield "nvmlDeviceGetTotalEnergyConsumption", 200, lambda: lib.nvmlDeviceGetTotalEnergyConsumption(device, ref(energy))
    yield "nvmlDeviceGetPowerUsage", 200, lambda: lib.nvmlDeviceGetPowerUsage(device, ref(number))
    yield "nvmlDeviceGetUtilizationRates", 200, lambda: lib.nvmlDeviceGetUtilizationRates(device, ref(rates))
    yield "nvmlDeviceGetMemoryInfo", 200, lambda: lib.nvmlDeviceGetMemoryInfo(device, ref(memory))
    yield "nvmlDeviceGetTemperature", 200, lambda: lib.nvmlDeviceGetTemperature(device, 0, ref(number))
    yield "nvmlDeviceGetClockInfo SM", 200, lambda: lib.nvmlDeviceGetClockInfo(device, 1, ref(number))
    yield "nvmlDeviceGetPowerManagementLimit", 100, lambda: lib.nvmlDeviceGetPowerManagementLimit(device, ref(number))
    yield "nvmlDeviceGetPcieThroughput", 20, lambda: lib.nvmlDeviceGetPcieThroughput(device, 0, ref(number))


def main():
    print("call,calls,median_us,p99_us,code")
    for name, count, call in calls(Board()):
        times = []
        for _ in range(count):
            begin = time.monotonic_ns()
            code = call()
            times.append((time.monotonic_ns() - begin) / 1e3)
        times.sort()
        print(f"{name},{count},{times[count // 2]:.1f},{times[count * 99 // 100]:.1f},{code}")


if __name__ == "__main__":
    sys.exit(main())
