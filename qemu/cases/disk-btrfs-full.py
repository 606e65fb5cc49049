# SPDX-License-Identifier: GPL-2.0-or-later
"""A btrfs that is too small for the dump: the log is there, and why there is no vmcore."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.machine import Disk, Machine

CASE = Case(
	rare=True, machine=Machine(no_reboot=True, read_here=True),
	target=Disk("btrfs", "18M", mkfs=["--mixed"]),
	config=DISK, words=SMALL, leaves="log",
	facts={"dmesg_saved": "true", "complete.value": "false", "complete.reasons": "*o space*"},
	check=questions.no_vmcore)
