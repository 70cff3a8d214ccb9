"""The session's queue: commands first, then answers; only the newest load or unload counts."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from engine.answer import Answer
from engine.backends.base import BackendDeath
from engine.placement import LoadSpec


@dataclass(frozen=True, slots=True)
class Load:
    """Build this pipeline."""

    spec: LoadSpec


@dataclass(frozen=True, slots=True)
class Unload:
    """Drop the pipeline."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """Ask for the devices."""


@dataclass(frozen=True, slots=True)
class Died:
    """The engine process ended while nothing was asked of it."""

    death: BackendDeath


Command = Load | Unload | ListDevices | Died


class Inbox:
    """A thread-safe queue with one reader.

    Answers wait until no command is left: an answer asked for during a load is made by the
    pipeline of the newest load.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._commands: deque[Command] = deque()
        self._answers: deque[Answer] = deque()
        self._is_closed = False

    def put(self, command: Command) -> None:
        """Queue a command. A load or unload replaces every load and unload that still waits."""
        with self._changed:
            if isinstance(command, Load | Unload):
                self._commands = deque(
                    other for other in self._commands if not isinstance(other, Load | Unload)
                )
            if not self._is_closed:
                self._commands.append(command)
                self._changed.notify()

    def put_unless_decided(self, load: Load) -> None:
        """Queue a load nobody asked for, unless a waiting load or unload says otherwise."""
        with self._changed:
            if not self.decides_load():
                self.put(load)

    def put_answer(self, answer: Answer) -> None:
        """Queue an answer behind those that wait."""
        with self._changed:
            self._answers.append(answer)
            self._changed.notify()

    def withdraw(self, answer: Answer) -> bool:
        """Take a waiting answer out again. Returns False when it does not wait (any more)."""
        with self._changed:
            if answer not in self._answers:
                return False
            self._answers.remove(answer)
            return True

    def decides_load(self) -> bool:
        """Tell whether something that waits decides what will be loaded: load, unload, close."""
        with self._changed:
            waiting = any(isinstance(command, Load | Unload) for command in self._commands)
            return self._is_closed or waiting

    def close(self) -> None:
        """Drop what waits and make `take` return None from now on."""
        with self._changed:
            self._is_closed = True
            self._commands.clear()
            self._changed.notify()

    def take(self) -> Command | Answer | None:
        """Wait for the next thing to do; None when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or self._commands or self._answers)
            if self._is_closed:
                return None
            return self._commands.popleft() if self._commands else self._answers.popleft()
