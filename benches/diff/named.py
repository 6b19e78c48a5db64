#!/usr/bin/env python3
"""Does `ctx diff` name every symbol that a commit changed?

    benches/diff/named.py [--ctx PROGRAM] [--every N] [--commits N] REPOSITORY...

An independent judge: universal-ctags finds the functions and types of both sides, `git diff -U0`
the changed lines; a symbol is changed when it is the innermost one around a changed line that is
not blank. It is named when its name stands in the answer as a word. `git diff` cut at 3.3
bytes for each token of the budget is judged alike. Needs ctags (universal) and git.
"""

import argparse
import json
import os
import re
import subprocess
import tempfile

BUDGETS = (500, 1000, 4000)
ENDINGS = (".rs", ".py", ".js", ".ts", ".go", ".java", ".c", ".h", ".rb", ".cpp", ".hpp")
KINDS = {
    "function", "method", "class", "struct", "enum", "interface", "trait", "func", "macro",
    "singletonMethod", "union", "constructor", "generator",
}


def run(*args, stdin=None):
    return subprocess.run(args, capture_output=True, input=stdin).stdout


def symbols(content, name):
    """(name, first line, last line) of what ctags finds."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, os.path.basename(name))
        with open(path, "wb") as file:
            file.write(content)
        lines = run("ctags", "--output-format=json", "--fields=+neK", "-f", "-", path)
    tags = [json.loads(line) for line in lines.decode("utf-8", "replace").splitlines() if line]
    tags = [tag for tag in tags if tag.get("kind") in KINDS and "line" in tag]
    return [(tag["name"], tag["line"], tag.get("end", tag["line"])) for tag in tags]


def changed_lines(old, new):
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, side) for side in ("old", "new")]
        for path, content in zip(paths, (old, new)):
            with open(path, "wb") as file:
                file.write(content)
        diff = run("git", "diff", "--no-index", "-U0", "--histogram", *paths).decode("utf-8", "replace")
    sides = (set(), set())
    for hunk in re.finditer(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", diff, re.M):
        for side, start, count in ((0, hunk[1], hunk[2]), (1, hunk[3], hunk[4])):
            sides[side].update(range(int(start), int(start) + int(count or 1)))
    for side, content in zip(sides, (old, new)):
        lines = content.split(b"\n")
        side.difference_update(n for n in list(side) if n > len(lines) or not lines[n - 1].strip())
    return sides


def changed_symbols(repository, commit):
    """Names of the symbols that a commit changed, and how many files it did."""
    raw = run("git", "-C", repository, "diff", "--raw", "-z", "-M", "--no-abbrev", f"{commit}^", commit)
    fields, found, files = iter(raw.split(b"\0")), set(), 0
    for head in fields:
        words = head.decode().split(" ")
        if len(words) < 5:
            continue
        path = next(fields).decode("utf-8", "replace")
        if words[4][0] in "RC":
            path = next(fields).decode("utf-8", "replace")
        files += 1
        if not path.endswith(ENDINGS) or "vendor/" in path:
            continue
        blob = lambda name: run("git", "-C", repository, "cat-file", "blob", name) if name.strip("0") else b""
        old, new = blob(words[2]), blob(words[3])
        for side, lines in zip((old, new), changed_lines(old, new)):
            known = symbols(side, path)
            for line in lines:
                around = [symbol for symbol in known if symbol[1] <= line <= symbol[2]]
                if around:
                    found.add(min(around, key=lambda symbol: symbol[2] - symbol[1])[0])
    return found, files


def named(names, answer):
    return sum(bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", answer)) for name in names)


def pick(repository, every, most):
    """Every so many of the last commits without merges that change 2 to 60 files, sources among them."""
    log = run("git", "-C", repository, "log", "--no-merges", "--format=%h", f"-{every * most * 6}").decode().split()
    for commit in log[every // 2 :: every]:
        paths = run("git", "-C", repository, "diff", "--name-only", f"{commit}^", commit).decode().splitlines()
        if 2 <= len(paths) <= 60 and any(path.endswith(ENDINGS) for path in paths):
            yield commit


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("repositories", nargs="+")
    parser.add_argument("--ctx", default="target/release/ctx")
    parser.add_argument("--every", type=int, default=41)
    parser.add_argument("--commits", type=int, default=4, help="of each repository")
    args = parser.parse_args()
    total, ours, theirs = 0, dict.fromkeys(BUDGETS, 0), dict.fromkeys(BUDGETS, 0)
    for repository in args.repositories:
        taken = 0
        for commit in pick(repository, args.every, args.commits):
            if taken == args.commits:
                break
            names, files = changed_symbols(repository, commit)
            plain = run("git", "-C", repository, "diff", f"{commit}^", commit)
            if not names or not plain:
                continue
            taken += 1
            total += len(names)
            row = []
            for budget in BUDGETS:
                command = [args.ctx, "-C", repository, "diff", f"{commit}^..{commit}", "--budget", str(budget)]
                answer = run(*command)
                shown = named(names, answer.decode())
                ours[budget] += shown
                cut = plain[: int(budget * 3.3)].decode("utf-8", "replace")
                theirs[budget] += named(names, cut)
                row.append(f"{shown}/{len(names)}")
            print(f"{repository} {commit}: {files} files; named at {BUDGETS}: {', '.join(row)}", flush=True)
    for budget in BUDGETS:
        share = lambda count: f"{100 * count / max(total, 1):.0f} %"
        print(f"{budget}: ctx {share(ours[budget])}, git diff cut {share(theirs[budget])} of {total}")


if __name__ == "__main__":
    main()
