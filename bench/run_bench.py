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
EDGE_S = 1  # left out at both ends: opening, and the account at the end
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


def cpu_ms(pid):
    """CPU time of all threads of a process so far, by the scheduler's own count."""
    threads = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6


def joulery(root, period_us, seconds):
    return [BUILD / "bin/joulery", "run", "--quiet", "--output", root / "account.json", "--sysroot", root, "--period",
            f"{period_us // 1000}ms", "--", "sleep", str(seconds)]


def bare(root, period_us, seconds):
    return [BUILD / "bin/joulery_bare_loop", root, str(period_us), str(seconds)]


def lost_in(root):
    loop = json.loads((root / "account.json").read_text())["loop"]
    return next(value for key, value in loop.items() if "lost" in key)


def pair(root, env, period_us, seconds, first):
    """Both meters at the same time, half a period apart: CPU in ms/s of each, lost ticks of each, memory of ours."""
    commands = {"ours": joulery, "bare": bare}
    running = {}
    for name in (first, *(commands.keys() - {first})):
        running[name] = subprocess.Popen(commands[name](root, period_us, seconds), env=env, stdout=subprocess.PIPE,
                                         stderr=subprocess.DEVNULL)
        time.sleep(0.5 * period_us * 1e-6)
    time.sleep(EDGE_S)
    begin = {name: (time.monotonic(), cpu_ms(process.pid)) for name, process in running.items()}
    time.sleep(seconds - 2 * EDGE_S - 0.5)
    rate = {}
    for name, process in running.items():
        at, used = begin[name]
        rate[name] = (cpu_ms(process.pid) - used) / (time.monotonic() - at)
    memory = high_water_kib(running["ours"].pid)
    words = {name: process.communicate()[0].decode() for name, process in running.items()}
    if any(process.returncode != 0 for process in running.values()):
        raise SystemExit("a meter failed")
    return rate, {"ours": lost_in(root), "bare": int(words["bare"].split()[1])}, memory


def cpu(root, env, period_us, seconds):
    pairs = [pair(root, env, period_us, seconds, ("ours", "bare")[i % 2]) for i in range(REPEATS)]
    ours, floor = (statistics.median(rate[name] for rate, _, _ in pairs) for name in ("ours", "bare"))
    ratios = sorted(rate["ours"] / rate["bare"] for rate, _, _ in pairs)
    print(f"{period_us / 1000:g} ms, 8 GPUs, 2 sockets, {REPEATS} x {seconds} s, both at the same time")
    print(f"  CPU     {ours:7.2f} ms/s   bare {floor:7.2f} ms/s   ratio {statistics.median(ratios):.2f}"
          f" ({ratios[0]:.2f} to {ratios[-1]:.2f}; aim: at most 1.5)")
    print(f"  lost    {[lost['ours'] for _, lost, _ in pairs]} of {seconds * 1_000_000 // period_us}"
          f"   bare {[lost['bare'] for _, lost, _ in pairs]}")
    print(f"  memory  {max(memory for _, _, memory in pairs) / 1024:.1f} MiB (aim: at most 15 MB)", flush=True)


def once(command, env):
    """CPU time of a whole run of one second, start and end included."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return (usage.ru_utime + usage.ru_stime) * 1e3


def whole(root, env):
    seen = [(once(joulery(root, 100_000, 1), env), once(bare(root, 100_000, 1), env)) for _ in range(3 * REPEATS)]
    ours, floor = (statistics.median(column) for column in zip(*seen))
    print(f"CPU of a run of 1 s, start and end included: {ours:.1f} ms, bare {floor:.1f} ms", flush=True)


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
    print("delay in ms, median (worst), and what it is more than plain; aim: at most 5 before, 20 after")
    plain = [statistics.median(column) for column in zip(*seen["plain"])]
    for name, pairs in seen.items():
        words = [f"{when} {statistics.median(column):6.2f} ({max(column):6.2f}) {statistics.median(column) - floor:+6.2f}"
                 for when, column, floor in zip(("before", "after"), zip(*pairs), plain)]
        print(f"  {name:17} {'   '.join(words)}")


def main():
    with tempfile.TemporaryDirectory(prefix="joulery-run-bench-") as folder:
        root = pathlib.Path(folder, "root")
        make_root(root)
        env = {**os.environ, "JOULERY_HOME": f"{folder}/home", "JOULERY_STANDIN": STANDIN}
        delay(root, env)
        whole(root, env)
        cpu(root, env, 100_000, 23)
        cpu(root, env, 1_000, 8)


main()
