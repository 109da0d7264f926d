"""A program that acts until it is killed, saying of each act that it is kept once it is.

``python -m tests.storage.writer URL HOW`` waits for lines on its input; for each it forks, and the fork acts on the
database as fast as it can, writing ``ack N`` after act N. When the fork has been killed, ``dead`` is written. ``HOW``
is ``right``, or a way to be wrong that the test must notice: ``early`` acknowledges before the commit, ``twice``
makes two transactions of one act.
"""

import asyncio
import os
import sys

from storage.store import SqlStore
from tests.builders import ELM
from tests.storage.whole_acts import act, first_half, second_half


def say(what: str) -> None:
    os.write(1, f"{what}\n".encode())


async def act_for_ever(url: str, how: str) -> None:
    store = SqlStore.open(url)
    say("begun")
    while True:
        match how:
            case "right":
                say(f"ack {await store.act(ELM.id, act)}")
            case "early":
                await store.act(ELM.id, lambda kept: say(f"ack {act(kept)}"))
            case "twice":
                await store.act(ELM.id, first_half)
                say(f"ack {await store.act(ELM.id, second_half)}")
            case _:
                raise ValueError(how)


def main(url: str, how: str) -> None:
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(act_for_ever(url, how))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("dead")


if __name__ == "__main__":
    main(*sys.argv[1:])
