# SPDX-License-Identifier: GPL-2.0-or-later
"""Our own capture kernel, profile virt, in 18 MiB (arm64: 20), where a stock kernel has
crashed: on x86_64 the newest one with page tables of five levels, which ours has not."""
import os

from harness.case import DISK, Case
from harness.guest import Guest
from harness.machine import Disk


def prepare(guest: Guest) -> None:
	guest.need_kernel(f"virt-{guest.settings.cpu.of('name')}")
	least = "18M" if guest.settings.amd64 else "20M"
	guest.machine.reserve = os.environ.get("RESERVE") or least
	if guest.settings.amd64 and guest.settings.series == "7.2":
		guest.machine.cpu = ",la57=on"


CASE = Case(
	kernels="7.2 | 5.10 6.1 6.12",
	target=Disk(),
	config=DISK + "level 31",
	facts={"level.used": "31"}, console=("Linux version [^ ]*-crashbox",),
	prepare=prepare)
