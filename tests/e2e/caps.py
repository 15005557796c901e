"""What the tests of caps share: simulated boards whose limits are shared between processes, and a look at them that is not joulery's."""
import atexit
import ctypes
import os
import pathlib
import random
import signal
import subprocess
import unittest

from harness import STANDIN, JouleryTest, is_running, wait_until

FOUND_W = (320, 275.5)  # neither the default of an A100, 400 W, nor alike
GIVEN_BACK_S = 5
KILLS = int(os.environ.get("JOULERY_KILLS", "5"))
SEED = int(os.environ.get("JOULERY_SEED", "20261125"))
LATEST_S = 0.6  # a cap is in force after some 0.3 s: half of the kills find it so, half are before or while it is set


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


class Boards:
    """The limits of the stand-in's boards, as NVML tells and sets them."""

    def __init__(self, configuration):
        os.environ["JOULERY_STANDIN"] = configuration  # read by nvmlInit, once in a process
        self.nvml = ctypes.CDLL(f"{STANDIN}/libnvidia-ml.so.1")
        if self.nvml.nvmlInit_v2() != 0:
            raise AssertionError("the stand-in does not start")

    def handle(self, index):
        device = ctypes.c_void_p()
        self.nvml.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(device))
        return device

    def limit(self, index):
        milliwatts = ctypes.c_uint()
        self.nvml.nvmlDeviceGetPowerManagementLimit(self.handle(index), ctypes.byref(milliwatts))
        return milliwatts.value / 1000

    def clock(self, index):
        megahertz = ctypes.c_uint()
        self.nvml.nvmlDeviceGetClockInfo(self.handle(index), 1, ctypes.byref(megahertz))  # 1: of the SMs
        return megahertz.value

    def lock_clock(self, index, megahertz):
        """0: unlocks it."""
        device = self.handle(index)
        code = self.nvml.nvmlDeviceSetGpuLockedClocks(device, 210, megahertz) if megahertz else self.nvml.nvmlDeviceResetGpuLockedClocks(device)
        if code != 0:
            raise AssertionError("the stand-in does not lock a clock")

    def set_limit(self, index, watts):
        if self.nvml.nvmlDeviceSetPowerManagementLimit(self.handle(index), round(watts * 1000)) != 0:
            raise AssertionError("the stand-in does not set a limit")


@unittest.skipUnless(STANDIN, "JOULERY_STANDIN names no folder of the stand-in")
@unittest.skipUnless(os.geteuid() == 0, "setting a limit needs root")
class CapTest(JouleryTest):
    """Boards found at limits that somebody has set."""

    found_w = FOUND_W
    machine = "model=A100"

    @classmethod
    def setUpClass(cls):
        # One machine for all tests of a program, since the library reads its configuration once. Other users open it, too.
        state = f"/tmp/joulery-e2e-boards-{os.getpid()}"
        atexit.register(lambda: pathlib.Path(state).unlink(missing_ok=True))
        cls.boards = Boards(f"gpus={len(cls.found_w)};{cls.machine};state={state}")

    def setUp(self):
        super().setUp()
        self.leases = self.dir / "leases"
        self.env["LD_LIBRARY_PATH"] = STANDIN
        self.env["JOULERY_STANDIN"] = os.environ["JOULERY_STANDIN"]
        self.env["JOULERY_LEASE_DIR"] = str(self.leases)
        self.addCleanup(self.end_guards)
        for index, watts in enumerate(self.found_w):
            self.boards.set_limit(index, watts)
            self.boards.lock_clock(index, 0)

    def limits(self):
        return tuple(self.boards.limit(index) for index in range(len(self.found_w)))

    def records(self):
        return sorted(self.leases.glob("*.lease")) if self.leases.exists() else []

    def guards(self, word="watch"):
        """Process ids of the guards of this test's leases: those that watch, or those that hold."""
        found = []
        for directory in pathlib.Path("/proc").iterdir():
            if not directory.name.isdigit():
                continue
            try:
                words = (directory / "cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if len(words) > 3 and words[1] == word.encode() and words[3] == str(self.leases).encode():
                found.append(int(directory.name))
        return found

    def end_guards(self):
        for pid in self.guards() + self.guards("hold"):
            end(pid)

    def assert_limits_are_back(self):
        """Within 5 s, by whatever is left running."""
        wait_until(lambda: self.limits() == self.found_w, f"the limits are {self.found_w} again", GIVEN_BACK_S)

    def assert_given_back(self):
        self.assert_limits_are_back()
        wait_until(lambda: not self.records(), "no record is left", GIVEN_BACK_S)


class HolderTest(CapTest):
    """Boards held for a command that sleeps; `asked` is what `cap set` is told."""

    asked = "150W"

    def begin(self):
        (self.dir / "pid").unlink(missing_ok=True)
        command = "echo $$ > pid.new; mv pid.new pid; exec sleep 1000"
        return self.start("cap", "set", self.asked, "--", "sh", "-c", command, stderr=subprocess.DEVNULL)

    def child(self):
        pid = self.pid_in("pid")
        self.addCleanup(end, pid)
        return pid

    def end_child_if_begun(self):
        if (self.dir / "pid").exists():
            end(self.pid_in("pid"))

    def wait_for_a_new_guard(self, old):
        return wait_until(lambda: [pid for pid in self.guards() if pid != old and is_running(pid)], "a guard has taken its place")


class Killing:
    """Moments at which a test kills something, the same ones for the same seed."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        print(f"{self.id()}: {KILLS} kills, JOULERY_SEED={SEED}", flush=True)

    def delays(self):
        return [(number, self.random.uniform(0, LATEST_S)) for number in range(KILLS)]
