#!/usr/bin/env python3
"""How many lines of `ctx map` change when one function body is edited, in 20 ways.

    benches/map/stability.py CTX TREE FILE:START-END [BUDGET]

The lines are those of the body, without its first and last. TREE is copied; nothing in it is changed.
"""

import difflib
import pathlib
import shutil
import subprocess
import sys
import tempfile


def edits(lines, start, end):
    """Twenty edits of lines[start:end], each as the whole file; half of them keep the number of lines."""
    body = list(range(start, end))
    pick = lambda n: body[(n * 7) % len(body)]
    for n in range(5):
        at = pick(n)
        yield lines[:at] + [lines[at].rstrip() + " "] + lines[at + 1 :]
        yield lines[:at] + [lines[at].replace("(", "( ", 1)] + lines[at + 1 :]
        yield lines[:at] + [lines[at]] + lines[at:]
        yield lines[:at] + lines[at + 1 :]


def shown(ctx, tree, budget):
    answer = subprocess.run([ctx, "-C", tree, "map", "--budget", budget], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


def main():
    ctx, tree, place = sys.argv[1:4]
    budget = sys.argv[4] if len(sys.argv) > 4 else "4000"
    path, lines = place.rsplit(":", 1)
    start, end = map(int, lines.split("-"))
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "tree"
        shutil.copytree(tree, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        (copy / ".ctx").mkdir(exist_ok=True)
        before = shown(ctx, copy, budget)
        same = before == shown(ctx, copy, budget)
        text = (copy / path).read_text().split("\n")
        changed = []
        for edited in edits(text, start, end - 1):
            (copy / path).write_text("\n".join(edited))
            after = shown(ctx, copy, budget)
            diff = difflib.unified_diff(before, after, n=0, lineterm="")
            changed.append(sum(line.startswith("+") for line in diff) - 1 if before != after else 0)
    print(f"{len(before)} lines, the same twice: {same}; changed by each edit: {changed}; median {sorted(changed)[len(changed) // 2]}")


if __name__ == "__main__":
    main()
