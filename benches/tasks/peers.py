#!/usr/bin/env python3
"""Tasks beside their peers: task-spooler (tsp), pueue, and what is left alive after a kill.

    benches/tasks/peers.py start                 command entry to id, and to the first instruction
    benches/tasks/peers.py many --tasks 500      trivial tasks on two slots
    benches/tasks/peers.py list                  status with 10 and with 10,000 finished tasks
    benches/tasks/peers.py memory                of one supervisor
    benches/tasks/peers.py escape --rounds 100   processes left after cancel, deadline, SIGKILL of the supervisor
    benches/tasks/peers.py backoff               pauses between attempts, the supervisor killed in one
    benches/tasks/peers.py disk                  5 GB of output, and a full disk (needs root for that)

Figures are ratios of runs that took turns. A peer that is not installed is skipped with a word.
Needs python 3.9 and, for some, /proc. --ctx names the program, --peers those to compare.
"""
import argparse, json, os, random, shutil, signal, sqlite3, statistics, subprocess, sys, tempfile, time
from pathlib import Path

QUIET = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def first_line(words, **more):
    """Seconds until a command has printed its first line; waits for its end, untimed."""
    begun = time.perf_counter()
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **more)
    process.stdout.readline()
    took = time.perf_counter() - begun
    process.communicate()
    return took


class Ctx:
    name = "ctx"

    def __init__(self, options, folder):
        self.program, self.folder = options.ctx, folder
        (folder / ".ctx").mkdir()
        self.environment = dict(os.environ, CTX_SESSION="bench", HOME=str(folder))

    def run(self, *words, **more):
        more = {**dict(cwd=self.folder, env=self.environment, text=True, capture_output=True), **more}
        return subprocess.run([self.program, *words], **more)

    def add(self, *command, slots=False):
        return self.run("run", "--bg", *(["--slots", "g=2"] if slots else []), "--", *command).stdout.split(":")[0]

    def entry(self):
        return first_line([self.program, "run", "--bg", "--", "true"], cwd=self.folder, env=self.environment)

    def wait(self, ids):
        self.run("wait", *ids)

    def close(self):
        self.run("cancel", "--all")


class Tsp:
    name = "tsp"

    def __init__(self, options, folder):
        self.environment = dict(os.environ, TS_SOCKET=str(folder / "socket"), TS_SLOTS="2", TMPDIR=str(folder),
                                TS_MAXFINISHED="20000")
        subprocess.run(["tsp"], env=self.environment, **QUIET)

    def add(self, *command, slots=False):
        return subprocess.run(["tsp", *command], env=self.environment, text=True, capture_output=True).stdout.strip()

    def entry(self):
        return first_line(["tsp", "true"], env=self.environment)

    def wait(self, ids):
        for each in ids:
            subprocess.run(["tsp", "-w", each], env=self.environment, **QUIET)

    def close(self):
        subprocess.run(["tsp", "-K"], env=self.environment, **QUIET)


class Pueue:
    name = "pueue"

    def __init__(self, options, folder):
        self.pueue, daemon = shutil.which("pueue"), shutil.which("pueued")
        run = folder / "run"
        run.mkdir(mode=0o700)
        self.environment = dict(os.environ, HOME=str(folder), XDG_RUNTIME_DIR=str(run),
                                XDG_DATA_HOME=str(folder / "data"), XDG_CONFIG_HOME=str(folder / "config"))
        self.daemon = subprocess.Popen([daemon], env=self.environment, **QUIET)
        for _ in range(200):
            if self.call("status").returncode == 0:
                break
            time.sleep(0.05)
        self.call("parallel", "2")

    def call(self, *words):
        return subprocess.run([self.pueue, *words], env=self.environment, text=True, capture_output=True)

    def add(self, *command, slots=False):
        return self.call("add", "--print-task-id", "--", *command).stdout.strip()

    def entry(self):
        return first_line([self.pueue, "add", "--print-task-id", "--", "true"], env=self.environment)

    def wait(self, ids):
        self.call("wait", "--all", "--quiet")

    def close(self):
        self.daemon.terminate()
        self.daemon.wait()


def peers(options, names):
    found = []
    for kind in (Ctx, Tsp, Pueue):
        if kind.name not in names:
            continue
        if kind is not Ctx and not shutil.which(kind.name):
            print(f"skipped: {kind.name} is not installed")
            continue
        found.append(kind(options, Path(tempfile.mkdtemp(prefix=f"bench-{kind.name}-"))))
    return found


def ratios(title, unit, figures):
    print(f"\n{title}")
    base = figures["ctx"]
    for name, figure in figures.items():
        print(f"  {name:8} {figure:9.2f} {unit}   ctx / {name} = {base / figure:.2f}")


def start(options):
    running = peers(options, options.peers)
    entry = {peer.name: [] for peer in running}
    first = {peer.name: [] for peer in running}
    with tempfile.TemporaryDirectory() as scratch:
        # A file, because some join words into a text for a shell.
        stamp = Path(scratch) / "stamp.sh"
        stamp.write_text("date +%s.%N > $1.new; mv $1.new $1\n")
        for n in range(options.rounds + 3):
            # In another order each time: what one leaves running costs the next.
            for peer in random.sample(running, len(running)):
                time.sleep(0.05)
                took = peer.entry()
                seen = Path(scratch) / f"{peer.name}{n}"
                wall = time.time()
                peer.add("sh", str(stamp), str(seen))
                while not seen.exists():
                    time.sleep(0.001)
                if n >= 3:  # the first ones start servers and make tables
                    entry[peer.name].append(took * 1000)
                    first[peer.name].append((float(seen.read_text()) - wall) * 1000)
    for title, figures in (("command entry to id, p50", entry), ("command entry to the first instruction, p50", first)):
        ratios(title, "ms", {name: statistics.median(values) for name, values in figures.items()})
    for peer in running:
        peer.close()


def many(options):
    figures = {}
    for peer in peers(options, options.peers):
        begun = time.perf_counter()
        ids = [peer.add("true", slots=True) for _ in range(options.tasks)]
        peer.wait(ids)
        figures[peer.name] = time.perf_counter() - begun
        peer.close()
    ratios(f"{options.tasks} trivial tasks on 2 slots", "s", figures)


def listing(options):
    (ctx,) = peers(options, ["ctx"])
    for _ in range(10):
        ctx.wait([ctx.add("true")])

    def measure():
        times = []
        for _ in range(options.rounds):
            begun = time.perf_counter()
            ctx.run("status")
            times.append((time.perf_counter() - begun) * 1000)
        return statistics.median(times)

    few = measure()
    database = sqlite3.connect(ctx.folder / ".ctx/ctx.db")
    columns = "name, command, fingerprint, state, code, attempt, priority, created, started, ended, duration, boot"
    rows = database.execute(f"SELECT {columns} FROM tasks LIMIT 1").fetchall()
    marks = ",".join("?" * 13)
    database.executemany(f"INSERT INTO tasks (id, {columns}) VALUES ({marks})", [(f"t{n}", *rows[0]) for n in range(9990)])
    database.commit()
    database.close()
    full = measure()
    print(f"ctx status: {few:.1f} ms with 10 finished tasks, {full:.1f} ms with 10,000: {full / few:.2f} x")


def memory(options):
    (ctx,) = peers(options, ["ctx"])
    ctx.add("sh", "-c", "for i in 1 2 3 4 5; do seq 200000; sleep 0.3; done; sleep 600")
    time.sleep(4)
    for pid in processes(lambda words: "__supervise" in words and str(ctx.folder) in words):
        status = Path(f"/proc/{pid}/status").read_text()
        print("supervisor:", ", ".join(" ".join(line.split()) for line in status.splitlines() if line.startswith(("VmRSS", "VmHWM", "RssAnon", "Threads"))))
    ctx.close()
    print("after the end:", len(processes(lambda words: str(ctx.folder) in words)), "processes")


def processes(wanted):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if wanted(words):
                found.append(int(entry.name))
    return found


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def tree(mark):
    inner = lambda n: f"sh -c 'sleep 600; : {mark}.{n}'"
    return (f"setsid {inner(1)} & nohup {inner(2)} >/dev/null 2>&1 & "
            f"(setsid sh -c '(setsid sh -c \"sleep 600; : {mark}.3\" </dev/null >/dev/null 2>&1 &)' &); "
            f"sh -c 'trap \"\" TERM HUP INT; while :; do sleep 600; done; : {mark}.4' & "
            f"env -i PATH=\"$PATH\" setsid sh -c 'trap \"\" TERM; sleep 600; : {mark}.5' & "
            f"touch up; sleep 600; : {mark}.6")


def escape(options):
    (ctx,) = peers(options, ["ctx"])
    for how in options.how:
        bad = 0
        for n in range(options.rounds):
            mark = f"mark{os.getpid()}x{n}x{how[:2]}"
            up = ctx.folder / "up"
            up.unlink(missing_ok=True)
            more = ["--timeout", "500ms"] if how == "deadline" else []
            name = ctx.run("run", "--bg", "--kill-after", "100ms", *more, tree(mark)).stdout.split(":")[0]
            while not up.exists():
                time.sleep(0.005)
            time.sleep(0.02)
            if how == "cancel":
                ctx.run("cancel", name)
            elif how == "deadline":
                ctx.run("wait", name)
            else:
                for pid in processes(lambda words: "__supervise" in words and name in words):
                    os.kill(pid, signal.SIGKILL)
                    while lives(pid):
                        time.sleep(0.001)  # until the system has closed its files
                ctx.run("status")
            left = processes(lambda words: mark in words)
            bad += bool(left)
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        print(f"{how}: survivors in {bad} of {options.rounds}")


def backoff(options):
    (ctx,) = peers(options, ["ctx"])
    for is_killed in (False, True):
        seen = ctx.folder / f"seen{is_killed}"
        text = f"date +%s.%N >> {seen}; exit 1"
        name = ctx.run("run", "--bg", "--retry", "3", "--backoff", "2s", text).stdout.split(":")[0]
        if is_killed:
            time.sleep(3)
            for pid in processes(lambda words: "__supervise" in words and name in words):
                os.kill(pid, signal.SIGKILL)
        ctx.run("wait", name)
        times = [float(line) for line in seen.read_text().split()]
        pauses = [after - before for before, after in zip(times, times[1:])]
        print("pauses" + (", supervisor killed in the second:" if is_killed else ":"), ", ".join(f"{pause:.2f} s" for pause in pauses))


def disk(options):
    (ctx,) = peers(options, ["ctx"])
    begun = time.perf_counter()
    name = ctx.run("run", "--bg", "--log-cap", "64M", f"head -c {options.gigabytes * 10**9} /dev/zero | tr '\\0' 'x' | fold -w 99").stdout.split(":")[0]
    peak = 0
    while json.loads(ctx.run("status", name, "--json").stdout)["state"] in ("running", "starting"):
        for pid in processes(lambda words: "__supervise" in words and name in words):
            try:
                line = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
                peak = max(peak, int(line[0].split()[1]))
            except (OSError, IndexError):
                pass
        time.sleep(0.5)
    log = ctx.folder / ".ctx/tasks" / name / "log"
    print(f"{options.gigabytes} GB of output: {log.stat().st_size / 1e9:.2f} GB long, {log.stat().st_blocks * 512 / 1e6:.0f} MB on the disk, "
          f"supervisor {peak / 1000:.1f} MB, {time.perf_counter() - begun:.0f} s, {ctx.run('tasks').stdout.split('  ')[1]}")
    folder = Path(tempfile.mkdtemp())
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], **QUIET).returncode != 0:
        print("skipped: no small disk can be mounted here")
        return
    try:
        (folder / ".ctx").mkdir()
        ran = ctx.run("run", "--fg", "head -c 400000000 /dev/zero | tr '\\0' 'x' | fold -w 99; echo the end", cwd=folder)
        print("a disk of 64 MB, 400 MB of output:", ran.returncode, ran.stdout.splitlines()[:1], "the end" in ran.stdout, ran.stderr[:200])
    finally:
        subprocess.run(["umount", "-l", str(folder)], **QUIET)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["start", "many", "list", "memory", "escape", "backoff", "disk"])
    parser.add_argument("--ctx", default="target/release/ctx")
    parser.add_argument("--peers", nargs="*", default=["ctx", "tsp", "pueue"])
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--tasks", type=int, default=500)
    parser.add_argument("--how", nargs="*", default=["cancel", "deadline", "killed supervisor"])
    parser.add_argument("--gigabytes", type=int, default=5)
    options = parser.parse_args()
    options.ctx = str(Path(options.ctx).resolve())
    {"start": start, "many": many, "list": listing, "memory": memory, "escape": escape, "backoff": backoff, "disk": disk}[options.what](options)


if __name__ == "__main__":
    main()
