"""A job of a simulated GPU: it ends when that has done some seconds of work (at full clock), so that a cap slows it as
it would a real one. usage: standin_job.py GPU WORK_S [MARKS]"""
import ctypes
import subprocess
import sys
import time

gpu, work = int(sys.argv[1]), float(sys.argv[2])
marks = int(sys.argv[3]) if len(sys.argv) > 3 else 0
nvml = ctypes.CDLL("libnvidia-ml.so.1")
nvml.joulery_standin_now.restype = ctypes.c_double
device = ctypes.c_void_p()
assert nvml.nvmlInit_v2() == 0
assert nvml.nvmlDeviceGetHandleByIndex_v2(gpu, ctypes.byref(device)) == 0


def work_done():
    energy, done = ctypes.c_double(), ctypes.c_double()
    now = ctypes.c_double(nvml.joulery_standin_now())
    assert nvml.joulery_standin_truth(device, now, ctypes.byref(energy), ctypes.byref(done)) == 0
    return done.value


begin, marked = work_done(), 0
while (done := work_done() - begin) < work:
    if marked < marks * done / work:
        marked += 1
        subprocess.run(["joulery", "mark", f"step {marked}"], check=True)
    time.sleep(0.001)
