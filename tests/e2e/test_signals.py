"""Signals and job control: what is sent to the meter reaches the command once, and nothing ends the meter first."""
import datetime
import json
import os
import pty
import select
import signal
import subprocess
import time
import unittest

from harness import JOULERY, PATIENCE_S, JouleryTest, is_running, state_of, wait_until

COUNTER = """
import os, signal, sys
seen = []
def note(number, frame):
    seen.append(number)
    open('seen', 'a').write(f'{number}\\n')
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGRTMIN + 1):
    signal.signal(number, note)
open('pid', 'w').write(str(os.getpid()))
while not seen or seen[-1] != signal.SIGUSR2:
    signal.pause()
sys.exit(17)
"""


# Ends 5 ms after it is told to, and writes the time of that.
LEAVER = """
import os, signal, time
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
open('pid', 'w').write(str(os.getpid()))
while not os.path.exists('go'):
    pass
end = time.monotonic() + 0.005
while time.monotonic() < end:
    pass
with open('left', 'w') as left:
    left.write(str(time.time()))
os._exit(0)
"""


class Terminal:
    """A shell-like session leader on a pseudo terminal."""

    def __init__(self, test, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(test.dir)
            os.execvpe(command[0], command, test.env)
        self.text = b""
        self.status = None
        test.addCleanup(self.close)

    def read_until(self, wanted, after=b""):
        """Reads until `wanted` has come, behind `after`."""
        end = time.monotonic() + PATIENCE_S
        while wanted not in self.text.partition(after)[2] if after else wanted not in self.text:
            ready, _, _ = select.select([self.fd], [], [], max(0, end - time.monotonic()))
            assert ready, f"{wanted!r} never came; there is {self.text!r}"
            try:
                piece = os.read(self.fd, 65536)
            except OSError:
                piece = b""
            assert piece, f"{wanted!r} never came; there is {self.text!r}"
            self.text += piece

    def type(self, data):
        os.write(self.fd, data)

    def wait(self):
        if self.status is None:
            while True:  # a terminal must be read, or its processes block on it
                ready, _, _ = select.select([self.fd], [], [], PATIENCE_S)
                assert ready, self.text
                try:
                    piece = os.read(self.fd, 65536)
                except OSError:
                    break
                if not piece:
                    break
                self.text += piece
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


class Signals(JouleryTest):
    def seen(self):
        path = self.dir / "seen"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    def test_those_sent_to_the_meter_reach_the_command_once_each(self):
        process = self.start("run", "--quiet", "--", "python3", "-c", COUNTER)
        self.pid_in("pid")
        sent = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGRTMIN + 1, signal.SIGUSR2]

        for count, number in enumerate(sent, 1):
            process.send_signal(number)
            wait_until(lambda: len(self.seen()) >= count, f"signal {number} arrives")

        self.assertEqual(process.wait(PATIENCE_S), 17)
        self.assertEqual(self.seen(), sent)
        self.assertEqual(self.document("show", "last", "--json")["exit_status"], 17)

    def test_those_sent_to_the_whole_group_reach_the_command_once(self):
        process = self.start("run", "--quiet", "--", "python3", "-c", COUNTER, start_new_session=True)
        self.pid_in("pid")
        sent = [signal.SIGTERM, signal.SIGUSR1, signal.SIGTERM]

        for count, number in enumerate(sent, 1):
            os.killpg(process.pid, number)
            wait_until(lambda: len(self.seen()) >= count, f"signal {number} arrives")
        process.send_signal(signal.SIGHUP)  # queued behind them: had one been passed on, it would be there by now
        wait_until(lambda: signal.SIGHUP in self.seen(), "the last one arrives")
        os.killpg(process.pid, signal.SIGUSR2)

        self.assertEqual(process.wait(PATIENCE_S), 17)
        self.assertEqual(self.seen(), [*sent, signal.SIGHUP, signal.SIGUSR2])

    def test_a_command_that_signals_its_whole_group_gets_it_once(self):
        script = "import os, signal\nn = []\nsignal.signal(signal.SIGTERM, lambda *a: n.append(1))\n" \
                 "os.kill(0, signal.SIGTERM)\nos.kill(os.getppid(), 0)\nimport time\ntime.sleep(0.2)\nprint(len(n))"

        done = self.run_quiet("python3", "-c", script, start_new_session=True)

        self.assertEqual(done.stdout, b"1\n")
        self.assertEqual(done.returncode, 0)

    def test_a_command_that_ends_while_a_signal_is_passed_on_is_measured_to_its_end(self):
        meter = self.start("run", "--quiet", "--output", "run.json", "--", "python3", "-c", LEAVER)
        self.pid_in("pid")

        meter.send_signal(signal.SIGUSR1)
        (self.dir / "go").write_text("")
        meter.wait(PATIENCE_S)

        run = json.loads((self.dir / "run.json").read_text())
        begin = datetime.datetime.fromisoformat(run["begin"].replace("Z", "+00:00")).timestamp()
        end = begin + run["duration"]["value"]
        left = float((self.dir / "left").read_text())
        self.assertGreater(end + 0.0015, left)  # the begin is cut to whole ms

    def test_a_stopped_command_is_waited_for(self):
        process = self.start("run", "--quiet", "--", "sh", "-c", "echo $$ > pid; kill -STOP $$; exit 5")
        child = self.pid_in("pid")
        wait_until(lambda: state_of(child) == "T", "the command is stopped")

        os.kill(child, signal.SIGCONT)

        self.assertEqual(process.wait(PATIENCE_S), 5)

    def test_a_killed_meter_leaves_the_command_and_its_record(self):
        process = self.start("run", "--quiet", "--", "sh", "-c", "echo $$ > pid; read line; exit 0", stdin=subprocess.PIPE)
        child = self.pid_in("pid")

        wait_until(lambda: self.joulery("show", "last").returncode == 0, "the first second is on disk")

        process.kill()
        process.wait()

        self.assertTrue(is_running(child))
        document = self.document("show", "last", "--json")
        self.assertEqual((document["exit_status"], document["signal"]), (None, None))
        process.stdin.close()  # the command reads it
        wait_until(lambda: not is_running(child), "the command ends by itself")

    def test_the_idle_stretch_can_be_ended(self):
        process = self.start("run", "--quiet", "--idle", "1h", "--", "touch", "started", stderr=subprocess.DEVNULL)
        wait_until(lambda: list(self.home.rglob("*")), "the record is there")
        # The record is made before the stretch begins; a signal between the two waits for it.
        process.send_signal(signal.SIGINT)

        self.assertEqual(process.wait(PATIENCE_S), 130)
        self.assertFalse((self.dir / "started").exists())
        self.assertEqual(self.runs(), [])

    def test_control_c_ends_the_command_and_the_account_follows(self):
        # exec: a shell that has the key between two of its children goes on to the next.
        terminal = Terminal(self, JOULERY, "run", "--", "sh", "-c", "echo ready; exec sleep 100")
        terminal.read_until(b"ready")

        terminal.type(b"\x03")

        self.assertEqual(terminal.wait(), 130)
        self.assertIn(b"IT energy", terminal.text)

    def test_control_c_is_the_commands_to_handle(self):
        script = "trap 'echo caught' INT; echo ready; read line; echo line=$line; exit 4"
        terminal = Terminal(self, JOULERY, "run", "--", "bash", "-c", script)
        terminal.read_until(b"ready")

        terminal.type(b"\x03")
        terminal.read_until(b"caught")
        terminal.type(b"go\n")

        self.assertEqual(terminal.wait(), 4)

    def test_control_z_stops_both_and_fg_goes_on(self):
        self.env["PS1"] = "PROMPT> "  # the shell drops what is typed before it
        terminal = Terminal(self, "bash", "--norc", "--noprofile", "-i")
        terminal.read_until(b"PROMPT> ")
        script = "echo $$ >pid; echo rea''dy; read line; echo got=$line"
        terminal.type(f"{JOULERY} run --quiet -- sh -c '{script}'\n".encode())
        terminal.read_until(b"ready")

        terminal.type(b"\x1a")
        terminal.read_until(b"PROMPT> ", after=b"Stopped")
        # A reader that has its signal, but not yet the processor, would still take what is typed.
        wait_until(lambda: state_of(self.pid_in("pid")) == "T", "the command is stopped, too")
        terminal.type(b"fg\n")
        terminal.read_until(b"joulery run", after=b"fg\r\n")
        terminal.type(b"hello\n")
        terminal.read_until(b"PROMPT> ", after=b"got=hello")
        terminal.type(b"exit 6\n")

        self.assertEqual(terminal.wait(), 6)

    def test_the_terminal_is_the_commands(self):
        terminal = Terminal(self, JOULERY, "run", "--quiet", "--", "python3", "-c",
                            "import os; print(os.isatty(0), os.isatty(1), os.isatty(2), os.tcgetpgrp(0) == os.getpgrp())")

        self.assertEqual(terminal.wait(), 0)
        self.assertIn(b"True True True True", terminal.text)

    def test_the_live_line_shows_on_a_terminal_only(self):
        piped = self.joulery("run", "--live", "--quiet", "--", "true")
        terminal = Terminal(self, JOULERY, "run", "--live", "--quiet", "--", "true")

        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(piped.stderr, b"")
        self.assertIn(b"\x1b[K", terminal.text)


if __name__ == "__main__":
    unittest.main()
