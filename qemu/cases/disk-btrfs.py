# SPDX-License-Identifier: GPL-2.0-or-later
"""The target is a btrfs: on one device, or a mirror of two, of which the capture kernel knows
the second only when it is told of it. The image is made by the machine itself, with the
modules that its kernel has for that."""
from harness import disks, host
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Images, Machine


def prepare(guest: Guest) -> None:
	guest.target = Disk("btrfs", "300M")
	if guest.variant == "pair":
		part = guest.path("part")
		host.blank(part, guest.target.size)
		guest.machine.devices += [
			"-drive", f"if=none,id=part,file={part},format=raw,cache=unsafe",
			"-device", "virtio-blk-pci,drive=part,serial=part"]
		guest.target.mkfs += ["-d", "raid1", "-m", "raid1", str(part)]
	disks.target(guest.folder, guest.target)


CASE = Case(
	variants="one | pair",
	machine=Machine(no_reboot=True, read_here=True), images=Images(generic="here"),
	config=DISK, words=SMALL, prepare=prepare)
