# SPDX-License-Identifier: GPL-2.0-or-later
"""One image for a whole fleet, without a configuration: the capture kernel's command line
says it all."""
from harness.case import Case
from harness.machine import Disk, Images

CASE = Case(
	rare=True,
	images=Images(generic="no-config", append=["crashbox.target=disk:LABEL=crash:/crash",
						   "crashbox.level=29"]),
	target=Disk(),
	facts={"level.asked": "29", "target": "*disk:LABEL=crash*"})
