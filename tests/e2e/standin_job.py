"""A job of a simulated GPU: ends when that has done some seconds of work (at full clock), so a cap slows it as a real
one. usage: standin_job.py WORK_S [MARKS]"""
import ctypes
import subprocess
import sys
import time

work, marks = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
nvml = ctypes.CDLL("libnvidia-ml.so.1")
nvml.joulery_standin_now.restype = ctypes.c_double
assert nvml.nvmlInit_v2() == 0
device = ctypes.c_void_p()
assert nvml.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(device)) == 0


def work_done():
    energy, done = ctypes.c_double(), ctypes.c_double()
    assert nvml.joulery_standin_truth(device, ctypes.c_double(nvml.joulery_standin_now()), ctypes.byref(energy),
                                      ctypes.byref(done)) == 0
    return done.value


begin, marked = work_done(), 0
while (done := work_done() - begin) < work:
    if marked < marks * done / work:
        marked += 1
        subprocess.run(["joulery", "mark", f"step {marked}"], check=True)
    time.sleep(0.001)
