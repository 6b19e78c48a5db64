#!/usr/bin/env python
"""Queues that forget nothing."""
from __future__ import annotations

import os.path, json as js
from collections import OrderedDict
from . import base
from ..errors import (Full, Empty)

LIMIT: int = 64
_cache = {}
name, size = "queue", 3
first = second = None

type Pair[T] = tuple[T, T]


def plain(a, b=1, *args, key: str = "x", **kwargs) -> dict[str, int]:
    """Adds two things.

    The rest is ignored.
    """
    local = a + b

    def inner():
        return local
    return inner()


# Waits a while.
# Never for long.
async def wait(
    seconds: float,
    loop: "Loop | None" = None,
) -> None: await sleep(seconds)


@app.route("/queues/<id>", methods=["GET"])
@cached(ttl=60)
def view(id):
    # A comment is not a docstring.
    "Shows one queue."
    return js.dumps(Queue(id))


class Queue(base.Store[str], Generic[T], metaclass=Meta):
    r"""A queue of work."""

    kind = "fifo"
    _count: int = 0
    depth: Optional[int]

    class Meta:
        ordering = ["-created"]

    def __init__(self, items: Iterable[T] | None = None):
        self.items = list(items or ())

    @property
    def length(self) -> int:
        return len(self.items)

    @length.setter
    def length(self, value: int): ...

    @staticmethod
    def _hidden(): pass

    @overload
    def get(self, at: int) -> T: ...
    @overload
    def get(self, at: slice) -> list[T]: ...

    def get(self, at):
        if at is None:
            raise Empty
        return self.items[at]  # trailing


if os.name == "nt":
    def platform(): return "windows"
else:
    def platform(): return "unix"

for letter in "abc":
    upper = letter.upper()


class TestQueue(unittest.TestCase):
    def setUp(self):
        self.queue = Queue()

    def test_length(self):
        self.assertEqual(self.queue.length, 0)


@pytest.fixture
def queue(): return Queue()


def test_get(queue):
    assert queue.get(0)


def broken(:
    return 1 +


def after(x): return x
