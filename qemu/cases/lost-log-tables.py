# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the kernel says its log's tables are, they are not: memory is searched for the
log itself. Every message is there in its order, without its time."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.common import overwrite
from harness.guest import Guest
from harness.machine import Disk, Machine


def check(guest: Guest) -> None:
	questions.find_dump(guest)
	questions.whole_dump(guest)
	questions.fact(guest, "dmesg_salvaged", "true")
	questions.dmesg_salvaged(guest, "sysrq triggered crash")


CASE = Case(
	machine=Machine(share_ram=True, no_reboot=True, read_here=True),
	target=Disk(), config=DISK, words=SMALL, leaves="",
	prepare=overwrite("OFFSET(prb_desc_ring.descs)=8", "OFFSET(prb_desc_ring.descs)=0"),
	check=check)
