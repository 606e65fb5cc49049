# SPDX-License-Identifier: GPL-2.0-or-later
"""How a case ends: each way is an exception with the reason, and an exit status."""


class Verdict(Exception):
	"""The end of a case, before its story is."""
	status = 2


class Failed(Verdict):
	"""Crashbox did wrong."""
	status = 1


class Lost(Verdict):
	"""The machine or the harness hung or broke, which is nobody's verdict."""
	status = 2


class Skipped(Verdict):
	"""What the case needs is not here."""
	status = 77


def word_of(status: int) -> str:
	"""What qemu/run calls a program's end; a signal is nobody's verdict either."""
	if status < 0:
		return "lost"
	return {0: "passed", 77: "skipped", 2: "lost"}.get(status, "failed")
