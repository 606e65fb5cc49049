# SPDX-License-Identifier: GPL-2.0-or-later
"""Several CPUs in the capture kernel, of four, after a crash on the boot CPU and on another
one: WHOSE-CRASHED-STARTED. Those that may be started come up, all of them pack, and the dump is
whole; the boot CPU is left out where it is not the one that crashed."""
import os
import re

from harness import questions
from harness.case import DISK, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.verdict import Failed

N_CPUS = 4


def of(guest: Guest, nr: int) -> str:
	return guest.variant.split("-")[nr]


def prepare(guest: Guest) -> None:
	if of(guest, 0) == "own":
		guest.need_kernel(f"virt-{guest.settings.cpu.of('name')}")
		least = "17M" if of(guest, 2) == "2" else "28M"
		guest.machine.reserve = os.environ.get("RESERVE") or least
	guest.images.append.append(f"nr_cpus={of(guest, 2)}")
	guest.machine.first_args.append(f"fk.cpu={of(guest, 1)}")


def check(guest: Guest) -> None:
	# arm64 can start whatever CPU was switched off.
	left_out = guest.settings.amd64 and of(guest, 1) != "0"
	wanted = min(int(of(guest, 2)), N_CPUS - left_out)
	# The first such line is the crashed kernel's.
	up = re.findall(r"smp: Brought up 1 node, (\d+) CPU", questions.consoles(guest))
	if up[1:] != [str(wanted)]:
		raise Failed(f"{up[1:]} CPUs came up, wanted {wanted}")
	questions.fact(guest, "workers", str(wanted))


CASE = Case(
	rare=True,	# several CPUs are for who asks for them
	variants="stock-3-2 | stock-0-2 stock-0-4 stock-3-4 own-0-2 own-0-4 own-3-2 own-3-4",
	kernels="6.1 | 6.12",
	machine=Machine(cpus=N_CPUS, no_reboot=True, read_here=True),
	target=Disk(),
	config=DISK + "level 31",
	words=("fk.crash=sysrq", "fk.cache=0"),
	prepare=prepare, check=check)
