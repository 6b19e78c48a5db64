#!/usr/bin/env python3
"""What `ctx digest` costs beside `wc -lw` and `cat`, on outputs that this script makes.

    benches/digest.py [--ctx PROGRAM] [--runs N]

Three jobs: a log of 50 MB beside `wc -lw` of the same file; the recording of a terminal that redraws
itself, about 1.5 M tokens; 10 kB of compiler output beside `/bin/cat`. Commands run in turn, in the
order A B A B; medians of processor time (user and system) are compared. The inputs are made from a
fixed seed, in a temporary folder. Needs Python 3.9 on Linux or macOS and nothing else.
"""
import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time


def server_log(path, size=50_000_000):
    """Lines of a web server's log with jobs, a few errors and two tracebacks."""
    rng = random.Random(1)
    words = "order cart user stock price index queue cache shard token batch mail report".split()
    loggers = "app.http app.jobs app.db app.cache worker.mail worker.index".split()
    written, second = 0, 0
    with open(path, "w") as out:
        while written < size:
            second += rng.randrange(2)
            clock = f"2024-03-0{1 + second // 86400 % 9} {second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02},{rng.randrange(1000):03}"
            pick = rng.random()
            if pick < 0.6:
                line = f"{clock} INFO {rng.choice(loggers)} GET /api/v2/{rng.choice(words)}/{rng.randrange(99999)} 200 {rng.randrange(900)}ms id={rng.getrandbits(48):012x}\n"
            elif pick < 0.95:
                line = f"{clock} DEBUG {rng.choice(loggers)} {rng.choice(words)} {rng.choice(words)} took {rng.random():.4f}s for {rng.randrange(400)} rows\n"
            elif pick < 0.9995:
                line = f"{clock} WARNING {rng.choice(loggers)} slow {rng.choice(words)}: {rng.randrange(9000)}ms\n"
            else:
                name = rng.choice(words)
                line = (
                    f"{clock} ERROR {rng.choice(loggers)} {name} failed\nTraceback (most recent call last):\n"
                    f'  File "/srv/app/{name}.py", line {rng.randrange(300)}, in run\n    self.step()\n'
                    f"ValueError: bad {name}: {rng.randrange(999)}\n"
                )
            out.write(line)
            written += len(line)


def recording(path, frames=9_000):
    """A build tool that redraws a bar and a list of eight workers, with colors."""
    rng = random.Random(2)
    names = "core util net http json cli index view pack lines clean rows".split()
    with open(path, "w") as out:
        for frame in range(frames):
            done = frame * 1200 // frames
            out.write(f"\x1b[1m\x1b[36m   Compiling\x1b[0m [{'#' * (done // 30)}{' ' * (40 - done // 30)}] {done}/1200\x1b[K\r\n")
            for worker in range(8):
                out.write(f"\x1b[2K  \x1b[32m{'⠋⠙⠹⠸⠼⠴⠦⠧'[(frame + worker) % 8]}\x1b[0m {rng.choice(names)}-{rng.randrange(99)} v0.{rng.randrange(9)}.{rng.randrange(9)} {rng.random() * 9:.1f}s\r\n")
            if frame % 1000 == 999:
                out.write(f"\x1b[2K\x1b[33mwarning\x1b[0m: unused variable `x{frame}`\r\n")
            out.write("\x1b[9A")
        out.write("\x1b[J\x1b[31merror\x1b[0m: could not link `app`\r\n")


def compiler_output(path, size=10_000):
    rng = random.Random(3)
    written = 0
    with open(path, "w") as out:
        while written < size:
            n = rng.randrange(400)
            kind = "error" if rng.random() < 0.05 else "warning"
            line = f"src/part{n % 17}.c:{n}:{n % 30 + 1}: {kind}: unused variable 'v{n}' [-Wunused-variable]\n  {n} |     int v{n} = {n};\n      |         ^~~~\n"
            out.write(line)
            written += len(line)


def run(command):
    """Processor seconds, wall seconds and peak megabytes of one run."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit


def compare(runs, **commands):
    """Runs the commands in turn and gives the medians of each."""
    found = {name: [] for name in commands}
    for command in commands.values():
        run(command)
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(run(command))
    return {name: [statistics.median(column) for column in zip(*rows)] for name, rows in found.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ctx", default=os.path.join(os.path.dirname(__file__), "..", "target", "release", "ctx"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--log", help="a log of your own instead of the one made here")
    parser.add_argument("--recording", help="a recording of your own")
    args = parser.parse_args()
    ctx = os.path.abspath(args.ctx)
    own_log, own_recording = (path and os.path.abspath(path) for path in (args.log, args.recording))
    print("| job | ctx CPU ms | beside | its CPU ms | ratio | goal | peak MB |\n| --- | ---: | --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        os.chdir(folder)
        log, tty, small = (os.path.join(folder, name) for name in ("log.txt", "tty.txt", "small.txt"))
        if own_log:
            log = own_log
        else:
            server_log(log)
        if own_recording:
            tty = own_recording
        else:
            recording(tty)
        compiler_output(small)

        def digest(path):
            return [ctx, "digest", path, "--budget", "400", "--exit", "1"]

        def mb(path):
            return f"{os.path.getsize(path) / 1e6:.1f} MB"

        found = compare(args.runs, ctx=digest(log), wc=["wc", "-lw", log])
        (cpu, _, peak), (wc, _, _) = found["ctx"], found["wc"]
        print(f"| log, {mb(log)} | {cpu * 1e3:.0f} | `wc -lw` | {wc * 1e3:.0f} | {cpu / wc:.2f} | 3 | {peak:.0f} |")
        found = compare(args.runs, ctx=digest(tty))
        cpu, _, peak = found["ctx"]
        print(f"| recording, {mb(tty)} | {cpu * 1e3:.0f} | - | - | - | 1000 ms | {peak:.0f} |")
        found = compare(args.runs * 4, ctx=digest(small), cat=["/bin/cat", small])
        (cpu, wall, peak), (cat, cat_wall, _) = found["ctx"], found["cat"]
        goal = 3 * cat * 1e3 + 10
        print(f"| output, {os.path.getsize(small) / 1e3:.0f} kB | {cpu * 1e3:.1f} | `/bin/cat` | {cat * 1e3:.1f} | {cpu / cat:.1f} | {goal:.1f} ms | {peak:.0f} |")
        print(f"\nWall clock of the last: {wall * 1e3:.1f} ms beside {cat_wall * 1e3:.1f} ms.")


if __name__ == "__main__":
    main()
