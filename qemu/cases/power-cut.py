# SPDX-License-Identifier: GPL-2.0-or-later
"""The power goes while the dump is being written to a slow disk. What had been reported
as saved or durable is there and whole; nothing looks whole that is not."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine


def check(guest: Guest) -> None:
	questions.incomplete(guest, 1, 2)
	questions.durable(guest)


CASE = Case(
	machine=Machine(power_cut=r"copy +[2-9][0-9]% \([1-9]"),
	target=Disk(speed=1500000),
	config=DISK, words=SMALL, back=0, leaves="log",
	facts={"valid.value": "false", "valid.reasons": "*not finished*", "dmesg_saved": "true"},
	check=check)
