"""The job on a real standalone cluster of a master and two workers on the loopback address.

    RAPPORTEUR=/path/to/rapporteur python -m unittest -v test_cluster      (in this folder)

Takes some minutes; starts Java processes and ends those that it started. Prints the figures that
docs/SCALE.md cites: pages lost, pages done twice, outputs that differ.
"""

import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import pyspark

HERE = Path(__file__).resolve().parent
BINARY = os.environ.get("RAPPORTEUR", shutil.which("rapporteur") or "")
SPARK = Path(pyspark.__file__).parent
UNITS = int(os.environ.get("TEST_UNITS", "16"))
PAGES = int(os.environ.get("TEST_PAGES", "30"))

TOWNS = ["Velmouth", "Ostrey", "Tarnhead", "Lindale", "Morwick", "Fenova", "Halstad", "Brezmere"]


def page(n):
    """An invented page; every seventh has no article, every fifth repeats another."""
    if n % 7 == 6:
        return "<html><body><nav><a href='/'>Home</a></nav></body></html>"
    own = n - 1 if n % 5 == 4 else n
    town, day = TOWNS[own % len(TOWNS)], 1 + own // 25 % 28
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Envoys meet in {town}</title>
<meta property="article:published_time" content="2031-03-{day:02}T08:00:00Z"></head><body><article>
<h1>Envoys meet in {town}</h1>
<p>Delegations from France and Japan met in {town} on {day} March 2031 to discuss the withdrawal of observers from the border zone, the two governments said in a statement.</p>
<p>About {100 + own} observers are still stationed along the border, according to the joint commission in {town}.</p>
<p>Session {own} in room {own * 7} ended with soup and a list of {own % 13 + 2} open points, a clerk of the commission said.</p>
</article></body></html>"""


def write_units(folder):
    folder.mkdir(parents=True)
    for unit in range(UNITS):
        out = bytearray()
        for n in range(unit * PAGES, (unit + 1) * PAGES):
            body = page(n).encode()
            head = (
                f"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: https://gazette.example/{n}\r\n"
                f"WARC-Date: 2031-04-01T00:00:00Z\r\nContent-Type: text/html; charset=utf-8\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            out += gzip.compress(head.encode() + body + b"\r\n\r\n", mtime=0)
        (folder / f"unit-{unit:03}.warc.gz").write_bytes(out)


def tree(folder):
    """Every file of the results with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".part" not in path.parts
    }


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def end_session(leader):
    """Kills every process of a session that this test started, as when a machine dies."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            try:
                os.kill(int(stat.parent.name), signal.SIGKILL)
            except ProcessLookupError:
                pass


class Cluster:
    """A master and two workers of one core each, every one in a session of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.url = f"spark://127.0.0.1:{self.port}"
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.master = self.start("master", "org.apache.spark.deploy.master.Master", "--port", str(self.port))
        self.wait(lambda: "I have been elected leader" in self.log("master"), "the master")
        self.workers = [self.worker(n) for n in range(2)]
        self.wait(lambda: self.log("master").count("Registering worker") == 2, "two workers")

    def start(self, name, kind, *args):
        env = {
            **os.environ,
            "SPARK_HOME": str(SPARK),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_DAEMON_MEMORY": "400m",
        }
        command = [str(SPARK / "bin/spark-class"), kind, "--host", "127.0.0.1", "--webui-port", str(free_port()), *args]
        with open(self.logs / f"{name}.log", "wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env, start_new_session=True)

    def worker(self, n):
        folder = self.folder / f"worker{n}"
        return self.start(
            f"worker{n}", "org.apache.spark.deploy.worker.Worker",
            "--cores", "1", "--memory", "800m", "--work-dir", str(folder), self.url,
        )

    def log(self, name):
        path = self.logs / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def wait(self, ready, what):
        for _ in range(600):
            if ready():
                return
            time.sleep(0.2)
        self.stop()
        raise RuntimeError(f"{what} did not come up:\n{self.log('master')[-2000:]}")

    def kill_worker(self, n):
        end_session(self.workers[n].pid)

    def stop(self):
        for process in [*getattr(self, "workers", []), self.master]:
            end_session(process.pid)
            process.wait()


class Job:
    """The job as a user starts it; a wrapper of the binary notes every start and end of a unit."""

    def __init__(self, folder, name, units):
        self.folder, self.units = folder, units
        self.out = folder / name
        self.notes = folder / f"{name}.notes"
        self.notes.touch()
        self.stories = folder / f"{name}.stories"
        self.log = folder / f"{name}.log"
        self.wrapper = folder / f"{name}.sh"
        self.wrapper.write_text(
            f'#!/bin/sh\n[ "$1" = unit ] || exec "{BINARY}" "$@"\n'
            f'echo "start $2" >> "{self.notes}"\nout=$("{BINARY}" "$@")\ncode=$?\n'
            f'echo "end $2 $out" >> "{self.notes}"\nprintf "%s\\n" "$out"\nexit $code\n'
        )
        self.wrapper.chmod(0o755)

    def start(self, cluster):
        conf = {
            "spark.driver.host": "127.0.0.1",
            "spark.executor.memory": "512m",
            "spark.executor.cores": "1",
            "spark.ui.enabled": "false",
        }
        submit = " ".join(f"--conf {k}={v}" for k, v in conf.items())
        env = {
            **os.environ,
            "PYSPARK_SUBMIT_ARGS": f"--master {cluster.url} {submit} pyspark-shell",
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
        command = [
            sys.executable, str(HERE / "rapporteur_spark.py"), str(self.units), "--out", str(self.out),
            "--binary", str(self.wrapper), "--stories", str(self.stories), "--days", "7", "--before", "3",
        ]
        self.began = time.time()
        with open(self.log, "ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env, start_new_session=True)

    def ended(self):
        """Ends with an outcome: (unit, result)."""
        out = []
        for line in self.notes.read_text().splitlines():
            if line.startswith("end ") and line.endswith("}"):
                _, unit, told = line.split(" ", 2)
                out.append((unit, json.loads(told)))
        return out

    def wait_for_half(self, process):
        while len(self.ended()) < UNITS // 2:
            if process.poll() is not None:
                raise RuntimeError("the job ended early:\n" + self.told())
            time.sleep(0.02)

    def told(self):
        return self.log.read_text(errors="replace")[-4000:]

    def figures(self):
        """Pages lost, pages of units that were done to the end more than once, units begun again."""
        receipts = [json.loads(p.read_text()) for p in self.out.rglob("receipt.json")]
        done = [unit for unit, row in self.ended() if row["result"] == "done"]
        starts = [line.split()[1] for line in self.notes.read_text().splitlines() if line.startswith("start ")]
        return {
            "pages lost": UNITS * PAGES - sum(r["pages"] for r in receipts),
            "pages done twice": (len(done) - len(set(done))) * PAGES,
            "units begun again": len(starts) - len(set(starts)),
            "seconds": round(time.time() - self.began, 1),
        }


@unittest.skipUnless(BINARY and Path(BINARY).exists(), "RAPPORTEUR does not name the program")
class OnACluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="rapporteur-spark-"))
        cls.units = cls.folder / "units"
        write_units(cls.units)
        cls.local = cls.folder / "local"
        subprocess.run([BINARY, "unit", str(cls.units), "--out", str(cls.local), "-q"], check=True)
        cls.desk("imported", ["import", "-q", str(cls.local)])
        cls.desk("added", ["add", "-q", "--jobs", "2", str(cls.units)])
        cls.stories = cls.on("added", ["merge-blocks", "--days", "7", "--before", "3"])
        cls.wanted = tree(cls.local)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def desk(cls, name, args):
        subprocess.run([BINARY, "init", str(cls.folder / name)], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([BINARY, "--desk", str(cls.folder / name), *args], check=False, capture_output=True)

    @classmethod
    def on(cls, name, args):
        return subprocess.run([BINARY, "--desk", str(cls.folder / name), *args], check=True, capture_output=True).stdout

    def settle(self, what, job, process):
        self.assertEqual(process.wait(timeout=1200), 0, job.told())
        differs = self.compare(job)
        print(f"\n{what}: {job.figures()}, outputs different: {differs}", flush=True)
        self.assertEqual(job.figures()["pages lost"], 0)
        self.assertEqual(differs, 0)

    def compare(self, job):
        found = tree(job.out)
        differs = len(set(found) ^ set(self.wanted)) + sum(found[k] != self.wanted[k] for k in found if k in self.wanted)
        return differs + (job.stories.read_bytes() != self.stories)

    def test_0_threads_and_units_make_one_record(self):
        self.assertEqual(self.on("added", ["export"]), self.on("imported", ["export"]))
        self.assertEqual(self.on("imported", ["merge-blocks", "--days", "7", "--before", "3"]), self.stories)

    def test_1_clean(self):
        cluster = Cluster(self.folder / "c1")
        self.addCleanup(cluster.stop)
        job = Job(self.folder, "clean", self.units)
        process = job.start(cluster)
        self.settle("clean run", job, process)
        self.assertEqual(job.figures()["pages done twice"], 0)
        self.assertEqual(job.figures()["units begun again"], 0)
        name = "spark-desk"
        self.desk(name, ["import", "-q", str(job.out)])
        self.assertEqual(self.on(name, ["export"]), self.on("added", ["export"]))

    def test_2_a_worker_dies_midway(self):
        cluster = Cluster(self.folder / "c2")
        self.addCleanup(cluster.stop)
        job = Job(self.folder, "worker", self.units)
        process = job.start(cluster)
        job.wait_for_half(process)
        cluster.kill_worker(0)
        self.settle("one worker killed midway", job, process)
        figures = job.figures()
        self.assertEqual(figures["pages done twice"], 0)
        self.assertLessEqual(figures["units begun again"], 1, "only the running unit")

    def test_3_the_whole_cluster_dies_and_comes_back(self):
        cluster = Cluster(self.folder / "c3")
        job = Job(self.folder, "cluster", self.units)
        process = job.start(cluster)
        job.wait_for_half(process)
        end_session(process.pid)
        cluster.stop()
        process.wait()
        before = {row["unit"] for _, row in job.ended()}
        self.assertLess(len(before), UNITS)
        cluster = Cluster(self.folder / "c4")
        self.addCleanup(cluster.stop)
        process = job.start(cluster)
        self.settle("whole cluster killed and started again", job, process)
        figures = job.figures()
        self.assertEqual(figures["pages done twice"], 0)
        again = [row for _, row in job.ended() if row["result"] == "done" and row["unit"] in before]
        self.assertEqual(len(again), len(before), "what had a receipt was passed over")


if __name__ == "__main__":
    unittest.main()
