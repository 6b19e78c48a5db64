#!/usr/bin/env python3
"""Records scripted sessions with the real clients: `record.py --clients DIR --user NAME --out corpus/session [NAME...]`.

DIR holds `node_modules` with `@anthropic-ai/claude-code` and `@openai/codex` (npm install them outside of the repository).
NAME is a throwaway user whose home is wiped for each session. Each script of `scripts.py` is run by each client it is for;
the transcript is written to `<out>/<client>-<script>/transcript.jsonl` and what is true of the session to `truth.json`.
The truth comes from the script, from `git` and from exit statuses told in the script and checked against what the client
saw; it never comes from a reader of transcripts. Instructions of the clients are replaced by a short text: they are not ours.
"""
import argparse
import glob
import json
import os
import pwd
import shutil
import subprocess
import sys
import time
import model
import scripts

HERE = os.path.dirname(os.path.abspath(__file__))


def run(args, words, cwd, stdin=None, **env):
    """Runs a command as the throwaway user with nothing else in its environment."""
    variables = {"HOME": args.home, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "USER": args.user,
                 "GIT_CONFIG_NOSYSTEM": "1", "SHELL": "/bin/bash", "TERM": "dumb", **env}
    words = ["runuser", "-u", args.user, "--", "env", "-i", *(f"{k}={v}" for k, v in variables.items()), *words]
    return subprocess.run(words, cwd=cwd, input=stdin, text=True, capture_output=True, timeout=120)


def git(args, project, *words):
    done = run(args, ["git", *words], project)
    return done.stdout


def prepare(args, script):
    """An empty home with a project in it."""
    wait_for = time.monotonic() + 60
    while os.listdir(args.home) and time.monotonic() < wait_for:
        # A client that ended may still be writing.
        for name in os.listdir(args.home):
            path = os.path.join(args.home, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)
    project = os.path.join(args.home, "project")
    os.makedirs(project)
    for path, text in {".gitignore": "__pycache__/\n", **script.files}.items():
        path = os.path.join(project, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        if text.startswith("#!"):
            os.chmod(path, 0o755)
    user = pwd.getpwnam(args.user)
    for folder, folders, files in os.walk(args.home):
        for name in [folder, *(os.path.join(folder, name) for name in folders + files)]:
            os.chown(name, user.pw_uid, user.pw_gid)
    run(args, ["git", "init", "-q", "-b", "main"], project)
    run(args, ["git", "config", "--global", "user.name", "Alex"], project)
    run(args, ["git", "config", "--global", "user.email", "alex@example.com"], project)
    run(args, ["git", "add", "-A"], project)
    run(args, ["git", "commit", "-q", "-m", "start", "--allow-empty"], project)
    return project


def claude(args, project, server, conversation, script):
    base = f"http://127.0.0.1:{server.server_address[1]}"
    env = {"ANTHROPIC_BASE_URL": base, "ANTHROPIC_API_KEY": "placeholder", "DISABLE_AUTOUPDATER": "1",
           "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "ENABLE_TOOL_SEARCH": "false"}
    binary = os.path.join(args.clients, "node_modules/.bin/claude")
    session, known = None, set()
    for turn in script.turns:
        if turn.prompt.startswith("/"):
            known.clear()
        conversation.steps = list(scripts.claude_steps(turn.steps, known))
        words = [binary, "-p", turn.prompt, "--model", script.claude_model]
        words += ["--dangerously-skip-permissions"] if not script.denied else ["--disallowedTools", *script.denied,
                  "--allowedTools", "Bash,Edit,Write,Read,TaskCreate,TaskUpdate"]
        if session:
            words += ["--resume", session]
        done = run(args, words, project, stdin="", **env)
        if done.returncode != 0:
            print("claude:", done.stdout[-300:], done.stderr[-300:])
        found = sorted(glob.glob(f"{args.home}/.claude/projects/*/*.jsonl"), key=os.path.getmtime)
        session = os.path.basename(found[-1])[: -len(".jsonl")]
    return found[-1]


def codex(args, project, server, conversation, script):
    os.makedirs(f"{args.home}/.codex", exist_ok=True)
    with open(f"{args.home}/.codex/config.toml", "w") as file:
        file.write(f'model = "{script.codex_model}"\nmodel_provider = "loop"\n[model_providers.loop]\nname = "loop"\n'
                   f'base_url = "http://127.0.0.1:{server.server_address[1]}/v1"\nwire_api = "responses"\n')
    user = pwd.getpwnam(args.user)
    for path in (f"{args.home}/.codex", f"{args.home}/.codex/config.toml"):
        os.chown(path, user.pw_uid, user.pw_gid)
    binary = os.path.join(args.clients, "node_modules/.bin/codex")
    flags = ["--dangerously-bypass-approvals-and-sandbox", "--skip-git-repo-check"]
    for number, turn in enumerate(script.turns):
        conversation.steps = [scripts.codex_step(step) for step in turn.steps]
        words = [binary, "exec", *flags, turn.prompt] if number == 0 else [binary, "exec", "resume", "--last", *flags, turn.prompt]
        done = run(args, words, project, stdin="")
        if done.returncode != 0:
            print("codex:", done.stdout[-300:], done.stderr[-300:])
    return sorted(glob.glob(f"{args.home}/.codex/sessions/*/*/*/*.jsonl"), key=os.path.getmtime)[-1]


def neutral(value, key="", kind=""):
    """A record without the instructions of the client, which are not ours to keep, and without the ids of this machine."""
    if isinstance(value, dict):
        kind = value.get("type", kind)
        if value.get("role") == "developer":
            return {**value, "content": [{"type": "input_text", "text": "(instructions of the client)"}]}
        return {k: neutral(v, k, kind) for k, v in value.items()}
    if isinstance(value, list):
        if key in ("addedLines", "addedTypes", "addedNames", "addedBlocks"):
            return ["(instructions of the client)"]
        return [neutral(item, key, kind) for item in value]
    if isinstance(value, str):
        is_instruction = key in ("base_instructions", "instructions", "developer_instructions") or (
            kind in ("skill_listing", "agent_listing_delta", "deferred_tools_delta", "mcp_instructions_delta") and key == "content")
        if is_instruction or "<system-reminder>" in value[:40] or "<skills_instructions>" in value[:60]:
            return "(instructions of the client)" if "<system-reminder>" not in value[:40] else \
                "<system-reminder>(instructions of the client)</system-reminder>"
    return value


def clean(path, out):
    with open(path) as source, open(out, "w") as target:
        for line in source:
            record = json.loads(line)
            if record.get("type") == "session_meta":
                for key in ("base_instructions", "instructions", "dynamic_tools"):
                    if key in record["payload"]:
                        record["payload"][key] = {"text": "(instructions of the client)"}
            if record.get("type") == "api-request-shape":
                record["shape"] = {"system": [{"type": "text", "text": "(instructions of the client)"}], "tools": []}
            if record.get("type") == "world_state":
                record["payload"] = {"full": True, "state": {}}
            if record.get("type") == "attachment" and record["attachment"].get("type") not in ("queued_command", "hook_success"):
                record["attachment"] = {"type": record["attachment"].get("type"), "content": "(instructions of the client)"}
            target.write(json.dumps(neutral(record), ensure_ascii=False, separators=(",", ":")) + "\n")


def changed_files(args, project, start):
    """What git says of files, against the commit the session began with: created, edited, deleted."""
    git(args, project, "add", "-A", "-N")
    words = {"A": "created", "M": "edited", "D": "deleted"}
    rows = git(args, project, "-c", "core.quotepath=off", "diff", "--no-renames", "--name-status", start).splitlines()
    return {path: words[state[0]] for state, path in (row.split("\t") for row in rows)}


def record(args, script, client):
    conversation, seen = model.Conversation(), []
    scripts.PLAN.clear()
    conversation.compaction = script.compaction
    conversation.asides = {word: [scripts.claude_step(step) for step in steps] for word, steps in script.asides.items()}
    server = model.serve(conversation, seen)
    project = prepare(args, script)
    start = git(args, project, "rev-parse", "HEAD").strip()
    path = {"claude": claude, "codex": codex}[client](args, project, server, conversation, script)
    server.shutdown()
    folder = os.path.join(args.out, f"{client}-{script.name}")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    clean(path, os.path.join(folder, "transcript.jsonl"))
    for aside in sorted(glob.glob(path[: -len(".jsonl")] + "/subagents/*.jsonl")):
        os.makedirs(os.path.join(folder, "transcript", "subagents"), exist_ok=True)
        clean(aside, os.path.join(folder, "transcript", "subagents", os.path.basename(aside)))
    files = changed_files(args, project, start)
    commits = [row.split(" ", 1) for row in git(args, project, "log", "--reverse", "--format=%h %s", f"{start}..HEAD").splitlines()]
    with open(os.path.join(folder, "transcript.jsonl")) as file:
        truth = scripts.truth(script, client, files, commits, file.read())
    problems = scripts.verify(script, client, os.path.join(folder, "transcript.jsonl"), files)
    left = len(conversation.steps)
    if left:
        problems.append(f"{left} steps were never asked for")
    with open(os.path.join(folder, "truth.json"), "w") as file:
        json.dump(truth, file, indent=1, ensure_ascii=False)
        file.write("\n")
    print(f"{client}-{script.name}: {len(truth['facts'])} facts, {len(seen)} requests", *problems, sep="\n  ", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--out", default=os.path.join(HERE, "../../corpus/session"))
    parser.add_argument("--client", choices=["claude", "codex"])
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    args.out = os.path.abspath(args.out)
    args.home = pwd.getpwnam(args.user).pw_dir
    if args.home in ("/", "/" + "root") or os.path.realpath(args.home) == os.path.realpath(os.path.expanduser("~")):
        sys.exit("the home of that user is not to be wiped")
    for script in scripts.ALL:
        for client in script.clients:
            if (not args.names or script.name in args.names) and args.client in (None, client):
                record(args, script, client)


main()
