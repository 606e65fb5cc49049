# SPDX-License-Identifier: GPL-2.0-or-later
"""Our capture kernel for servers, profile server-nfs, with the disks and the network card
that QEMU has of what it is made for; the kernel that crashes has none of their drivers.
Needs make kernel PROFILE=server-nfs, a quarter of an hour."""
import os

from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.servers import Server

CARD = "e1000e"


def prepare(guest: Guest) -> None:
	guest.need_kernel("server-nfs-x86_64")
	guest.machine.reserve = os.environ.get("RESERVE") or "32M"
	if guest.variant != CARD:
		guest.strange_disk()


CASE = Case(
	rare=True, variants=f"ahci nvme megasas-gen2 pvscsi {CARD}",
	network=(CARD,), nic=CARD, server=Server("nfs4"),
	config=NETWORK, words=SMALL,
	facts={"target": "{target}"}, console=("Linux version [^ ]*-crashbox",),
	prepare=prepare)
