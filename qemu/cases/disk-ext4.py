# SPDX-License-Identifier: GPL-2.0-or-later
"""The main road: sysrq panic, a labelled ext4 that the crashed system had mounted."""
from harness.case import DISK, Case
from harness.machine import Disk

CASE = Case(
	kernels="6.1 6.12-arm64",
	target=Disk(),
	config=DISK + "level 31",
	says=("sysrq triggered crash", "Comm: selfdestruct"),
	facts={"level.asked": "31", "level.used": "31", "codec": "zstd",
	       "target": "*disk:LABEL=crash*"})
