# SPDX-License-Identifier: GPL-2.0-or-later
"""The ways to crash of qemu/crashes, and what each asks of the machine."""
import re
from dataclasses import dataclass
from typing import List

from harness import disks, host, net, servers, workloads
from harness.common import build_lab
from harness.guest import Guest
from harness.machine import Disk
from harness.verdict import Lost, Skipped

CRASHES = host.TOP / "qemu/crashes"
KERNELS = ("5.10", "6.1", "6.12", "7.2", "6.12-arm64", "7.2-arm64")	# that are crashed so


@dataclass(frozen=True)
class Way:
	"""A line of qemu/crashes."""
	name: str
	on: str
	words: List[str]
	says: str

	def word(self, begin: str) -> bool:
		return any(word.startswith(begin) for word in self.words)


def ways() -> List[Way]:
	"""All of them, in the order of the file."""
	rows = [re.split(r" +[|] +", line, maxsplit=3)
		for line in CRASHES.read_text().splitlines() if not line.startswith("#")]
	return [Way(row[0], row[1], row[2].split(), row[3]) for row in rows if len(row) == 4]


def way_of(name: str) -> Way:
	for way in ways():
		if way.name == name:
			return way
	raise Lost(f"qemu/crashes has no way '{name}'")


def prepare(guest: Guest, way: Way) -> None:
	"""What the way asks of the machine."""
	cpu = guest.settings.cpu.deb
	if way.on not in ("any", cpu):
		raise Skipped(f"{way.name} is for {way.on} only")
	if way.word("fk.cpu="):
		guest.machine.cpus = 4
	if way.word("fk.lab="):
		build_lab(guest)
	if way.word("fk.nfs="):
		nfs_server(guest)
	if way.word("fk.disk="):
		slow_disk(guest)
	if (way.word("fk.ask=") or way.word("fk.disk=")) and not guest.machine.hook:
		workloads.qmp(guest)


def nfs_server(guest: Guest) -> None:
	"""One that goes away when the guest asks for it."""
	network = guest.network or net.Net(guest)
	network.serve(servers.Server(kind="nfs4"))
	guest.images.host_modules += ["virtio_net", *net.NFS_MODULES]
	guest.machine.hook = '[ "$2" != cut ] || ip link set v0 down'


def slow_disk(guest: Guest) -> None:
	"""An ext4 on a disk that the capture kernel has no driver of, so that it may hang."""
	disks.make(guest.folder, "slow", Disk(size="64M"))
	guest.images.host_modules += ["virtio_scsi", "sd_mod", "dm_mod"]
	guest.machine.devices.append(
		f"-drive if=none,id=slow,file={guest.folder}/slow,format=raw,cache=unsafe "
		"-device virtio-scsi-pci,id=hba -device scsi-hd,bus=hba.0,drive=slow,serial=slow")
