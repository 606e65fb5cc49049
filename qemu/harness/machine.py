# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine that crashes: what a case may change of it, and its QEMU options."""
from dataclasses import dataclass, field
from pathlib import Path
from typing import List

from harness.settings import Settings


@dataclass
class Disk:
	"""An ext4, xfs or btrfs; its label is its role: the target's is "crash"."""
	fs: str = "ext4"
	size: str = "400M"
	mkfs: List[str] = field(default_factory=list)	# more words for mkfs
	on: str = "virtio"	# or nvme, ahci, or a SCSI controller by QEMU's name
	speed: int = 0		# bytes per second that it takes, 0: as it can
	words: str = ""		# more of its -drive
	hangs_after: int = 0	# bytes to and from it, then it answers nothing any more


@dataclass
class Machine:
	"""What a case may change before its first start; empty means the usual one."""
	memory: str = ""
	reserve: str = ""	# crashkernel=
	cpu: str = ""		# behind QEMU's name of the CPU: ",la57=on"
	cpus: int = 2
	first_args: List[str] = field(default_factory=list)	# for the crashing kernel
	devices: List[str] = field(default_factory=list)	# more QEMU options
	arm_seconds: int = 120	# until it can crash
	capture_seconds: int = 0
	hook: str = ""		# for qemu/session
	share_ram: bool = False	# its memory is a file, "ram"
	console: str = ""	# xoff, deaf: what befalls it, see qemu/bad-console
	no_reboot: bool = False	# the guest's reset ends QEMU, nothing boots after it
	read_here: bool = False	# its disks (ext4, btrfs) are read on this host, not in the guest
	power_cut: str = ""	# when the console has said that, the power goes


@dataclass
class Images:
	"""What a case may change of the capture image and of the first kernel's."""
	# A generic image, packed with this codec, with the configuration appended; no-config:
	# the command line has it all; here: made in the guest, for what the guest finds there.
	generic: str = ""
	copies_vmcore: bool = False	# no crashbox in it: /proc/vmcore to a disk "raw"
	append: List[str] = field(default_factory=list)	# to the capture kernel's command line
	modules: List[str] = field(default_factory=list)	# in it, before those of disks
	host_modules: List[str] = field(default_factory=list)	# of the first kernel's network
	files: List[str] = field(default_factory=list)	# cpio list lines for its image


DISKS = ("state", "out", "target", "second", "raw", "work-ext4", "work-xfs")


@dataclass(frozen=True)
class Board:
	"""Where a machine finds what it starts with."""
	folder: Path
	settings: Settings
	kernel: Path		# of qemu/fetch-kernel
	tcg_threads: str
	host: str		# what the crashed kernel calls itself


def drive(folder: Path, name: str, disk: Disk) -> List[str]:
	"""One raw disk, known to the guest by its serial number."""
	file, limit = str(folder / name), ""
	if name == "target":
		limit = f",throttling.bps-write={disk.speed}{disk.words}"
		if disk.hangs_after:
			# A byte per second; QEMU lets go of what waits at the guest's reset.
			limit = (f",throttling.bps-total=1,"
				 f"throttling.bps-total-max={disk.hangs_after}")
		if (folder / "faults").is_file():
			file = f"blkdebug:{folder}/faults:{file}"
	on = {"virtio": f"-device virtio-blk-pci,drive={name},serial={name}",
	      "nvme": f"-device nvme,drive={name},serial={name}",
	      "ahci": f"-device ich9-ahci,id=hba "
		      f"-device ide-hd,bus=hba.0,drive={name},serial={name}"}
	scsi = f"-device {disk.on},id=hba -device scsi-hd,bus=hba.0,drive={name},serial={name}"
	return [f"-drive if=none,id={name},file={file},format=raw,cache=unsafe,"
		f"werror=report{limit}", on.get(disk.on, scsi)]


def console_options(machine: Machine, ports: str) -> List[str]:
	"""First port: console, a log for people. Second: the channel, which gives the verdict;
	where the machine has but one port, the other is a PCI card."""
	lines = ["-serial file:console.log"]
	if machine.console:
		lines = ["-chardev pipe,id=console,path=console -serial chardev:console"]
	port = "-device pci-serial,chardev=channel" if ports == "1" else "-serial chardev:channel"
	return lines + [f"-chardev socket,id=channel,path=channel {port}"]


def qemu_options(board: Board, machine: Machine, target: Disk) -> List[str]:
	"""All but the kernel's words; none has a blank inside."""
	cpu, folder = board.settings.cpu, board.folder
	kind = cpu.of("machine")
	lines = [f"qemu-system-{cpu.of('qemu')}" + (f" -machine {kind}" if kind else ""),
		 "-nodefaults -no-user-config -display none",
		 # /dev/kvm may be there and hang; TCG is the same everywhere.
		 f"-accel tcg,thread={board.tcg_threads} "
		 f"-cpu {board.settings.cpu_words}{machine.cpu} "
		 f"-smp {machine.cpus} -m {machine.memory}"]
	if machine.share_ram:
		lines += [f"-object memory-backend-file,id=ram,size={machine.memory},share=on,"
			  f"mem-path={folder}/ram", "-machine memory-backend=ram"]
	lines += console_options(machine, cpu.of("ports"))
	if machine.no_reboot:
		lines.append("-action reboot=shutdown")
	lines += machine.devices
	for name in DISKS:
		if (folder / name).is_file():
			lines += drive(folder, name, target if name == "target" else Disk())
	lines.append(f"-kernel {board.kernel}/vmlinuz -initrd {folder}/initrd")
	return " ".join(lines).split()


def first_kernel_args(settings: Settings, machine: Machine) -> List[str]:
	"""For the kernel that crashes; on a busy host some would panic by themselves."""
	cpu = settings.cpu
	return [f"console={cpu.of('console')}", "panic=10", *cpu.of("args").split(),
		*machine.first_args]
