"""Runs himozuke and DuckDB in turn on the same files and prints the table.

    compare.py BIN TESTS DATA WORK

BIN is the program, TESTS a folder with ingest.test and linkage.test, DATA the
people, WORK a folder for outputs. Settings come from the environment, see
run.sh.
"""

import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time

BIN, TESTS, DATA, WORK = sys.argv[1:5]
HERE = os.path.dirname(os.path.abspath(__file__))
RUNS = int(os.environ.get("RUNS", 5))
JOIN = int(os.environ.get("JOIN", 10_000_000))
BIG = os.environ.get("BIG_DATA", "")
THREADS = [int(n) for n in os.environ.get("THREADS", "1 2").split()]
ONLY = os.environ.get("ONLY", "split ingest join audit big scoring").split()
PROCESSOR = os.environ.get("CLOCK") == "cpu"
if PROCESSOR:
    THREADS = [1]
CANARY = 1.7
PINNED = bool(shutil.which("taskset"))


def on(threads, command, **environment):
    """Runs a command on that many processors and returns its output."""
    if PINNED:
        command = ["taskset", "-c", f"0-{threads - 1}"] + command
    result = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{result.stdout}{result.stderr}")
    return result.stdout


def bench(package, pattern, threads, **environment):
    """Seconds of each Go benchmark that matches, with its last metric."""
    out = on(threads, [f"{TESTS}/{package}.test", "-test.run", "^$", "-test.bench", pattern, "-test.benchtime", "3x"],
             HIMOZUKE_BENCH_JOBS=str(threads), HIMOZUKE_BENCH_FILE=f"{DATA}/register.csv",
             HIMOZUKE_BENCH_ROWS=str(JOIN), **environment)
    found = {}
    for name, ns, rest in re.findall(r"^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op(.*)$", out, re.M):
        metric = re.findall(r"([\d.e+]+) (?:pairs|rows)/s", rest)
        cpu = re.findall(r"([\d.e-]+) cpu-s/op", rest)
        took = float(cpu[0]) if PROCESSOR and cpu else float(ns) / 1e9
        found[name] = (took, float(metric[-1]) if metric else 0)
    return found


def peer(task, threads, *arguments):
    out = on(threads, [sys.executable, f"{HERE}/peer.py", task, str(threads), DATA, *arguments])
    return float(out.split()[1 if PROCESSOR else 0])


def clock():
    """Now, or the processor time of all children so far."""
    if PROCESSOR:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    return time.perf_counter()


def audit(threads, data=DATA):
    """Seconds of a whole audit with all its outputs, and its peak memory."""
    out = f"{WORK}/out"
    shutil.rmtree(out, ignore_errors=True)
    began = clock()
    on(threads, [BIN, "audit", "--quiet", "--jobs", str(threads), "--register", f"{data}/register.csv",
                 "--links", f"medical={data}/medical.csv", "--out", out])
    took = clock() - began
    with open(f"{out}/summary.json") as f:
        peak = json.load(f)["peak_bytes"]
    shutil.rmtree(out)
    return took, peak


def believable(threads):
    """Two threads of one process must run at the same time: some schedulers
    put both on one processor for minutes."""
    if threads == 1:
        return True
    for _ in range(5):
        spin = bench("linkage", "Canary", threads)
        if spin["Canary/threads=1"][0] / spin["Canary/threads=2"][0] >= CANARY:
            return True
        time.sleep(3)
    return False


def series(threads, *measures):
    """RUNS rounds of all measures in turn; None when two threads gain nothing."""
    taken = [[] for _ in measures]
    for _ in range(RUNS):
        if not believable(threads):
            return None
        for measure, times in zip(measures, taken):
            times.append(measure())
    return taken


def show(times, unit="s"):
    return f"{statistics.median(times):.3g} {unit} ({min(times):.3g}–{max(times):.3g})"


def row(what, threads, ours, theirs, bar):
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(f"| {what} | {threads} | {show(ours)} | {show(theirs)} | {ratio:.2f} × | {bar} |", flush=True)


def refused(what, threads):
    print(f"| {what} | {threads} | refused: two threads of one process gained less than {CANARY} × | | | |", flush=True)


def lines(path):
    with open(path, "rb") as f:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: f.read(1 << 20), b"")) - 1


def field_split():
    kinds = [f"{text}/{way}" for text in ("plain", "quoted") for way in ("split", "encoding-csv")]
    times = {kind: [] for kind in kinds}
    for _ in range(RUNS):
        # Many times each, since one takes milliseconds.
        out = on(1, [f"{TESTS}/ingest.test", "-test.run", "^$", "-test.bench", "Kernels/(plain|quoted)/(split|encoding-csv)$",
                     "-test.benchtime", "0.5s"])
        for kind, ns in re.findall(r"BenchmarkKernels/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op", out):
            times[kind].append(float(ns) / 1e9)
    for text in ("plain", "quoted"):
        row(f"field split, {text}, against encoding/csv", 1, times[f"{text}/split"], times[f"{text}/encoding-csv"], "≥ 2.5")


def ingest(threads):
    """Both of our benchmarks against one scan: the first does what can be
    compared, and more than the scan; the second prepares the judgement too."""
    names = {
        "Ingest": ("ingest: register read, typed, folded, encoded into columns that are kept, "
                   "against a typed CSV scan without folding that keeps nothing", "≥ 1.4"),
        "Register": ("register: ingest, counted, grouped, indexed, against the same scan", ""),
    }
    measures = [lambda name=name: bench("linkage", name + "$", threads)[name][0] for name in names]
    taken = series(threads, *measures, lambda: peer("scan", threads))
    for i, (name, bar) in enumerate(names.values()):
        row(name, threads, taken[i], taken[-1], bar) if taken else refused(name, threads)


def join(threads):
    name = f"join of {JOIN:,} by {JOIN:,} numbers"
    taken = series(threads, lambda: bench("linkage", "Join", threads)["Join"][0], lambda: peer("join", threads, str(JOIN)))
    row(name, threads, *taken, "≥ 5") if taken else refused(name, threads)


def whole(threads, results):
    tasks = {
        "folded": ("audit against join, folding of every field and Jaro–Winkler", "≥ 6"),
        "lazy": ("audit against the same, folding only what is not equal as it is", ""),
        "plain": ("audit against join and five plain equalities", "≥ 1.3"),
    }
    measures = [lambda: audit(threads)] + [lambda task=task: peer(task, threads) for task in tasks]
    taken = series(threads, *measures)
    for i, (name, bar) in enumerate(tasks.values()):
        if taken:
            row(name, threads, [t for t, _ in taken[0]], taken[i + 1], bar)
        else:
            refused(name, threads)
    if taken:
        results[threads] = taken[0]


def scoring(threads):
    taken = series(threads, lambda: bench("linkage", "Scoring", threads)["Scoring"][1])
    if not taken:
        return refused("scoring of candidates", threads)
    print(f"| scoring of candidates, all comparisons | {threads} | {show(taken[0], 'pairs/s')} | | | ≥ 8,000,000 on 2 |", flush=True)


def main():
    people, links = lines(f"{DATA}/register.csv"), lines(f"{DATA}/medical.csv")
    print(f"{people:,} people, {links:,} links; {RUNS} rounds, in turn; medians with least and most;",
          "pinned with taskset" if PINNED else "not pinned: there is no taskset",
          "(processor time)" if PROCESSOR else "")
    print("\n| work | threads | himozuke | peer | ratio | bar |\n|---|---|---|---|---|---|")
    if "split" in ONLY:
        field_split()
    results = {}
    for threads in THREADS:
        if "ingest" in ONLY:
            ingest(threads)
        if "join" in ONLY:
            join(threads)
        if "audit" in ONLY:
            whole(threads, results)
        if "scoring" in ONLY:
            scoring(threads)
    if 1 in results and 2 in results:
        one, two = ([t for t, _ in results[n]] for n in (1, 2))
        row("audit, two processors against one", "2 : 1", two, one, "≥ 1.7")
    for threads, taken in results.items():
        peak = statistics.median(p for _, p in taken)
        print(f"| resident memory at the peak | {threads} | {peak / 2**20:.0f} MiB, {peak / people:.0f} bytes a person | | | ≤ 300 MB + 100 a person |")
    if "big" in ONLY and BIG and results:
        large(results, people + links)


def large(results, small):
    threads = max(results)
    rows = (lines(f"{BIG}/register.csv"), lines(f"{BIG}/medical.csv"))
    taken = series(threads, lambda: audit(threads, BIG))
    if not taken:
        return refused("large audit", threads)
    times = [t for t, _ in taken[0]]
    before = small / statistics.median(t for t, _ in results[threads])
    now = sum(rows) / statistics.median(times)
    peak = statistics.median(p for _, p in taken[0])
    print(f"| audit of {rows[0]:,} × {rows[1]:,}, rows/s against the audit above | {threads} | {show(times)}, {now / 1e6:.2f} M rows/s "
          f"| {before / 1e6:.2f} M rows/s | {now / before:.2f} × | ≥ 0.8 |")
    print(f"| resident memory at its peak | {threads} | {peak / 2**20:.0f} MiB, {peak / rows[0]:.0f} bytes a person | | | ≤ 300 MB + 100 a person |")


main()
