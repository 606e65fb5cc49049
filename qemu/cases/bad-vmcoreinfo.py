# SPDX-License-Identifier: GPL-2.0-or-later
"""VMCOREINFO was overwritten before the crash: with a page structure of an absurd size
nothing can be filtered. All pages but those of zeros are kept, and this is said."""
from harness.case import DISK, Case
from harness.common import overwrite
from harness.machine import Disk, Machine

CASE = Case(
	machine=Machine(memory="512M", share_ram=True, no_reboot=True, read_here=True),
	target=Disk(size="900M"),
	config=DISK + "level 31",
	back=120,
	facts={"level.asked": "31", "level.used": "1", "filter_trusted": "false"},
	prepare=overwrite("SIZE(page)=64", "SIZE(page)=03"))
