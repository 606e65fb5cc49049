# SPDX-License-Identifier: GPL-2.0-or-later
"""A btrfs that is too small for the dump, and is filled up to the last block: the log and the
report are there, nothing that looks like a dump, and a manifest that says it is not whole. A
newer one cannot be made there any more, for btrfs writes nothing in place."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.machine import Disk, Machine

CASE = Case(
	rare=True, machine=Machine(no_reboot=True, read_here=True),
	target=Disk("btrfs", "18M", mkfs=["--mixed"]),
	config=DISK, words=SMALL, leaves="log",
	facts={"dmesg_saved": "true", "complete.value": "false", "valid.value": "false"},
	console=("manifest not saved: .*No space left on device",),
	check=questions.no_vmcore)
