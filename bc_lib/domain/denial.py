"""A refusal: one code for programs, one sentence for people, the same in page, command, log and audit."""

from __future__ import annotations


class Denial(Exception):
    """An act was refused and nothing was changed, or only what the sentence says.

    `code` is UPPER_SNAKE and stable; `sentence` says why, and what to do.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def __repr__(self) -> str:
        return f"Denial({self.code!r}, {self.sentence!r})"
