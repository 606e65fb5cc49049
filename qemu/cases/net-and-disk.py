# SPDX-License-Identifier: GPL-2.0-or-later
"""Two good targets: the first has the dump, the second the log, and a manifest that says
where the dump is. The first one has a budget of its own."""
from harness import questions
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.servers import Server


def check(guest: Guest) -> None:
	questions.logged(guest, out="out-disk")
	questions.no_vmcore(guest)
	questions.facts(guest, dmesg_saved="true", valid__value="false",
			complete__value="false",
			valid__reasons="*the dump is in target 1, nfs4:*")


CASE = Case(
	rare=True,
	network=True, server=Server("nfs4"), target=Disk(), machine=Machine(read_here=True),
	config="{net}\ntarget {target}\nbudget 60\n" + DISK + "{login}deadline 90",
	words=SMALL,
	console=("target 2 has the dmesg and no dump",),
	check=check)
