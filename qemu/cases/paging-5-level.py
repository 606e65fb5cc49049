# SPDX-License-Identifier: GPL-2.0-or-later
"""A CPU with 57-bit addresses, so that the crashed kernel has one level of page tables
more than in all other cases."""
from harness import host
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Lost


def check(guest: Guest) -> None:
	info = host.output("build/tools/readdump", "vmcoreinfo", guest.dump / "vmcore")
	if "NUMBER(pgtable_l5_enabled)=1" not in info.splitlines():
		raise Lost("the kernel did not use five levels")


CASE = Case(
	kernels="7.2",
	machine=Machine(cpu=",la57=on", no_reboot=True, read_here=True),
	target=Disk(),
	config=DISK, words=SMALL,
	facts={"filter_trusted": "true"}, check=check)
