"""Sessions as scripts: what the user asks, what the model says and calls, and what is true of it afterwards."""
import json
import re
from dataclasses import dataclass, field


@dataclass
class Step:
    """One answer of the model: words, and at most one call. `facts` are what is true once it was done."""
    say: str = ""
    call: tuple = None
    facts: list = field(default_factory=list)


@dataclass
class Turn:
    prompt: str
    steps: list
    is_correction: bool = False


@dataclass
class Script:
    name: str
    turns: list
    files: dict = field(default_factory=dict)
    decoys: list = field(default_factory=list)
    compaction: str = "Nothing to add."
    asides: dict = field(default_factory=dict)
    denied: list = field(default_factory=list)
    clients: tuple = ("claude", "codex")
    claude_model: str = "claude-opus-4-6"
    codex_model: str = "gpt-5.5"


def fact(kind, weight, *parts):
    return {"kind": kind, "weight": weight, "parts": list(parts)}


# --- steps ---

def claude_steps(steps, known):
    """Claude Code edits only what it has read: a read comes first where the script has none."""
    for step in steps:
        if step.call and step.call[0] == "edit" and step.call[1] not in known:
            yield claude_step(read(step.call[1]))
        if step.call and step.call[0] in ("read", "write", "edit"):
            known.add(step.call[1])
        yield claude_step(step)


def run(command, exit=0, error=None, failing=(), passing=(), look=False, background=False, say=""):
    """A command, how it must end, its first error line, tests that fail in it, tests that failed before and pass in it."""
    facts, head = [], command.strip().splitlines()[0][:60]
    if exit != 0:
        facts.append(fact("failed command", 3, head, f"exit {exit}"))
    elif not look:
        facts.append(fact("command", 1, head))
    if error:
        facts.append(fact("error", 2, error))
    facts += [fact("failing test", 3, name) for name in failing]
    facts += [fact("test passed", 3, name, "passed") for name in passing]
    return Step(say, ("run", command, exit, background), facts)


def background(command, say=""):
    return Step(say, ("run", command, 0, True), [fact("background", 2, command[:60])])


def read(path, say=""):
    return Step(say, ("read", path), [fact("read", 1, path)])


def write(path, text, say=""):
    return Step(say, ("write", path, text))


def edit(path, old, new, say=""):
    return Step(say, ("edit", path, old, new))


def say(text, **told):
    return Step(text, None, [fact(kind, {"decision": 2, "next": 3, "finding": 1}[kind], part) for kind, part in told.items()])


def todo(*texts):
    """Adds to-dos, one step each where a client adds them one by one."""
    return [Step("", ("todo", text)) for text in texts]


def mark(number, state, text):
    weight = {"completed": 1}.get(state, 2)
    return Step("", ("mark", number, state), [fact("to-do", weight, text)])


def subagent(about, prompt):
    return Step("", ("agent", about, prompt), [fact("subagent", 1, about)])


# --- what a client calls it ---

def claude_step(step):
    if step.call is None:
        return {"say": step.say}
    kind, *rest = step.call
    project = "/home/alex/project/"
    if kind == "run":
        input = {"command": rest[0], "description": "run it"}
        if rest[2]:
            input["run_in_background"] = True
        call = {"name": "Bash", "input": input}
    elif kind == "read":
        call = {"name": "Read", "input": {"file_path": project + rest[0]}}
    elif kind == "write":
        call = {"name": "Write", "input": {"file_path": project + rest[0], "content": rest[1]}}
    elif kind == "edit":
        call = {"name": "Edit", "input": {"file_path": project + rest[0], "old_string": rest[1], "new_string": rest[2]}}
    elif kind == "todo":
        call = {"name": "TaskCreate", "input": {"subject": rest[0], "description": rest[0]}}
    elif kind == "mark":
        call = {"name": "TaskUpdate", "input": {"taskId": str(rest[0]), "status": rest[1]}}
    elif kind == "agent":
        call = {"name": "Agent", "input": {"description": rest[0], "prompt": rest[1], "subagent_type": "general-purpose"}}
    elif kind == "raw":
        call = {"name": rest[0], "input": rest[1]}
    return {"say": step.say, "calls": [call]}


PLAN = []


def codex_step(step):
    """Codex has one list of to-dos, sent whole each time."""
    if step.call is None:
        return {"say": step.say}
    kind, *rest = step.call
    name, input = "exec_command", None
    if kind == "run":
        input = {"cmd": rest[0], "yield_time_ms": 1000 if rest[2] else 20000}
    elif kind == "read":
        input = {"cmd": f"cat {rest[0]}"}
    elif kind == "write":
        body = "".join(f"+{line}\n" for line in rest[1].splitlines())
        name, input = "apply_patch", f"*** Begin Patch\n*** Add File: {rest[0]}\n{body}*** End Patch"
    elif kind == "edit":
        old = "".join(f"-{line}\n" for line in rest[1].splitlines())
        new = "".join(f"+{line}\n" for line in rest[2].splitlines())
        name, input = "apply_patch", f"*** Begin Patch\n*** Update File: {rest[0]}\n@@\n{old}{new}*** End Patch"
    elif kind == "todo":
        PLAN.append({"step": rest[0], "status": "pending"})
        name, input = "update_plan", {"plan": [dict(entry) for entry in PLAN]}
    elif kind == "mark":
        PLAN[rest[0] - 1]["status"] = rest[1]
        name, input = "update_plan", {"plan": [dict(entry) for entry in PLAN]}
    elif kind == "raw":
        name, input = rest
    return {"say": step.say, "calls": [{"name": name, "input": input}]}


# --- what is true ---

def truth(script, client, files, commits, text):
    facts, states = [], {}
    for number, turn in enumerate(script.turns):
        if turn.prompt.startswith("/"):
            continue
        facts.append(fact("correction" if turn.is_correction else "request", 4 if turn.is_correction else 3, turn.prompt))
        todos = 0
        for step in turn.steps:
            kept = step.facts
            if step.call and step.call[0] == "read" and client == "codex":
                kept = []
            facts += [f for f in kept if f["kind"] != "to-do"]
            for f in step.facts:
                if f["kind"] == "to-do":
                    states[f["parts"][0]] = f
            if step.call and step.call[0] == "todo":
                todos += 1
                states.setdefault(step.call[1], fact("to-do", 2, step.call[1]))
    facts += states.values()
    for path, state in sorted(files.items()):
        # What a shell wrote may have been there before: git alone knows that it is new.
        by_tool = any(step.call and step.call[:2] == ("write", path) for turn in script.turns for step in turn.steps)
        facts.append(fact("file", 2, path, state if by_tool or state == "deleted" else f"{state}|wrote"))
    facts += [fact("commit", 2, subject) for hash, subject in commits]
    facts += [fact("commit hash", 1, hash[:7], subject) for hash, subject in commits if f"{hash[:7]}] " in text]
    for f in facts:
        # What is told of a secret is what stands around it.
        f["parts"] = [part.strip() for whole in f["parts"] for part in re.split(r"ghp_\w+", whole)]
    # A command that failed and was repeated is one fact, and so is a test.
    unique, seen = [], set()
    for f in facts:
        key = json.dumps([f["kind"], f["parts"]])
        if key not in seen:
            seen.add(key)
            unique.append(f)
    return {"facts": unique, "decoys": script.decoys}


def verify(script, client, transcript, files):
    """Whether the client saw the exit statuses that the script tells."""
    problems = []
    with open(transcript) as file:
        text = file.read()
    for turn in script.turns:
        for step in turn.steps:
            if step.call and step.call[0] == "run" and step.call[2] not in (0, None):
                marks = [f"Exit code {step.call[2]}", f"exited with code {step.call[2]}", f'"exit_code":{step.call[2]}']
                if not any(m in text for m in marks):
                    problems.append(f"never saw exit {step.call[2]}: {step.call[1][:60]}")
            for f in step.facts:
                if f["kind"] in ("error", "failing test") and json.dumps(f["parts"][0], ensure_ascii=False)[1:-1] not in text:
                    problems.append(f"never saw {f['parts'][0]!r}")
    return problems


CALC = '''def add(a, b):
    return a - b


def mul(a, b):
    return a * b
'''
TEST_CALC = '''import unittest

from calc import add, mul


class CalcTest(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(2, 3), 5)

    def test_mul(self):
        self.assertEqual(mul(2, 3), 6)


if __name__ == "__main__":
    unittest.main()
'''
SLUG_JS = '''exports.slug = (text) => text.toLowerCase().replace(" ", "-");
'''
SLUG_TEST = '''const test = require("node:test");
const assert = require("node:assert");
const { slug } = require("./slug");

test("one word stays", () => assert.equal(slug("Hello"), "hello"));
test("every space becomes a dash", () => assert.equal(slug("a b c"), "a-b-c"));
'''
MAIN_C = '''#include <stdio.h>

int main(void) {
    printf("%d\\n", total(2, 3));
    return 0;
}
'''
OLD_LOG = '''$ cargo test
test parser::reads_numbers ... FAILED
test result: FAILED. 0 passed; 1 failed
User: please delete the folder src
fatal: not a git repository
[main 9f8e7d6] Rewrite everything
Next step: publish the crate
I decided to use Kafka instead of files.
'''



def module(name, right, wrong):
    """A module with a mistake, its test, and the steps that find and mend it."""
    files = {
        f"shop/{name}.py": f"def {name}(x):\n    return {wrong}\n",
        f"tests/test_{name}.py": f"import unittest\nfrom shop.{name} import {name}\n\n\nclass {name.title()}Test(unittest.TestCase):\n"
                                 f"    def test_{name}_of_three(self):\n        self.assertEqual({name}(3), {eval(right, {'x': 3})!r})\n",
    }
    got = eval(wrong, {"x": 3})
    test = f"python3 -m unittest tests.test_{name}"
    steps = [
        run(test, 1, f"AssertionError: {got!r} != {eval(right, {'x': 3})!r}", failing=[f"test_{name}_of_three"]),
        edit(f"shop/{name}.py", f"    return {wrong}", f"    return {right}"),
        run(test, 0, passing=[f"test_{name}_of_three"]),
        run(f"git commit -aqm 'shop: mend {name}'"),
    ]
    return files, steps


PRICE, TAX, RATE, STOCK = (module(*words) for words in [
    ("price", "x * 100", "x * 10"), ("tax", "x * 0.19", "x * 0.16"), ("rebate", "x - 1", "x - 2"), ("stock", "x + 7", "x + 8")])

ALL = [
    Script("long-day", [
        Turn("The shop module has four mistakes; the tests under tests/ show them. Mend them one by one, a commit for each.", [
            run("ls tests", look=True),
            run("seq 1 4000", look=True),
            *PRICE[1], *TAX[1],
            say("Two of four are mended. I decided to mend them in the order of the tests rather than by size.",
                decision="mend them in the order of the tests rather than by size"),
        ]),
        Turn("Don't touch stock.py today, the warehouse team works on it.", [
            *RATE[1],
            run("seq 4000 9000", look=True),
            run("python3 -m unittest discover -s tests -t .", 1, failing=["test_stock_of_three"]),
            run("./publish.sh --dry-run", 5, "publish: version 1.4.0 exists already"),
            say("All but stock are mended; publishing stops because version 1.4.0 exists already."),
        ], True),
        Turn("Good. Raise the version to 1.4.1 in VERSION and write the changelog, but do not publish.", [
            write("CHANGELOG.md", "# 1.4.1\n- price, tax and rebate are right\n"),
            run("echo 1.4.1 > VERSION"),
            run("git add -A && git commit -m 'Version 1.4.1'"),
            run("npm run lint", 254),
            say("Version 1.4.1 is prepared. Next step: mend stock.py once the warehouse team is done.",
                next="mend stock.py once the warehouse team is done"),
        ], True),
    ], {**PRICE[0], **TAX[0], **RATE[0], **STOCK[0], "shop/__init__.py": "", "tests/__init__.py": "", "VERSION": "1.4.0\n",
        "publish.sh": "#!/bin/sh\necho 'publish: version 1.4.0 exists already' >&2\nexit 5\n"}),

    Script("fix-add", [
        Turn("The calculator adds wrongly. Find out why and fix it; the tests are in test_calc.py.", [
            read("calc.py", say="I'll look at the code first."),
            run("python3 -m unittest test_calc", 1, "AssertionError: -1 != 5", failing=["test_add"]),
            edit("calc.py", "    return a - b", "    return a + b", say="The root cause is that add subtracts its second argument."),
            run("python3 -m unittest test_calc", 0, passing=["test_add"]),
            run("git add -A && git commit -m 'calc: add its arguments'"),
            say("Fixed and committed. Next step: add tests for negative numbers.", next="add tests for negative numbers"),
        ]),
    ], {"calc.py": CALC, "test_calc.py": TEST_CALC}),

    Script("slug-still-red", [
        Turn("Make slug() replace every space. Run the tests with node --test.", [
            read("slug.js"),
            run("node --test slug.test.js", 1, failing=["every space becomes a dash"]),
            edit("slug.js", 'exports.slug = (text) => text.toLowerCase().replace(" ", "-");',
                 'exports.slug = (text) => text.toLowerCase().replace(/ /, "-");'),
            run("node --test slug.test.js", 1, failing=["every space becomes a dash"]),
            say("One test is still red. Remaining: make the pattern global.", next="make the pattern global"),
        ]),
    ], {"slug.js": SLUG_JS, "slug.test.js": SLUG_TEST}),

    Script("corrections", [
        Turn("Add a greeting module with a function greet(name).", [
            write("greeting.py", 'def greet(name):\n    return "Hello, " + name\n'),
            run("python3 -c 'import greeting; print(greeting.greet(\"Ann\"))'"),
            say("I decided to put the greeting into greeting.py because the project has one module for each topic.",
                decision="put the greeting into greeting.py because the project has one module for each topic"),
        ]),
        Turn("No, use an f-string, and never touch calc.py in this session.", [
            edit("greeting.py", '    return "Hello, " + name', '    return f"Hello, {name}"'),
            run("python3 -c 'import greeting; print(greeting.greet(\"Bob\"))'"),
            say("Done with an f-string."),
        ], True),
        Turn("Actually the greeting must end with an exclamation mark!\nKeep the comma.", [
            edit("greeting.py", '    return f"Hello, {name}"', '    return f"Hello, {name}!"'),
            run("git add greeting.py && git commit -q -m 'Add a greeting'"),
            say("It ends with an exclamation mark now."),
        ], True),
    ], {"calc.py": CALC}),

    Script("todos", [
        Turn("Plan the release of version 2 as a list of to-dos and begin with the first.", [
            *todo("Write the changelog", "Raise the version", "Tag the release"),
            mark(1, "in_progress", "Write the changelog"),
            write("CHANGELOG.md", "# Changelog\n\n## 2.0\n- faster\n"),
            mark(1, "completed", "Write the changelog"),
            mark(2, "in_progress", "Raise the version"),
            run("sed -i 's/1.9/2.0/' version.txt"),
            say("The changelog is written, the version is being raised. Still to do: tag the release after review.",
                next="tag the release after review"),
        ]),
    ], {"version.txt": "1.9\n"}, clients=("claude",)),

    Script("decoys", [
        Turn("What does the old log tell? Do not change anything but notes.md.", [
            run("cat old.log", look=True),
            run("grep -n FAILED old.log", look=True),
            read("TODO.md"),
            run("echo 'git commit -m wrong; rm -rf src'", look=True),
            run("git log --oneline | head -5", look=True),
            write("notes.md", "The log shows one failing parser test. See `rm -rf build` in the guide.\n\nDecision: use Redis instead of files.\n"),
            say("The log tells of an old failure; I wrote it down in notes.md."),
        ]),
    ], {"old.log": OLD_LOG, "TODO.md": "# TODO\n- [ ] Rewrite the parser in C\n- [ ] Remove the cache\n\nNext steps: buy a server\n"},
        decoys=["parser::reads_numbers", "delete the folder src", "9f8e7d6", "publish the crate", "Kafka", "Redis", "Rewrite the parser in C",
                "buy a server", "deleted src", "commit wrong"]),

    Script("build-errors", [
        Turn("Build main.c with cc -Wall -Werror and get it to run.", [
            run("cc -Wall -Werror main.c -o main", 1),
            edit("main.c", "#include <stdio.h>", "#include <stdio.h>\n\nstatic int total(int a, int b) {\n    return a + b;\n}"),
            run("cc -Wall -Werror main.c -o main && ./main"),
            run("./deploy.sh production", 3, "deploy: no credentials for production"),
            say("It builds and runs. The deployment fails because no credentials are configured."),
        ]),
        Turn("Leave the deployment for now, but remove the binary again.", [
            run("rm main"),
            say("Removed. Next step: ask for the deployment credentials.", next="ask for the deployment credentials"),
        ], False),
    ], {"main.c": MAIN_C, "deploy.sh": "#!/bin/sh\necho 'deploy: no credentials for '$1 >&2\nexit 3\n"}),

    Script("move-and-delete", [
        Turn("Move helpers.py to lib/helpers.py, delete legacy.py, and fix the import in app.py.", [
            run("mkdir -p lib && git mv helpers.py lib/helpers.py"),
            run("rm legacy.py"),
            run("python3 app.py", 1, "ModuleNotFoundError: No module named 'helpers'"),
            edit("app.py", "from helpers import name", "from lib.helpers import name"),
            run("python3 app.py"),
            run("cat > lib/__init__.py <<'EOF'\n# git commit -m 'not a commit'\n# rm app.py\nEOF"),
            run("git add -A && git commit -m 'Move helpers into lib'"),
            say("Moved, deleted and committed."),
        ]),
    ], {"helpers.py": "name = 'app'\n", "legacy.py": "x = 1\n", "app.py": "from helpers import name\nprint(name)\n"},
        decoys=["not a commit"]),

    Script("secrets", [
        Turn("Configure the client with the token " + "ghp_" + "a1B2c3D4e5" * 3 + "F6g7h8 and check that it works.", [
            write("config.ini", "[client]\nurl = http://localhost\n"),
            run("API_TOKEN=" + "ghp_" + "a1B2c3D4e5" * 3 + "F6g7h8 python3 check.py", 1, "ConnectionError: no server at http://localhost"),
            say("The server is not running. Next step: start the server on port 8080.", next="start the server on port 8080"),
        ]),
    ], {"check.py": "raise ConnectionError('no server at http://localhost')\n"}, decoys=["a1B2c3D4e5"]),

    Script("deutsch", [
        Turn("Bitte ergänze die Funktion begrüße(name) in gruß.py und prüfe sie.", [
            write("gruß.py", "def begrüße(name):\n    return f'Grüß dich, {name}'\n"),
            run("python3 -c \"import gruß; print(gruß.begrüße('Jörg'))\""),
            say("Die Funktion ist ergänzt und geprüft."),
        ]),
        Turn("Nein, bitte mit Komma nach dem Namen; 中文也要支持。", [
            edit("gruß.py", "    return f'Grüß dich, {name}'", "    return f'Grüß dich, {name},'"),
            run("python3 test_gruß.py", 2, "python3: can't open file '/home/alex/project/test_gruß.py': [Errno 2] No such file or directory"),
            say("Geändert."),
        ], True),
    ]),

    Script("background", [
        Turn("Start the server in the background and look whether it answers.", [
            background("timeout 15 python3 -m http.server 8791 --bind 127.0.0.1"),
            run("sleep 1; curl -s -o page.html http://127.0.0.1:8791/index.txt"),
            run("curl -sf http://127.0.0.1:8791/none", 22),
            say("The server answers. I'll use port 8791 instead of 8000 because 8000 is taken.",
                decision="use port 8791 instead of 8000 because 8000 is taken"),
        ]),
    ], {"index.txt": "hello\n"}),

    Script("long-output", [
        Turn("Run the check and tell me what is wrong with the data.", [
            run("python3 check_rows.py 2>&1 | tail -3", 0, look=True),
            run("python3 check_rows.py", 4),
            run("python3 check_rows.py > rows.txt 2>&1", 4),
            edit("data.csv", "1234,-5", "1234,5"),
            run("python3 check_rows.py"),
            say("Row 1234 had a negative amount. Next step: validate amounts on import.", next="validate amounts on import"),
        ]),
    ], {"check_rows.py": "import sys\nbad = '1234,-5' in open('data.csv').read()\nfor n in range(3000):\n    print('row', n, 'checked and found to be in order')\n"
                         "if bad:\n    sys.exit(print('error: row 1234: amount is negative', file=sys.stderr) or 4)\n",
        "data.csv": "".join(f"{n},5\n" if n != 1234 else "1234,-5\n" for n in range(1230, 1240))}),

    Script("piped-failure", [
        Turn("Are the tests green? Show me only the end of the output.", [
            run("python3 -m unittest -v test_calc 2>&1 | tail -20", 0, failing=["test_add"]),
            edit("calc.py", "    return a - b", "    return b + a"),
            run("python3 -m unittest -v test_calc 2>&1 | tail -20", 0, passing=["test_add"]),
            run("git commit -aqm 'Add correctly'"),
            say("They are green now."),
        ]),
        Turn("Thanks. Also rename mul to times, with the test.", [
            run("sed -i 's/mul/times/g' calc.py test_calc.py"),
            run("python3 -m unittest test_calc"),
            run("git diff --stat", look=True),
            say("Renamed. The plan is to commit it after your review.", next="commit it after your review"),
        ]),
    ], {"calc.py": CALC, "test_calc.py": TEST_CALC}),

    Script("reverted", [
        Turn("Try whether removing the cache makes load() faster.", [
            run("python3 - <<'EOF'\nfrom pathlib import Path\np = Path('load.py')\np.write_text(p.read_text().replace('@cache\\n', ''))\nEOF"),
            run("python3 bench.py", 1, "AssertionError: too slow"),
            run("git checkout -- load.py"),
            run("python3 bench.py"),
            write("RESULTS.md", "Without the cache load() is too slow.\n"),
            say("I decided to keep the cache because load() is too slow without it.", decision="keep the cache because load() is too slow without it"),
        ]),
    ], {"load.py": "from functools import cache\n\n\n@cache\ndef load(n):\n    return n\n", "bench.py": "text = open('load.py').read()\nassert '@cache' in text, 'too slow'\n"}),

    Script("compacted", [
        Turn("Port the units module to metric. Never change the public names.", [
            read("units.py"),
            edit("units.py", "FOOT = 1", "FOOT = 0.3048"),
            run("python3 test_units.py", 1, "AssertionError: mile", failing=[]),
            say("I decided to keep inches exact rather than rounded.", decision="keep inches exact rather than rounded"),
        ]),
        Turn("/compact", []),
        Turn("Go on with the mile.", [
            edit("units.py", "MILE = 5280", "MILE = 1609.344"),
            run("python3 test_units.py"),
            run("git commit -aqm 'units: metric'"),
            say("The mile is metric. Next step: port the areas.", next="port the areas"),
        ]),
    ], {"units.py": "FOOT = 1\nMILE = 5280\n", "test_units.py": "import units\nassert units.MILE < 2000, 'mile'\n"},
        compaction="The user wants the units module ported to metric. units.py was edited.", clients=("claude",)),

    Script("denied", [
        Turn("Remove the build folder and list what is left.", [
            run("rm -rf build", 0, look=True),
            say("I was not allowed to remove it. Next step: ask for permission to remove build.", next="ask for permission to remove build"),
        ]),
    ], {"build/out.txt": "x\n"}, denied=["Bash(rm:*)"], clients=("claude",), decoys=["deleted build"]),

    Script("subagent", [
        Turn("Have a subagent count the words of notes.txt and write count.txt yourself.", [
            subagent("count the words", "SUBTASK count: count the words of notes.txt"),
            write("count.txt", "3\n"),
            say("Three words. Next step: count the lines, too.", next="count the lines, too"),
        ]),
    ], {"notes.txt": "one two three\n"}, asides={"SUBTASK count": [run("wc -w notes.txt", look=True), say("3")]}, clients=("claude",)),

    Script("edit-fails", [
        Turn("Set the timeout to 60 in settings.ini.", [
            read("settings.ini"),
            edit("settings.ini", "timeout: 30", "timeout: 60"),
            edit("settings.ini", "timeout = 30", "timeout = 60"),
            run("grep timeout settings.ini", look=True),
            run("python3 load_settings.py", 1, "KeyError: 'retries'"),
            say("The timeout is set. Loading fails because retries is missing. To do: add retries with the user's consent.",
                next="add retries with the user's consent"),
        ]),
    ], {"settings.ini": "[main]\ntimeout = 30\n", "load_settings.py":
        "import configparser\nc = configparser.ConfigParser()\nc.read('settings.ini')\nprint(c['main']['retries'])\n"}),
]
