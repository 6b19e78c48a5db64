#!/usr/bin/env python3
"""Recall of ctx's symbols against universal-ctags, over one tree.

    recall.py TREE --lang C [--ext c,h] [--dump 'target/release/examples/dump --json']

Both programs get the same list of files. A symbol of ctags counts as found when ctx has one
of the same name in the same file within two lines (of its name or of its first line); every
symbol of ctx is used up by one of ctags, so overloads must all be there. Names are compared
without white space (`operator ==`) and by their last part (`Foo::bar`, `Foo.bar`). A function that
ctags calls by the macro that defines it (`TEST`, `SYSCALL_DEFINE3`) may have another name with
us when it begins on the very line; these are counted on a line of their own. So is a typedef
that repeats the name of its struct: one symbol for us, two for ctags.
Compared kinds: functions, methods, classes, structs, interfaces, traits, enums, unions,
namespaces, modules, macros, types; each is reported on its own, and `core` sums the ones that
the goal is about (functions, methods, classes, structs, interfaces). Left out on both sides:
locals, anonymous symbols, object literals that ctags calls classes (JavaScript), variables, fields, enumerators, prototypes (`--prototypes` adds them).

`--missing N` prints N of the missed symbols, spread over the tree, with their source line.
`--ends` prints matched symbols whose range stops before the one of ctags.
`--confusion` prints how the kinds of ctags map to ours.
`--extra N` prints N functions and types of ours that ctags does not have.

The dump prints one JSON object per symbol: path, line (of the name), start, end, kind, name.
Needs universal-ctags with JSON output and Python 3.8; writes nothing.
"""

import argparse
import collections
import json
import os
import shlex
import subprocess
import sys

EXTENSIONS = {
    "C": "c h",
    "C++": "cc cpp cxx h hh hpp hxx",
    "C#": "cs",
    "Go": "go",
    "Java": "java",
    "JavaScript": "js mjs cjs jsx",
    "PHP": "php",
    "Python": "py",
    "Ruby": "rb",
    "Rust": "rs",
    "TypeScript": "ts tsx",
    "Kotlin": "kt kts",
    "Protobuf": "proto",
}

CORE = set(
    "function func method singletonMethod class struct structure interface "
    "constructor getter setter generator".split()
)
ALSO = set(
    "trait enum enumName g union namespace module macro typedef type alias implementation "
    "package annotation talias object message service rpc".split()
)
# Kinds that ctags names differently in one language: (language, kind) -> what it is, or None.
RENAMED = {
    ("Python", "member"): "method",
    ("Python", "module"): None,  # an import, not a definition
    ("Python", "namespace"): None,
    ("Java", "package"): None,
    ("Go", "package"): None,
    ("Go", "packageName"): None,
    ("Rust", "implementation"): None,  # named for the type: counted there
    ("PHP", "alias"): None,
    ("C++", "alias"): None,
}
SKIPPED_FOLDERS = {".git", "node_modules"}


def files_of(tree, extensions, exclude):
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS)
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.rsplit(".", 1)[-1] in extensions and not os.path.islink(path):
                if not any(part in path for part in exclude):
                    yield path


def ctags_symbols(files, language, prototypes):
    command = ["ctags", "--output-format=json", "--fields=+neKZ", "-f", "-", "-L", "-"]
    command += ["--sort=no", f"--language-force={language}"]
    if prototypes:
        command.append(f"--kinds-{language}=+p")
    result = subprocess.run(command, input="\n".join(files), capture_output=True, text=True, errors="replace")
    for line in result.stdout.splitlines():
        try:
            tag = json.loads(line)
        except ValueError:
            continue
        if tag.get("_type") == "tag" and "line" in tag:
            yield tag


# Names that ctags makes up for what has none.
MADE_UP = ("__anon", "anonymous", "AnonymousFunction", "AnonymousClass", "anonFunc", "anonMethod")


def wanted_kind(language, tag, prototypes):
    kind = RENAMED.get((language, tag["kind"]), tag["kind"])
    if tag["name"].startswith(MADE_UP):
        return None
    source = tag.get("pattern", "")
    if language == "JavaScript" and kind == "class" and "class" not in source and "function" not in source:
        return None  # an object literal
    if prototypes and kind == "prototype":
        return kind
    return kind if kind in CORE or kind in ALSO else None


def key(name):
    name = "".join(name.split()).strip("\"'`")
    if name.startswith("operator") or "operator" in name.rsplit("::", 1)[-1]:
        return name[name.index("operator"):]
    for separator in ("::", ".", "#", "\\"):
        name = name.rsplit(separator, 1)[-1] or name
    return name


def source_line(path, line, cache={}):
    if path not in cache:
        with open(path, errors="replace") as file:
            cache[path] = file.read().split("\n")
    lines = cache[path]
    return lines[line - 1].strip()[:110] if 0 < line <= len(lines) else ""


def spread(items, n):
    return items if len(items) <= n else [items[i * len(items) // n] for i in range(n)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree")
    parser.add_argument("--lang", required=True, help="ctags' name of the language")
    parser.add_argument("--ext", help="file name endings, by comma")
    parser.add_argument("--exclude", action="append", default=[], help="part of a path to leave out")
    parser.add_argument("--dump", default="cargo run --release -q --example dump -- --json")
    parser.add_argument("--prototypes", action="store_true")
    parser.add_argument("--missing", type=int, default=0)
    parser.add_argument("--kind", help="show only misses of this kind")
    parser.add_argument("--extra", type=int, default=0)
    parser.add_argument("--ends", type=int, default=0)
    parser.add_argument("--confusion", action="store_true")
    args = parser.parse_args()

    extensions = args.ext.split(",") if args.ext else EXTENSIONS[args.lang].split()
    files = list(files_of(args.tree, set(extensions), args.exclude))
    if not files:
        sys.exit("no files")
    dump = subprocess.run(
        shlex.split(args.dump), input="\n".join(files) + "\n", capture_output=True, text=True, errors="replace"
    )
    sys.stderr.write(dump.stderr)
    if dump.returncode != 0:
        sys.exit(f"the dump ended with {dump.returncode}")
    ours = collections.defaultdict(list)
    notes = set()
    languages = collections.Counter()
    for line in dump.stdout.splitlines():
        symbol = json.loads(line)
        if "note" in symbol:
            notes.add(symbol["path"])
            continue
        languages[symbol["language"]] += 1
        symbol["used"] = False
        ours[symbol["path"], key(symbol["name"])].append(symbol)

    total, found = collections.Counter(), collections.Counter()
    missing, confusion, short, compared_ends = [], collections.Counter(), [], 0
    wanted = []
    for tag in ctags_symbols(files, args.lang, args.prototypes):
        kind = wanted_kind(args.lang, tag, args.prototypes)
        if kind:
            wanted.append((tag, kind))
    # The exact line of the name first, so that a neighbour does not take an overload's match.
    matches = {}
    for field, slack in (("line", 0), ("line", 2), ("start", 2)):
        for idx, (tag, kind) in enumerate(wanted):
            if idx in matches:
                continue
            line = tag["line"]
            for symbol in ours[tag["path"], key(tag["name"])]:
                near = abs(symbol[field] - line) <= slack
                if near and not symbol["used"]:
                    symbol["used"] = True
                    matches[idx] = symbol
                    break
    by_line = collections.defaultdict(list)
    for symbols in ours.values():
        for symbol in symbols:
            by_line[symbol["path"], symbol["start"]].append(symbol)
    seen = set()
    renamed, doubled = 0, 0
    for idx, (tag, kind) in enumerate(wanted):
        symbol = matches.get(idx)
        if symbol is None and kind in CORE and tag["name"].isupper() and args.lang in ("C", "C++"):
            functions = [s for s in by_line[tag["path"], tag["line"]] if s["kind"] in ("function", "method")]
            unused = [s for s in functions if not s["used"]]
            if unused:
                symbol = unused[0]
                symbol["used"] = True
                renamed += 1
        if symbol is None and kind == "typedef" and any(
            s["start"] <= tag["line"] <= s["end"] and s["kind"] in ("struct", "union", "enum")
            for s in ours[tag["path"], key(tag["name"])]
        ):
            doubled += 1
            continue
        place = (tag["path"], tag["line"], key(tag["name"]))
        if symbol is None and place in seen:
            continue  # ctags lists it twice
        seen.add(place)
        total[kind] += 1
        if symbol is None:
            missing.append((tag, kind))
            continue
        found[kind] += 1
        confusion[kind, symbol["kind"]] += 1
        if "end" in tag:
            compared_ends += 1
            if symbol["end"] < tag["end"]:
                short.append((tag, symbol))

    print(f"{args.tree}: {len(files)} files, {len(notes)} with notes, languages {dict(languages)}")
    for kind in sorted(total, key=lambda kind: (kind not in CORE, -total[kind])):
        mark = "" if kind in CORE else " (beside)"
        print(f"  {kind:16}{found[kind]:7} of {total[kind]:7} {100 * found[kind] / total[kind]:7.2f} %{mark}")
    core_total = sum(n for kind, n in total.items() if kind in CORE)
    core_found = sum(n for kind, n in found.items() if kind in CORE)
    if core_total:
        print(f"  {'core':16}{core_found:7} of {core_total:7} {100 * core_found / core_total:7.2f} %")
    print(f"  ranges: {len(short)} of {compared_ends} end before ctags' end")
    if renamed or doubled:
        print(f"  {renamed} functions are called by their macro in ctags; {doubled} typedefs repeat their struct")
    if args.confusion:
        for (theirs, our), n in confusion.most_common():
            print(f"    {theirs} -> {our}: {n}")
    chosen = [(t, k) for t, k in missing if args.kind in (None, k)]
    for tag, kind in spread(chosen, args.missing):
        print(f"  missing {kind} {tag['name']} {tag['path']}:{tag['line']}: {source_line(tag['path'], tag['line'])}")
    for tag, symbol in spread(short, args.ends):
        print(f"  short {tag['name']} {tag['path']}:{tag['line']}: ends {symbol['end']}, ctags {tag['end']}")
    if args.extra:
        kinds = {"function", "method", "constructor", "class", "struct", "interface", "enum", "trait", "macro"}
        extra = [s for list_ in ours.values() for s in list_ if not s["used"] and s["kind"] in kinds]
        print(f"  {len(extra)} of ours that ctags does not have")
        for symbol in spread(extra, args.extra):
            print(f"  extra {symbol['kind']} {symbol['name']} {symbol['path']}:{symbol['line']}: {source_line(symbol['path'], symbol['line'])}")


if __name__ == "__main__":
    main()
