# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture process dies in the middle of the dump: so many workers that the kernel
takes it for want of memory. The next one has one worker, and saves all; the manifest says
who died and when, and what the log of the crash told the one that died."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.machine import Disk, Machine

CASE = Case(
	machine=Machine(no_reboot=True, read_here=True),
	target=Disk(size="1500M"),
	config=DISK + "level 0\ncodec none\nworkers 256",
	words=SMALL, back=120,
	facts={"dmesg_saved": "true",
	       "panic": "Kernel panic - not syncing: sysrq triggered crash",
	       "errors": "*the capture process died (signal 9) in stage copy*"},
	console=("Killed process",),
	check=lambda guest: questions.at_least(guest, "dmesg_records", 101))
