#!/usr/bin/env python3
"""Measures `ctx` beside its peers on real code, as ratios in one job.

    peers.py found                      which peers are here, and how to get the others
    peers.py pick TREE... --to DIR      collect one file of about 2,000 lines for each language
    peers.py file FILE|DIR...           outline one file, from a cold process start
    peers.py tree TREE...               list, outline, count and map a whole tree
    peers.py budget TREE...             tokens printed for tokens asked, and whether two runs agree
    peers.py large TREE...              peak memory and CPU of `ctx` on a very large tree

A peer that is not on the PATH is reported with the way to install it; nothing is downloaded.
All commands of one table run in turn, A B C A B C, and a table shows the median of each. CPU is user
and system time of the process and its children; the ratio is that of CPU to the CPU of `ctx`. Peak is
the largest resident set of any one process. Outputs go to a file, never to a terminal. Each command
runs once beforehand without being counted, so that files are in the page cache, as they are in
a session.
"""

import argparse
import collections
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
INSTALL = {
    "ctx": "cargo build --release, then --ctx target/release/ctx",
    "ctags": "apt install universal-ctags",
    "ast-grep": "npm install -g @ast-grep/cli",
    "rg": "apt install ripgrep",
    "tokei": "cargo install tokei",
    "probe": "npm install -g @probelabs/probe",
    "repomix": "npm install -g repomix",
    "aider": "pip install aider-chat",
}
# A search whose words are in most code bases: there is more to show than any budget here holds.
QUERY = "error handling of configuration and connection"

Cost = collections.namedtuple("Cost", "cpu wall peak status")


class Command:
    """One command of a table: a peer's name, its arguments, what it is worth to know about it."""

    def __init__(self, label, arguments, note="", keep=None, env=None):
        self.label, self.arguments, self.note = label, arguments, note
        self.keep = keep or (lambda text: text)
        self.env = env or {}
        self.costs = []
        self.printed = 0

    def run(self, folder, counted=True):
        with tempfile.TemporaryFile() as out:
            cost = measured(self.arguments, folder, out, self.env)
            self.printed = out.seek(0, os.SEEK_END)
        if counted:
            self.costs.append(cost)
        return cost

    def shown(self, folder):
        """What it prints for its reader, as text."""
        with tempfile.TemporaryFile() as out:
            measured(self.arguments, folder, out, self.env)
            out.seek(0)
            return self.keep(out.read().decode("utf-8", "replace"))

    def median(self, part):
        return statistics.median(getattr(cost, part) for cost in self.costs)

    def failed(self):
        return any(cost.status != 0 for cost in self.costs)


def measured(arguments, folder, out, env):
    """Runs a command to its end; what it cost by the system's own account of that one child."""
    environment = dict(os.environ, NO_COLOR="1", **env)
    start = time.perf_counter()
    child = subprocess.Popen(
        arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, env=environment
    )
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * unit, child.returncode)


def own_peak():
    """A child begins as a copy of this process, and its peak is never below what that held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def interleaved(commands, folder, runs, patience):
    """Runs all commands in turn. One that takes longer than `patience` seconds runs twice, no more."""
    slow = {command for command in commands if command.run(folder, counted=False).wall > patience}
    for idx in range(runs):
        for command in commands:
            if command not in slow or idx < 2:
                command.run(folder)


def table(title, header, rows):
    print(f"### {title}\n")
    print("| " + " | ".join(header) + " |")
    print("| " + " | ".join("---" if idx == 0 else "---:" for idx in range(len(header))) + " |")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def cost_rows(commands):
    base = commands[0].median("cpu")
    for command in commands:
        status = " (failed)" if command.failed() else ""
        peak = command.median("peak")
        less = "<= " if peak <= own_peak() * 1.2 else ""
        yield [
            f"`{command.label}`{status}",
            milliseconds(command.median("cpu")),
            milliseconds(command.median("wall")),
            f"{less}{peak / 1e6:.0f}",
            f"{command.median('cpu') / base:.2f}",
            f"{command.printed / 1e3:.1f}",
        ]


def milliseconds(seconds):
    return f"{seconds * 1e3:.1f}" if seconds < 0.1 else f"{seconds * 1e3:,.0f}"


COSTS = ["command", "CPU ms", "wall ms", "peak MB", "CPU to `ctx`", "KB printed"]


class Peers:
    """The programs found on this machine."""

    def __init__(self, ctx):
        here = os.path.join(HERE, "..", "target", "release", "ctx")
        ctx = ctx or shutil.which("ctx") or (here if os.path.exists(here) else None)
        self.at = {name: shutil.which(name) for name in INSTALL}
        self.at["ctx"] = os.path.abspath(ctx) if ctx else None

    def has(self, name):
        return self.at[name] is not None

    def command(self, name, arguments, **more):
        label = " ".join([name, *arguments])
        label = label if len(label) <= 90 else label[:87] + "..."
        return Command(label, [self.at[name], *arguments], **more)

    def missing(self):
        lines = [f"- `{name}`: not found; {INSTALL[name]}" for name in INSTALL if not self.has(name)]
        return "\n".join(lines)


def found(peers, _options):
    rows = []
    for name in INSTALL:
        version = f"not found: {INSTALL[name]}"
        if peers.has(name):
            asked = subprocess.run(
                [peers.at[name], "--version"], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
            )
            version = (asked.stdout + asked.stderr).strip().splitlines()[:1] or ["?"]
            version = version[0]
        rows.append([f"`{name}`", version])
    table("Peers", ["peer", "version"], rows)


def pick(_peers, options):
    """For each file name ending, the file nearest to the wanted number of lines."""
    best = {}
    wanted = {ending.strip(".") for ending in options.endings.split(",")}
    for tree in options.paths:
        for folder, folders, names in os.walk(tree):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                ending = name.rsplit(".", 1)[-1]
                path = os.path.join(folder, name)
                if ending not in wanted or os.path.islink(path):
                    continue
                with open(path, "rb") as file:
                    text = file.read(2_000_000)
                # Prose-like lines: neither minified nor a table of numbers.
                lines = text.count(b"\n")
                if lines == 0 or b"\0" in text[:8000] or not 20 <= len(text) / lines <= 60:
                    continue
                distance = abs(lines - options.lines)
                if re.search("test|spec|fixture", path):
                    # Better a source file of a somewhat other length.
                    distance += options.lines // 4
                if ending not in best or distance < best[ending][0]:
                    best[ending] = (distance, path, lines)
    os.makedirs(options.to, exist_ok=True)
    for ending, (distance, path, lines) in sorted(best.items()):
        if distance > options.lines // 2:
            continue
        shutil.copyfile(path, os.path.join(options.to, os.path.basename(path)))
        print(f"{ending}\t{lines}\t{path}")


def files_of(paths):
    for path in paths:
        if os.path.isdir(path):
            yield from (os.path.join(path, name) for name in sorted(os.listdir(path)))
        else:
            yield path


def file(peers, options):
    """One row for each file: CPU of each tool, and the ratio of `ctx` to the nearest of them."""
    tools = [name for name in ("ctx", "ast-grep", "ctags", "probe") if peers.has(name)]
    header = ["file", "lines", *(f"`{name}` CPU ms" for name in tools), "`ctx` wall ms", "`ctx` to `ast-grep`", "note"]
    rows, over = [], []
    known = languages(peers)
    for path in files_of(options.paths):
        folder, name = os.path.split(os.path.abspath(path))
        ending = name.rsplit(".", 1)[-1]
        if known and ending not in known:
            rows.append([name, lines_of(path), *("-" for _ in tools), "-", "-", "no language of `ctx` yet"])
            continue
        arguments = {
            "ctx": ["outline", name, *budget_of(options)],
            "ast-grep": ["outline", name],
            "ctags": ["-f", "-", "--fields=+nKS", name],
            "probe": ["symbols", name],
        }
        commands = [peers.command(tool, arguments[tool]) for tool in tools]
        interleaved(commands, folder, options.runs, options.patience)
        row = [name, lines_of(path)]
        notes = []
        for command, tool in zip(commands, tools):
            empty = command.printed == 0 or command.failed()
            row.append(milliseconds(command.median("cpu")) + (" (nothing)" if empty else ""))
        ours = commands[0].median("cpu")
        row.append(milliseconds(commands[0].median("wall")))
        row.append(f"{ours / commands[tools.index('ast-grep')].median('cpu'):.2f}" if "ast-grep" in tools else "-")
        if ours > 0.015:
            over.append(name)
            notes.append("over 15 ms")
        rows.append([*row, ", ".join(notes)])
    table("Outline of one file, cold process start", header, rows)
    print(f"Over 15 ms of CPU: {', '.join(over) or 'none'}.\n")


def languages(peers):
    """The file name endings that this `ctx` outlines; empty when it cannot be asked."""
    asked = subprocess.run([peers.at["ctx"], "languages"], capture_output=True, text=True, check=False)
    return set(re.findall(r"\.([A-Za-z0-9_+]+)", asked.stdout))


def lines_of(path):
    with open(path, "rb") as file_:
        return str(file_.read().count(b"\n"))


def budget_of(options):
    return ["--budget", options.budget] if options.budget else []


def tree(peers, options):
    for path in options.paths:
        with copy_of(path, options.in_place) as folder:
            name = os.path.basename(os.path.abspath(path))
            for title, commands in tree_tables(peers, folder):
                interleaved(commands, folder, options.runs, options.patience)
                table(f"{name}: {title}", COSTS, cost_rows(commands))


def tree_tables(peers, folder):
    def those(*commands):
        return [peers.command(name, arguments, **more) for name, arguments, more in commands if peers.has(name)]

    yield "list the files", those(
        ("ctx", ["outline", "--budget", "1000"], {}),
        ("rg", ["--files"], {}),
    )
    sources = source_files(folder)
    yield "outline everything", those(
        ("ctx", ["outline", "--budget", "100M"], {}),
        ("ast-grep", ["outline", "--items", "structure", "."], {}),
        ("ctags", ["-R", "-f", "-", "--fields=+nKS", "."], {}),
        ("probe", ["symbols", "--allow-tests", *sources], {}),
    )
    yield "count", those(
        ("ctx", ["budget"], {}),
        ("tokei", ["."], {}),
        ("repomix", ["--stdout", "--no-security-check", "--token-count-tree", "1000"], {}),
    )
    yield "a map that fits a context", those(
        ("ctx", ["outline", "--budget", "4000"], {}),
        ("aider", aider(4000), {"env": offline()}),
        ("probe", ["search", "--max-tokens", "4000", QUERY, "."], {}),
        ("repomix", ["--stdout", "--no-security-check", "--compress"], {}),
    )


def source_files(folder):
    """Files that every outliner here knows, for one that takes no folder."""
    listed = []
    for at, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        endings = (".rs", ".py", ".go", ".c", ".h", ".ts", ".js", ".java", ".rb", ".php")
        listed += [os.path.relpath(os.path.join(at, name), folder) for name in sorted(names) if name.endswith(endings)]
    return listed


def aider(tokens):
    flags = "--show-repo-map --yes-always --no-check-update --no-gitignore --analytics-disable --no-pretty"
    # Without a file in the chat it would multiply what is asked for by two.
    more = "--no-show-model-warnings --no-show-release-notes --model gpt-4o --map-multiplier-no-files 1"
    return [*flags.split(), *more.split(), "--map-tokens", str(tokens)]


def offline():
    """No price lists from the network, no settings of whoever runs this."""
    return {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": tempfile.gettempdir(), "OPENAI_API_KEY": "none"}


def map_of_aider(text):
    """Its map without the lines about the program that come before it."""
    at = text.find("Here are summaries")
    return text[at:] if at >= 0 else ""


def budget(peers, options):
    count = Counter(peers)
    rows = []
    for path in options.paths:
        with copy_of(path, options.in_place) as folder:
            name = os.path.basename(os.path.abspath(path))
            for asked in options.asked:
                for command in budgeted(peers, asked):
                    rows.append(adherence(name, asked, command, folder, count))
    table(
        "Tokens printed for tokens asked (o200k_base)",
        ["command", "tree", "asked", "printed", "printed / asked", "same bytes twice"],
        rows,
    )
    for name in ("repomix", "ast-grep", "ctags", "tokei"):
        print(f"- `{name}` takes no budget of tokens.")
    print(f"- Tokens are counted by {count.name}.\n")


def budgeted(peers, asked):
    commands = [
        ("ctx outline", "ctx", ["outline", "--budget", str(asked)], {}),
        ("ctx outline --json", "ctx", ["outline", "--json", "--budget", str(asked)], {}),
        ("ctx budget", "ctx", ["budget", "--budget", str(asked)], {}),
        ("probe search", "probe", ["search", "--max-tokens", str(asked), QUERY, "."], {}),
        ("aider --show-repo-map", "aider", aider(asked), {"keep": map_of_aider, "env": offline()}),
    ]
    for label, name, arguments, more in commands:
        if peers.has(name):
            yield Command(label, [peers.at[name], *arguments], **more)


def adherence(tree_name, asked, command, folder, count):
    shown = []
    for _ in range(2):
        forget(folder)
        shown.append(command.shown(folder))
    if not shown[0].strip():
        return [f"`{command.label}`", tree_name, f"{asked:,}", "nothing", "-", "-"]
    printed = count.of(shown[0])
    same = "yes" if shown[0] == shown[1] else "**no**"
    return [f"`{command.label}`", tree_name, f"{asked:,}", f"{printed:,}", f"{printed / asked:.2f}", same]


def forget(folder):
    """Removes what aider keeps between runs."""
    for name in os.listdir(folder):
        if name.startswith(".aider"):
            path = os.path.join(folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)


class Counter:
    """Counts with `ctx tokens`; where python's tiktoken is there, with both, and they must agree."""

    def __init__(self, peers):
        self.ctx = peers.at["ctx"]
        self.other = None
        try:
            import tiktoken

            self.other = tiktoken.get_encoding("o200k_base")
        except Exception:  # not installed, or its vocabulary cannot be fetched
            pass
        self.name = "`ctx tokens`" + (" and python's tiktoken, which agree" if self.other else "")

    def of(self, text):
        counted = subprocess.run(
            [self.ctx, "tokens", "--model", "o200k_base"], input=text.encode(), capture_output=True, check=True
        )
        tokens = int(counted.stdout)
        if self.other:
            theirs = len(self.other.encode(text, disallowed_special=()))
            assert tokens == theirs, f"ctx counts {tokens}, tiktoken {theirs}"
        return tokens


def large(peers, options):
    """Only `ctx`, in place: a very large tree is neither copied nor given to the others."""
    for path in options.paths:
        commands = [
            peers.command("ctx", arguments + (["--config", "code.respect_ignores=false"] if options.no_ignore else []))
            for arguments in (
                ["outline"],
                ["outline", "--budget", "100k"],
                ["outline", "--budget", "100M"],
                ["budget"],
            )
        ]
        if peers.has("rg"):
            commands.append(peers.command("rg", ["--files"] + (["--no-ignore"] if options.no_ignore else [])))
        interleaved(commands, path, options.runs, options.patience)
        table(f"{os.path.basename(os.path.abspath(path))}: peak and CPU", COSTS, cost_rows(commands))


class copy_of:
    """A copy of a tree that is a git repository of its own, because some peers write into the tree
    and aider lists the files that git knows."""

    def __init__(self, path, in_place):
        self.path, self.in_place, self.folder = os.path.abspath(path), in_place, None

    def __enter__(self):
        if self.in_place:
            return self.path
        self.folder = tempfile.mkdtemp()
        copy = os.path.join(self.folder, os.path.basename(self.path))
        shutil.copytree(self.path, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", "target", "node_modules"))
        git = ["git", "-C", copy, "-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0"]
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "tree"]):
            subprocess.run([*git, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return copy

    def __exit__(self, *_):
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


ENDINGS = (
    "rs,py,js,ts,tsx,go,java,c,cpp,h,cs,rb,php,kt,swift,scala,sh,lua,ex,hs,ml,zig,dart,R,jl,pm,html,css,"
    "json,yml,toml,md,sql,tf,proto,cmake,nix,sol"
)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["found", "pick", "file", "tree", "budget", "large"])
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--ctx", metavar="PROGRAM", help="the ctx to measure (default: from PATH, else target/release)")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command (default: %(default)s)")
    parser.add_argument(
        "--patience", type=float, default=5.0, help="a command slower than this many seconds runs twice (default: %(default)s)"
    )
    parser.add_argument("--in-place", action="store_true", help="do not copy the tree; aider then needs it to be a git repository")
    parser.add_argument("--no-ignore", action="store_true", help="`large`: files too that ignore rules leave out")
    parser.add_argument("--budget", help="`file`: outline within this many tokens rather than the default")
    parser.add_argument("--asked", type=int, nargs="+", default=[1000, 4000, 16000], help="`budget`: tokens asked for")
    parser.add_argument("--to", default="bench-files", help="`pick`: folder for the files")
    parser.add_argument("--lines", type=int, default=2000, help="`pick`: lines wanted")
    parser.add_argument("--endings", default=ENDINGS, help="`pick`: file name endings wanted")
    options = parser.parse_intermixed_args()
    if options.what != "found" and not options.paths:
        parser.error(f"`{options.what}` needs a path")
    peers = Peers(options.ctx)
    if options.what not in ("found", "pick"):
        if not peers.has("ctx"):
            sys.exit(f"`ctx` is not found: {INSTALL['ctx']}")
        if peers.missing():
            print(peers.missing() + "\n")
    globals()[options.what](peers, options)


if __name__ == "__main__":
    main()
