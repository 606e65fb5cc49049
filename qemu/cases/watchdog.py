# SPDX-License-Identifier: GPL-2.0-or-later
"""A watchdog device, its driver in the image before those of the disks: crashbox arms it,
keeps it quiet while it works, and leaves it armed for the reboot."""
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Images, Machine


def prepare(guest: Guest) -> None:
	guest.set(series="6.12")	# Debian's older cloud kernels have no driver for it


CASE = Case(
	amd64_only="no driver for a watchdog that QEMU's arm64 board has",
	machine=Machine(no_reboot=True, read_here=True,
			devices=["-device i6300esb", "-action watchdog=pause"]),
	images=Images(modules=["i6300esb"]),
	target=Disk(),
	config=DISK, words=SMALL, back=90,
	console=("crashbox: watchdog armed",), prepare=prepare)
