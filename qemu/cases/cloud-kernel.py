# SPDX-License-Identifier: GPL-2.0-or-later
"""Our capture kernel for instances of clouds, profile cloud, with the disks and the network card
that QEMU has of what it is made for: NVMe (AWS), virtio-scsi (Google), VMware's pvscsi and
vmxnet3. Nobody has the others here: ENA, gVNIC, Hyper-V, MANA, Xen. Needs make kernel
PROFILE=cloud, half an hour."""
from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.servers import Server

CARD = "vmxnet3"


def prepare(guest: Guest) -> None:
	guest.need_kernel("cloud-x86_64")
	guest.machine.reserve = "40M"
	if guest.variant != CARD:
		guest.strange_disk()


CASE = Case(
	rare=True, amd64_only="pvscsi and vmxnet3 are of PCs",
	variants=f"nvme virtio-scsi-pci pvscsi {CARD}",
	network=(CARD,), nic=CARD, server=Server("nfs4"),
	config=NETWORK, words=SMALL,
	facts={"target": "{target}"}, console=("Linux version [^ ]*-crashbox",),
	prepare=prepare)
