"""A real Slurm on this machine for tests: munged, slurmctld and slurmd with keys, ports and a directory of their own.

Nothing of an installed cluster is read or touched, and every process that was started is ended by its process id.
"""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import unittest

DAEMONS = ("munged", "munge", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo", "scontrol", "scancel")
PATIENCE_S = 60  # a limit for a hanging machine, never a delay
CPUS_A_NODE = 4  # of as many as a test wants: slurmd is told not to look at the machine's


def why_not():
    """Why no cluster can be started here; empty where one can."""
    missing = [name for name in DAEMONS if shutil.which(name) is None]
    if missing:
        return f"no {', '.join(missing)} here: apt-get install slurm-wlm munge"
    if os.geteuid() != 0:
        return "starting Slurm's daemons needs root"
    return ""


def free_ports(count):
    """Ports of 127.0.0.1 that nobody listens on; all are held until all are known."""
    held = [socket.socket() for _ in range(count)]
    try:
        for each in held:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


class SlurmCluster:
    """`with SlurmCluster(directory) as cluster:` one controller and some nodes that are idle, each with GPUs that are /dev/null."""

    def __init__(self, directory, nodes=2, gpus=2):
        self.dir = pathlib.Path(directory)
        self.nodes, self.gpus = nodes, gpus
        self.conf = self.dir / "slurm.conf"
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "SBATCH_"))}
        self.env["SLURM_CONF"] = str(self.conf)
        self.processes = []  # in the order of their start

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        for name in ("munge", "state", "spool", "log", "dev"):
            (self.dir / name).mkdir(parents=True, mode=0o755)
        self.dir.chmod(0o755)  # other users submit jobs, too
        self._start_munge()
        self._write_configuration()
        self.controller = self._start("slurmctld", "-D", "-i", "-f", self.conf)
        for number in range(1, self.nodes + 1):
            self._start("slurmd", "-D", "-N", f"node{number}", "-f", self.conf)
        self._wait(lambda: self._idle_nodes() == self.nodes, "all nodes are idle")

    def stop(self):
        """Ends the jobs, then what was started, the newest first, then what a job has left behind."""
        if len(self.processes) > 1:
            subprocess.run(["scancel", "--full", "--signal=KILL", "--state=RUNNING"], env=self.env, capture_output=True, timeout=PATIENCE_S)
            subprocess.run(["scancel", "--state=PENDING"], env=self.env, capture_output=True, timeout=PATIENCE_S)
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()
        for pid in self._left_behind():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def restart_controller(self):
        """As after an update: it saves its state and ends, and a new one reads it. (A kill loses what happened in the last seconds.)"""
        self.controller.terminate()
        self.controller.wait(PATIENCE_S)
        self.processes.remove(self.controller)
        self.controller = self._start("slurmctld", "-D", "-f", self.conf)
        self._wait(lambda: self._idle_nodes() is not None, "the controller answers again")

    def command(self, *words, **options):
        """The standard output of a command of Slurm, which must succeed."""
        done = subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=PATIENCE_S, **options)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")
        return done.stdout

    def job(self, number):
        """What the controller knows of a job, by the names of `scontrol show job`."""
        words = self.command("scontrol", "--oneliner", "show", "job", str(number)).split()
        return dict(word.split("=", 1) for word in words if "=" in word)

    def queue(self):
        """Names of the jobs that have not ended, by number."""
        lines = self.command("squeue", "--noheader", "--format=%A %j").splitlines()
        return {int(line.split()[0]): line.split()[1] for line in lines}

    def wait_for(self, number, condition, what):
        """The job, once `condition` of it is true."""
        def look():
            job = self.job(number)
            return job if condition(job) else None
        return self._wait(look, f"job {number} {what}")

    def wait_for_queue(self, expected):
        self._wait(lambda: self.queue() == expected, f"the queue is {expected}")

    def _start(self, *words):
        name = pathlib.Path(words[0]).name
        log = self.dir / "log" / f"{len(self.processes)}-{name}"
        with open(log, "wb") as out:
            process = subprocess.Popen([str(word) for word in words], env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        self.processes.append(process)
        return process

    def _start_munge(self):
        self.munge_socket = self.dir / "munge" / "socket"
        key = self.dir / "munge" / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        # --force: the directories above may be writable by others, as /tmp is.
        self._start("munged", "--foreground", "--force", f"--socket={self.munge_socket}", f"--key-file={key}",
                    f"--pid-file={self.dir}/munge/pid", f"--log-file={self.dir}/log/munged.log", f"--seed-file={self.dir}/munge/seed")
        asks = ["munge", f"--socket={self.munge_socket}", "--no-input"]
        self._wait(lambda: subprocess.run(asks, capture_output=True, timeout=PATIENCE_S).returncode == 0, "munged answers")

    def _write_configuration(self):
        host = socket.gethostname().split(".")[0]
        controller, *nodes = free_ports(1 + self.nodes)
        devices = [self.dir / "dev" / f"gpu{index}" for index in range(self.gpus)]
        for device in devices:
            device.symlink_to("/dev/null")  # slurmd wants a device, and gives its index to the job
        settings = {
            "ClusterName": "test",
            "SlurmctldHost": f"{host}(127.0.0.1)", "SlurmctldPort": controller,
            "SlurmUser": "root", "SlurmdUser": "root",
            "AuthType": "auth/munge", "CredType": "cred/munge", "AuthInfo": f"socket={self.munge_socket}",
            "StateSaveLocation": self.dir / "state", "SlurmdSpoolDir": f"{self.dir}/spool/%n",
            "SlurmctldPidFile": self.dir / "slurmctld.pid", "SlurmdPidFile": f"{self.dir}/slurmd-%n.pid",
            "SlurmctldLogFile": self.dir / "log" / "controller.log", "SlurmdLogFile": f"{self.dir}/log/%n.log",
            "SlurmdParameters": "config_overrides",  # the nodes have what is written here
            "ProctrackType": "proctrack/linuxproc", "TaskPlugin": "task/none",  # without cgroups
            "JobAcctGatherType": "jobacct_gather/none", "AccountingStorageType": "accounting_storage/none",
            "SelectType": "select/cons_tres", "SelectTypeParameters": "CR_Core",
            "SchedulerParameters": "sched_interval=1,batch_sched_delay=0",
            "SwitchType": "switch/none", "MpiDefault": "none", "ReturnToService": 2,
            "KillWait": 2, "MinJobAge": 600, "GresTypes": "gpu",
        }
        lines = [f"{name}={value}" for name, value in settings.items()]
        for number, port in enumerate(nodes, 1):
            lines.append(f"NodeName=node{number} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={CPUS_A_NODE} "
                         f"RealMemory=1024 Gres=gpu:{self.gpus}")
        lines.append(f"PartitionName=main Nodes=node[1-{self.nodes}] Default=YES MaxTime=INFINITE State=UP")
        self.conf.write_text("\n".join(lines) + "\n")
        (self.dir / "gres.conf").write_text(f"NodeName=node[1-{self.nodes}] Name=gpu File={self.dir}/dev/gpu[0-{self.gpus - 1}]\n")

    def _idle_nodes(self):
        """How many are idle; None where the controller does not answer."""
        done = subprocess.run(["sinfo", "--noheader", "--Node", "--format=%T"], env=self.env, capture_output=True, text=True, timeout=PATIENCE_S)
        return done.stdout.split().count("idle") if done.returncode == 0 else None

    def _left_behind(self):
        """Processes with this cluster's configuration in their environment: nothing else has its name."""
        found = []
        for directory in pathlib.Path("/proc").iterdir():
            try:
                if directory.name.isdigit() and int(directory.name) != os.getpid():
                    if f"SLURM_CONF={self.conf}".encode() in (directory / "environ").read_bytes().split(b"\0"):
                        found.append(int(directory.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def _wait(self, condition, what):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            dead = [process.args[0] for process in self.processes if process.poll() is not None]
            if dead:
                raise unittest.SkipTest(f"Slurm does not run here: {', '.join(dead)} ended; {self._logs()}")
            value = condition()
            if value:
                return value
            time.sleep(0.1)
        raise AssertionError(f"never came true: {what}; {self._logs()}")

    def _logs(self):
        return "; ".join(line for log in sorted((self.dir / "log").glob("*")) for line in log.read_text(errors="replace").splitlines()[-2:])
