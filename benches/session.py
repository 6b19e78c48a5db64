#!/usr/bin/env python3
"""Sessions: processor time of a summary beside `jq -c .`, and how much of what is true of the recorded sessions is kept.

  benches/session.py recall                 weighted recall at 500, 1000 and 2000 tokens over corpus/session
  benches/session.py time TRANSCRIPT...     CPU of `ctx session summarize` and `ctx budget` beside `jq -c . TRANSCRIPT`

Needs python 3.9 and, for times, jq. `--ctx PROGRAM` names the `ctx` to measure, `--runs N` how often (the median counts).
"""
import argparse
import glob
import json
import os
import re
import resource
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def words(text):
    return " ".join(re.findall(r"\w+", text.replace("\\n", " ")))


def entries(summary):
    out = []
    for line in summary.splitlines():
        if line.strip().startswith("#") or not line.startswith(" "):
            out.append(line)
        elif out:
            out[-1] += " " + line
    return [words(entry) for entry in out]


def tells(told, parts):
    def has(entry, part):
        forms = part.split("|") if "|" in part and " " not in part else [part]
        return any(words(form) in entry for form in forms)
    return any(all(has(entry, part) for part in parts) for entry in told)


def recall(args):
    for budget in (500, 1000, 2000):
        kept = total = 0
        for case in sorted(glob.glob(os.path.join(ROOT, "corpus/session/*/"))):
            with open(case + "truth.json") as file:
                truth = json.load(file)
            command = [args.ctx, "session", "summarize", "--transcript", "transcript.jsonl", "--budget", str(budget)]
            told = entries(subprocess.run(command, cwd=case, capture_output=True, text=True, check=True).stdout)
            total += sum(fact["weight"] for fact in truth["facts"])
            kept += sum(fact["weight"] for fact in truth["facts"] if tells(told, fact["parts"]))
        print(f"{budget} tokens: {kept / total:.3f}")


def cpu(command, runs):
    spent = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return sorted(spent)[runs // 2] * 1000


def time(args):
    for path in args.transcripts:
        jq = cpu(["jq", "-c", ".", path], args.runs)
        for name in (["session", "summarize"], ["budget"]):
            own = cpu([args.ctx, *name, "--transcript", path], args.runs)
            megabytes = os.path.getsize(path) / 1e6
            print(f"{megabytes:.1f} MB: ctx {' '.join(name)} {own:.0f} ms, jq -c . {jq:.0f} ms, {own / jq:.2f} x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["recall", "time"])
    parser.add_argument("transcripts", nargs="*")
    parser.add_argument("--ctx", default=os.path.join(ROOT, "target/release/ctx"))
    parser.add_argument("--runs", type=int, default=7)
    args = parser.parse_args()
    {"recall": recall, "time": time}[args.what](args)


main()
