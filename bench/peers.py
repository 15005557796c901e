"""Zeus and CodeCarbon beside joulery on one simulated A100 whose truth is known, each with its defaults.

usage: peers.py BUILD_DIR [SECONDS]; python must have zeus, codecarbon and nvidia-ml-py. peers.py BUILD_DIR SECONDS TOOL
measures once with TOOL and prints JSON (what this program calls in a process of its own).
"""
import ctypes
import importlib.metadata
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(sys.argv[1]).resolve()
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 20
LIBRARY = BUILD / "standin/libnvidia-ml.so.1"
LOADS = {
    "steady": "constant:level=300",
    "square, 1.3 s": "square:period=1.3,low=80,high=380",
}


class Truth:
    """What the simulated GPU used, from the stand-in itself."""

    def __init__(self):
        self.nvml = ctypes.CDLL(str(LIBRARY))
        self.nvml.nvmlInit_v2()
        self.nvml.joulery_standin_now.restype = ctypes.c_double
        self.device = ctypes.c_void_p()
        self.nvml.nvmlDeviceGetHandleByIndex_v2(0, ctypes.byref(self.device))

    def joules(self):
        energy, work = ctypes.c_double(), ctypes.c_double()
        now = ctypes.c_double(self.nvml.joulery_standin_now())
        self.nvml.joulery_standin_truth(self.device, now, ctypes.byref(energy), ctypes.byref(work))
        return energy.value


def zeus_meter():
    from zeus.monitor import ZeusMonitor
    monitor = ZeusMonitor(gpu_indices=[0], cpu_indices=[])

    # Waiting for the GPU's work is PyTorch's part, which is not here.
    def stop():
        return sum(monitor.end_window("bench", sync_execution=False).gpu_energy.values())
    return lambda: monitor.begin_window("bench", sync_execution=False), stop


def codecarbon_meter():
    from codecarbon import OfflineEmissionsTracker
    tracker = OfflineEmissionsTracker(country_iso_code="DEU", save_to_file=False, log_level="error", gpu_ids=[0])

    def stop():
        tracker.stop()
        return tracker.final_emissions_data.gpu_energy * 3.6e6  # kWh
    return tracker.start, stop


def measure_once(tool):
    start, stop = {"zeus": zeus_meter, "codecarbon": codecarbon_meter}[tool]()
    truth = Truth()
    start()
    begin, cpu = truth.joules(), time.process_time()
    time.sleep(SECONDS)
    end, used = truth.joules(), time.process_time() - cpu
    says = stop()
    print(json.dumps({"says": says, "truth": end - begin, "cpu": 100 * used / SECONDS,
                      "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def environment(load, folder):
    # CodeCarbon looks for NVIDIA's GPUs only where `nvidia-smi --help` works.
    program = pathlib.Path(folder, "nvidia-smi")
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    config = f"gpus=1;model=A100;gain=1;offset=0;load={load};state={folder}/state"
    return {**os.environ, "JOULERY_STANDIN": config, "LD_LIBRARY_PATH": str(LIBRARY.parent),
            "JOULERY_HOME": f"{folder}/home", "HOME": folder, "PATH": f"{folder}:{os.environ['PATH']}"}


def peer(tool, load, folder):
    done = subprocess.run([sys.executable, __file__, str(BUILD), str(SECONDS), tool], env=environment(load, folder),
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{tool} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def joulery(load, folder):
    account = pathlib.Path(folder, "account.json")
    process = subprocess.Popen([BUILD / "bin/joulery", "run", "--quiet", "--output", account, "--",
                                BUILD / "bin/joulery_truth", LIBRARY, str(SECONDS)],
                               env=environment(load, folder), stdout=subprocess.PIPE, text=True)
    time.sleep(SECONDS - 0.5)
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    document = json.loads(account.read_text())
    gpu = next(c for c in document["components"] if c["id"].startswith("gpu/"))
    energy = gpu["energy"]
    return {"says": energy["value"], "truth": float(process.stdout.read().split()[0]), "interval": energy,
            "cpu": 100 * (usage.ru_utime + usage.ru_stime) / SECONDS,
            "rss": int(status.split("VmHWM:")[1].split()[0]) / 1024}


def main():
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("zeus", "codecarbon", "nvidia-ml-py"))
    print(f"{versions}; {SECONDS:g} s each, one A100 without gain error")
    for name, load in LOADS.items():
        print(name)
        for tool in ("joulery", "zeus", "codecarbon"):
            with tempfile.TemporaryDirectory(prefix="joulery-peers-") as folder:
                seen = joulery(load, folder) if tool == "joulery" else peer(tool, load, folder)
            error = 100 * (seen["says"] / seen["truth"] - 1)
            print(f"  {tool:10} {seen['says']:9.1f} J, truth {seen['truth']:9.1f} J: {error:+6.2f} %;"
                  f" CPU {seen['cpu']:5.2f} % of a core, {seen['rss']:6.1f} MiB", flush=True)
            if "interval" in seen:
                print(f"             {json.dumps({k: v for k, v in seen['interval'].items() if k != 'value'})}")


if len(sys.argv) > 3:
    measure_once(sys.argv[3])
else:
    main()
