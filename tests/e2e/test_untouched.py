"""A measured command finds the process that it would have found without the meter."""
import os
import resource
import signal
import subprocess
import unittest

from harness import OURS, JouleryTest

PROBE = r"""
import json, os, resource, signal, sys, termios
status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
wanted = ["Umask", "SigQ", "SigBlk", "SigIgn", "SigCgt", "CapEff", "NoNewPrivs", "Cpus_allowed", "TracerPid"]
fds = {}
for fd in sorted(map(int, os.listdir("/proc/self/fd"))):
    try: fds[fd] = os.readlink(f"/proc/self/fd/{fd}") + str(os.get_inheritable(fd))
    except OSError: pass
print(json.dumps({
    "status": {k: status.get(k) for k in wanted if k != "SigQ"}, "fds": fds, "environ": dict(os.environ),
    "cwd": os.getcwd(), "nice": os.nice(0), "pgid": os.getpgid(0), "sid": os.getsid(0), "argv": sys.argv,
    "slack": open("/proc/self/timerslack_ns").read(), "oom": open("/proc/self/oom_score_adj").read(),
    "sched": os.sched_getscheduler(0),
    "limits": [resource.getrlimit(r) for r in range(16)],
}, sort_keys=True))
"""


class Untouched(JouleryTest):
    def compare(self, **options):
        """What the probe sees with and without the meter, from the same process."""
        command = ["python3", "-c", PROBE, "an argument"]
        bare = subprocess.run(command, env=self.env, cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True, **options)
        measured = self.joulery("run", "--quiet", "--", *command, **options)
        self.assertEqual(measured.returncode, 0, measured.stderr)
        import json
        return json.loads(bare.stdout), json.loads(measured.stdout)

    def assert_same(self, bare, measured):
        for name in OURS:
            self.assertTrue(measured["environ"].pop(name))
        for entry in (bare, measured):  # each is given pipes of its own
            entry["fds"] = {fd: name.split(":")[0] for fd, name in entry["fds"].items()}
        self.assertEqual(bare, measured)

    def test_by_default(self):
        self.assert_same(*self.compare())

    def test_with_unusual_inheritance(self):
        def prepare():
            os.umask(0o027)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGRTMIN + 3])
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
            os.nice(3)

        self.assert_same(*self.compare(preexec_fn=prepare, pass_fds=[self.extra_descriptor()]))

    def test_an_outer_meter_is_replaced_not_mixed_in(self):
        self.env.update({"JOULERY_RUN_ID": "outer", "JOULERY_MARK_SOCKET": "/outer"})

        done = self.run_quiet("env")

        ours = [line for line in done.stdout.decode().splitlines() if line.startswith("JOULERY_")]
        self.assertEqual(len([line for line in ours if line.split("=")[0] in OURS]), 2)
        self.assertNotIn("outer", "".join(ours))

    def test_the_parent_is_the_meter_and_stays_until_the_end(self):
        done = self.run_quiet("sh", "-c", "cat /proc/$PPID/comm")

        self.assertEqual(done.stdout, b"joulery\n")

    def extra_descriptor(self):
        fd = os.open("/dev/zero", os.O_RDONLY)
        self.addCleanup(os.close, fd)
        return fd


if __name__ == "__main__":
    unittest.main()
