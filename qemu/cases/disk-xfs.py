# SPDX-License-Identifier: GPL-2.0-or-later
"""PID 1 of the machine dies; the dump goes to xfs, whose modules the agent must load."""
from harness.case import Case
from harness.machine import Disk

CASE = Case(
	kernels="7.2-arm64 | 6.1",
	target=Disk("xfs", "600M"),
	config="target disk:LABEL=crash:/",
	words=("fk.crash=initexit",),
	at="", says=("Attempted to kill init",))
