"""What `joulery run` costs on eight simulated GPUs and two sockets, beside a bare loop of the same calls.

usage: run_bench.py BUILD_DIR [REPEATS]
"""
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = pathlib.Path(sys.argv[1]).resolve()
REPEATS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
SHORT_S = 1  # the difference of two lengths leaves out what happens once
STANDIN = "gpus=8;model=A100;load=train:period=0.35,low=90,high=380;seed=7"


def make_root(root):
    """Two sockets with memory, and the stand-in where a machine has NVIDIA's library."""
    for socket in (0, 1):
        for zone, name in ((f"intel-rapl:{socket}", f"package-{socket}"), (f"intel-rapl:{socket}:0", "dram")):
            folder = root / "sys/class/powercap" / zone
            folder.mkdir(parents=True)
            (folder / "name").write_text(f"{name}\n")
            (folder / "energy_uj").write_text(f"{123456789 + 1000003 * socket + 17 * len(zone)}\n")
            (folder / "max_energy_range_uj").write_text("262143328850\n")
    (root / "proc").mkdir()
    for name in ("stat", "meminfo", "cpuinfo"):
        (root / "proc" / name).write_bytes(pathlib.Path("/proc", name).read_bytes())
    (root / "usr/lib").mkdir(parents=True)
    shutil.copy(BUILD / "standin/libnvidia-ml.so.1", root / "usr/lib")


def high_water_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0


def cpu_of(command, env, seconds):
    """CPU time and highest resident memory of one command, and what it wrote."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    time.sleep(seconds - 0.2)
    memory = high_water_kib(process.pid)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} failed: {process.returncode}")
    return usage.ru_utime + usage.ru_stime, memory, out.decode()


def joulery(root, period, seconds):
    return [BUILD / "bin/joulery", "run", "--quiet", "--output", root / "account.json", "--sysroot", root, "--period", period, "--",
            "sleep", str(seconds)]


def bare(root, period_us, seconds):
    return [BUILD / "bin/joulery_bare_loop", root, str(period_us), str(seconds)]


def lost_in(root):
    loop = json.loads((root / "account.json").read_text())["loop"]
    return next(value for key, value in loop.items() if "lost" in key)


def cpu(root, env, period, period_us, long_s):
    ours, floors, memory, lost, bare_lost, once, bare_once = [], [], [], [], [], [], []
    for _ in range(REPEATS):
        short = cpu_of(joulery(root, period, SHORT_S), env, SHORT_S)
        bare_short = cpu_of(bare(root, period_us, SHORT_S), env, SHORT_S)
        long = cpu_of(joulery(root, period, long_s), env, long_s)
        lost.append(lost_in(root))
        bare_long = cpu_of(bare(root, period_us, long_s), env, long_s)
        ours.append((long[0] - short[0]) / (long_s - SHORT_S))
        floors.append((bare_long[0] - bare_short[0]) / (long_s - SHORT_S))
        once.append(short[0] - ours[-1] * SHORT_S)
        bare_once.append(bare_short[0] - floors[-1] * SHORT_S)
        memory.append(long[1])
        bare_lost.append(int(bare_long[2].split()[1]))
    our, floor = statistics.median(ours), statistics.median(floors)
    print(f"{period}, 8 GPUs, 2 sockets, {REPEATS} x ({long_s} s - {SHORT_S} s)")
    print(f"  CPU     {our * 1e3:7.2f} ms/s   bare {floor * 1e3:7.2f} ms/s   ratio {our / floor:.2f} (aim: at most 1.5)")
    print(f"  once    {statistics.median(once) * 1e3:7.1f} ms     bare {statistics.median(bare_once) * 1e3:7.1f} ms")
    print(f"  lost    {lost} of {long_s * 1_000_000 // period_us}   bare {bare_lost}")
    print(f"  memory  {max(memory) / 1024:.1f} MiB (aim: at most 15 MB)", flush=True)


def delays(prefix, env):
    """From the call that starts the outer command to the inner one's main, and from its end to the outer's."""
    begin = time.monotonic_ns()
    process = subprocess.Popen([*prefix, BUILD / "bin/joulery_stamp"], env=env, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    process.wait()
    end = time.monotonic_ns()
    start, stop = map(int, process.stdout.read().split()[:2])
    return (start - begin) / 1e6, (end - stop) / 1e6


def delay(root, env):
    ways = {
        "plain": [],
        "env": ["/usr/bin/env"],
        "joulery": [BUILD / "bin/joulery", "run", "--quiet", "--sysroot", root, "--"],
        "joulery, summary": [BUILD / "bin/joulery", "run", "--sysroot", root, "--"],
    }
    seen = {name: [] for name in ways}
    for _ in range(3 * REPEATS):
        for name, prefix in ways.items():
            seen[name].append(delays(prefix, env))
    print("delay in ms, median (worst); aim: at most 5 before, 20 after")
    for name, pairs in seen.items():
        before, after = zip(*pairs)
        print(f"  {name:17} before {statistics.median(before):6.2f} ({max(before):6.2f})"
              f"   after {statistics.median(after):6.2f} ({max(after):6.2f})")


def main():
    with tempfile.TemporaryDirectory(prefix="joulery-run-bench-") as folder:
        root = pathlib.Path(folder, "root")
        make_root(root)
        env = {**os.environ, "JOULERY_HOME": f"{folder}/home", "JOULERY_STANDIN": STANDIN}
        delay(root, env)
        cpu(root, env, "100ms", 100_000, 11)
        cpu(root, env, "1ms", 1_000, 5)


main()
