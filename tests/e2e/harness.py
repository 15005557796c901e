"""What the end-to-end tests share: the program under test, a ledger of their own, and waiting without guessing."""
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time
import unittest

JOULERY = os.environ["JOULERY_BIN"]
STANDIN = os.environ.get("JOULERY_STANDIN", "")
PATIENCE_S = 30  # a limit for a hanging machine, never a delay
OURS = ("JOULERY_RUN_ID", "JOULERY_MARK_SOCKET")


def wait_until(condition, what, patience_s=PATIENCE_S):
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"never came true: {what}")


class JouleryTest(unittest.TestCase):
    """Each test has a directory, and in it a ledger."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="joulery-e2e-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.home = self.dir / "home"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("JOULERY_", "CUDA_", "SLURM_", "XDG_"))}
        self.env["JOULERY_HOME"] = str(self.home)
        self.env["XDG_RUNTIME_DIR"] = str(self.dir)
        self.env["XDG_CONFIG_HOME"] = str(self.dir / "config")  # absent: no file of this user's decides a test
        self.env["PATH"] = f"{pathlib.Path(JOULERY).parent}:{self.env['PATH']}"

    def joulery(self, *words, **options):
        """Runs joulery to its end; bytes out and in."""
        options.setdefault("env", self.env)
        options.setdefault("cwd", self.dir)
        options.setdefault("stdin", subprocess.DEVNULL if "input" not in options else None)
        if options["stdin"] is None:
            del options["stdin"]
        return subprocess.run([JOULERY, *words], capture_output=True, timeout=PATIENCE_S, **options)

    def run_quiet(self, *command, flags=(), **options):
        return self.joulery("run", "--quiet", *flags, "--", *command, **options)

    def start(self, *words, **options):
        """Starts joulery; the test ends it."""
        options.setdefault("env", self.env)
        options.setdefault("cwd", self.dir)
        process = subprocess.Popen([JOULERY, *words], **options)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def document(self, *words):
        """The JSON that a command prints."""
        done = self.joulery(*words)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def runs(self):
        return self.document("runs", "--json")["runs"]

    def pid_in(self, name):
        """The process id that a command wrote into a file of the test's directory."""
        path = self.dir / name
        return int(wait_until(lambda: path.exists() and path.read_text().strip(), f"{name} is written"))


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def state_of(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def become_nobody():
    """In a child before its exec: a user without rights."""
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
