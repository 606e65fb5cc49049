# SPDX-License-Identifier: GPL-2.0-or-later
"""Ways to be wrong, for qemu/cases/promise.py: a row each, and a function for what it
takes.

All of a row's machine that its function does not change is right.
"""
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from harness import disks, host
from harness import ways_net as net
from harness.machine import Disk
from harness.wrong import LOADED, Wrong


@dataclass(frozen=True)
class Way:
	name: str
	target: str		# its kind: disk, nfs4, sftp
	crash: str		# what it leaves: saved, log, lost, alive: the kernel goes on
	grade: str		# of the row of status that tells it
	row: str
	text: str		# a regular expression for a part of that row
	act: Callable[[Wrong], None]


FEW_INODES = "400"	# of 400 MiB: mke2fs makes no fewer
NO_UUID = "01234567-89ab-cdef-0123-456789abcdef"


def nothing(wrong: Wrong) -> None:
	"""All is right."""


# ---- the machine ----

def no_crashkernel(wrong: Wrong) -> None:
	wrong.guest.machine.reserve = "0M"
	wrong.load_by_hand()


def too_small(wrong: Wrong) -> None:
	wrong.guest.machine.reserve = "16M"
	wrong.load_by_hand()


def no_memory(wrong: Wrong) -> None:
	wrong.guest.machine.reserve = "62M"


def oops_goes_on(wrong: Wrong) -> None:
	wrong.crash = "nullderef"
	wrong.words.append("fk.oops=0")
	wrong.before("put /proc/sys/kernel/panic_on_oops 0")


def no_service(wrong: Wrong) -> None:
	wrong.service = False


def short_deadline(wrong: Wrong) -> None:
	"""Of a disk on which no host, however fast, writes a dump in that time."""
	wrong.guest.target.speed = 800000
	wrong.says(f"target {wrong.target}", "deadline 12", "stall 6")


def kdump_beside(wrong: Wrong) -> None:
	wants = "etc/systemd/system/multi-user.target.wants"
	for folder in ("etc/systemd", "etc/systemd/system", wants):
		wrong.file(f"dir {folder} 755")
	wrong.file(f"file {wants}/kdump.service 644 {host.TOP}/initramfs/install/crashbox.service")


def unfed_watchdog(wrong: Wrong) -> None:
	"""A disk that takes a minute and more, and a watchdog that does not wait as long.
	Debian's older cloud kernels have no driver for it."""
	wrong.guest.machine.devices += ["-device i6300esb", "-action watchdog=reset"]
	wrong.guest.images.host_modules.append("i6300esb")
	wrong.guest.target.speed = 800000
	wrong.before("guard 60")


def fed_watchdog(wrong: Wrong) -> None:
	unfed_watchdog(wrong)
	wrong.drivers.insert(0, "i6300esb")


def lockdown(wrong: Wrong) -> None:
	wrong.guest.machine.first_args.append("lockdown=integrity")
	wrong.load_by_hand()


# ---- the files ----

def no_fs_module(wrong: Wrong) -> None:
	wrong.disk(Disk("xfs"))
	# Nothing will be there to be read, and no ext4 to read it from.
	wrong.path("out").mkdir()
	wrong.path("out-disk").mkdir()
	wrong.drivers = ["virtio_pci", "virtio_blk"]


def no_disk_module(wrong: Wrong) -> None:
	wrong.drivers = ["virtio_pci", "ext4"]


def other_modules(wrong: Wrong) -> None:
	wrong.modules_of = "6.12"


def other_image(wrong: Wrong) -> None:
	wrong.before("put /capture/initrd damaged")


def failed_load(wrong: Wrong) -> None:
	"""A second load whose image is too large: the kernel has let go of the first one by
	then."""
	host.blank(wrong.path("big"), "48M")
	wrong.guest.machine.reserve = "90M"
	wrong.file(f"file capture/big 644 {wrong.path('big')}")
	wrong.before(f"{LOADED} /capture/big")


def failed_load_twice(wrong: Wrong) -> None:
	"""And the file by the first one's name is another by now."""
	other_image(wrong)
	failed_load(wrong)


def append_target(wrong: Wrong) -> None:
	wrong.guest.images.append.append("crashbox.target=disk:LABEL=nobody:/crash")


def append_level(wrong: Wrong) -> None:
	wrong.guest.images.append.append("crashbox.level=99")


def append_rdinit(wrong: Wrong) -> None:
	wrong.guest.images.append.append("rdinit=/bin/crashbox")


def broken_line(wrong: Wrong) -> None:
	wrong.by_hand(f"target {wrong.target}", "levle 17")


def broken_target(wrong: Wrong) -> None:
	wrong.by_hand("target dsik:LABEL=crash:/crash")


def empty_image(wrong: Wrong) -> None:
	wrong.is_by_hand, wrong.by_hand_files = True, ["dir etc 755"]


def changed_agent(wrong: Wrong, data: bytes) -> None:
	wrong.agent = wrong.path("init")
	wrong.agent.write_bytes(data)
	wrong.agent.chmod(0o755)


def old_init(wrong: Wrong) -> None:
	changed_agent(wrong, re.sub(rb"\0crashbox 0\.[0-9.]*\0", b"\0crashbox 0.0.9\0",
				    wrong.agent.read_bytes()))


def other_cpu(wrong: Wrong) -> None:
	data = bytearray(wrong.agent.read_bytes())
	data[18:20] = b"\xb7\0"	# e_machine: EM_AARCH64
	changed_agent(wrong, bytes(data))


def no_exec(wrong: Wrong) -> None:
	wrong.by_hand(f"target {wrong.target}")
	wrong.by_hand_files.append(f"file init 644 {wrong.guest.settings.binary}")


# ---- the disk ----

def before(verb: str) -> Callable[[Wrong], None]:
	return lambda wrong: wrong.before(verb)


def says(*lines: str) -> Callable[[Wrong], None]:
	return lambda wrong: wrong.says(*lines)


def begins_with(path: Path, data: bytes) -> None:
	with open(path, "r+b") as file:
		file.write(data)


def other_fs(wrong: Wrong) -> None:
	begins_with(wrong.path("target"), bytes(4 * 4096))
	wrong.path("out").mkdir()	# there is nothing to be read
	wrong.says("target disk:/dev/vdb:/crash")


def encrypted(wrong: Wrong) -> None:
	other_fs(wrong)
	begins_with(wrong.path("target"), b"LUKS\xba\xbe\0\2")


def ext4_quota(wrong: Wrong) -> None:
	wrong.disk(Disk(mkfs=["-O", "quota"]))


def own_quota(wrong: Wrong) -> None:
	"""On our own kernel, which has no modules."""
	wrong.guest.set(capture_kernel=None)
	wrong.guest.need_kernel("virt-x86_64")
	wrong.disk(Disk(mkfs=["-O", "quota,project,casefold"]))


def full(wrong: Wrong) -> None:
	wrong.disk(Disk(size="12M", mkfs=["-m", "0"]))


def no_names(wrong: Wrong) -> None:
	"""Room for bytes, and not for a single file more."""
	for nr in range(int(FEW_INODES) - 11):	# ext4 keeps as many
		wrong.guest.write(f"seed/{nr}", "")
	wrong.disk(Disk(mkfs=["-N", FEW_INODES, "-d", str(wrong.path("seed"))]))


def crash_loop(wrong: Wrong) -> None:
	"""Three crashes of the last minutes, each with a dump, of boots as short as this one."""
	for ago in (300, 600, 900):
		when = time.strftime("%Y-%m-%d-%H:%M:%S", time.gmtime(time.time() - ago))
		old = f"seed/crash/{wrong.guest.host}-{when}"
		wrong.guest.write(f"{old}/vmcore", "old\n")
		wrong.guest.write(f"{old}/manifest.json", '{ "uptime_seconds": 60 }\n')
	wrong.disk(Disk(mkfs=["-d", str(wrong.path("seed"))]))
	wrong.says(f"target {wrong.target}", "crash_loop 3 in 2h")


def no_room(wrong: Wrong) -> None:
	wrong.disk(Disk(size="150M"))
	wrong.says(f"target {wrong.target}", "level 0", "deadline 90")


def file_system_errors(wrong: Wrong) -> None:
	host.output("debugfs", "-w", "-R", "ssv state 2", wrong.path("target"))


def two_labels(wrong: Wrong) -> None:
	disks.second(wrong.guest.folder, "400M")
	host.output("tune2fs", "-L", "crash", wrong.path("second"))


def write_protected(wrong: Wrong) -> None:
	wrong.guest.target.words = ",readonly=on"


def first_broken(wrong: Wrong) -> None:
	wrong.says("target disk:LABEL=nobody:/crash", f"target {wrong.target}", "deadline 300")


WAYS = (
	Way("good", "disk", "saved", "ok", "target", "ext4 on /dev/vd., not mounted", nothing),
	Way("no-crashkernel", "disk", "lost", "fail", "reserved",
	    "no memory is reserved", no_crashkernel),
	Way("not-loaded", "disk", "lost", "fail", "loaded",
	    "no capture kernel is loaded", before("unload")),
	Way("too-small", "disk", "lost", "fail", "loaded",
	    "no capture kernel is loaded", too_small),
	Way("no-memory", "disk", "lost", "fail", "reserved",
	    "62 MiB, and .* is the least that was seen", no_memory),
	Way("no-fs-module", "disk", "lost", "fail", "drivers",
	    "the targets need xfs", no_fs_module),
	Way("no-disk-module", "disk", "lost", "fail", "drivers",
	    "the targets need virtio_blk", no_disk_module),
	Way("other-modules", "disk", "lost", "fail", "drivers",
	    "are of Linux 6.12.*, which takes none of them", other_modules),
	Way("wrong-label", "disk", "lost", "fail", "target",
	    "no disk LABEL=nobody here", says("target disk:LABEL=nobody:/crash")),
	Way("wrong-device", "disk", "lost", "fail", "target",
	    "no disk /dev/vdz here", says("target disk:/dev/vdz:/crash")),
	Way("no-such-uuid", "disk", "lost", "fail", "target",
	    "no disk UUID=.* here", says(f"target disk:UUID={NO_UUID}:/crash")),
	Way("other-fs", "disk", "lost", "fail", "target", "none of ext4, xfs, btrfs", other_fs),
	Way("encrypted", "disk", "lost", "fail", "target", "none of ext4, xfs, btrfs", encrypted),
	Way("ext4-quota", "disk", "saved", "ok", "target",
	    "ext4 on /dev/vd., not mounted", ext4_quota),
	Way("own-quota", "disk", "saved", "ok", "target",
	    "ext4 on /dev/vd., not mounted", own_quota),
	Way("full", "disk", "log", "fail", "target", "only .* are free", full),
	Way("no-names", "disk", "lost", "fail", "target", "more files can be made", no_names),
	Way("crash-loop", "disk", "log", "fail", "target",
	    "crash loop: 3 crashes within 2h", crash_loop),
	Way("short-deadline", "disk", "log", "warn", "deadline",
	    "12 s, and a dump of .* which is assumed", short_deadline),
	Way("file-system-errors", "disk", "saved", "warn", "target",
	    "has written down", file_system_errors),
	Way("two-labels", "disk", "saved", "warn", "target",
	    "more than one disk is called so", two_labels),
	Way("by-name", "disk", "saved", "warn", "target",
	    "of 2 disks each boot calls another one so", says("target disk:/dev/vdb:/crash")),
	Way("unfed-watchdog", "disk", "log", "fail", "watchdog", "need i6300esb", unfed_watchdog),
	Way("fed-watchdog", "disk", "saved", "ok", "watchdog", "drivers", fed_watchdog),
	Way("kdump-beside", "disk", "saved", "warn", "others",
	    "kdump.service is enabled", kdump_beside),
	Way("no-room", "disk", "log", "warn", "target", "a dump at level 0 may take", no_room),
	Way("read-only", "disk", "saved", "warn", "target",
	    "mounted read-only", before("mount-ro target /srv")),
	Way("write-protected", "disk", "lost", "fail", "target",
	    "write-protected", write_protected),
	Way("changed-config", "disk", "saved", "warn", "inside",
	    "another configuration",
	    before("put /etc/crashbox.conf target disk:LABEL=nobody:/crash")),
	Way("broken-line", "disk", "saved", "warn", "inside",
	    "line 2: .*: passed over", broken_line),
	Way("broken-target", "disk", "lost", "fail", "inside", "no target", broken_target),
	Way("empty-image", "disk", "lost", "fail", "inside", "no target", empty_image),
	Way("append-target", "disk", "lost", "fail", "target",
	    "disk:LABEL=nobody:/crash: no disk", append_target),
	Way("append-level", "disk", "saved", "warn", "inside",
	    "level: .*passed over", append_level),
	Way("append-rdinit", "disk", "lost", "fail", "cmdline",
	    "'rdinit=/bin/crashbox' is on the capture", append_rdinit),
	Way("no-image-file", "disk", "saved", "warn", "image",
	    "No such file", before("remove /capture/initrd")),
	Way("other-image", "disk", "saved", "warn", "image", "is not what is loaded", other_image),
	Way("other-kernel", "disk", "saved", "warn", "kernel",
	    "is not what is loaded", before("put /capture/vmlinuz damaged")),
	Way("failed-load", "disk", "saved", "ok", "loaded", "by syscall", failed_load),
	Way("failed-load-twice", "disk", "lost", "fail", "loaded",
	    "no capture kernel is loaded", failed_load_twice),
	Way("old-init", "disk", "saved", "warn", "init", "crashbox 0.0.9", old_init),
	Way("other-cpu", "disk", "lost", "fail", "init", "for another CPU", other_cpu),
	Way("no-exec", "disk", "lost", "fail", "init", "may not be executed", no_exec),
	Way("first-broken", "disk", "saved", "fail", "target",
	    "no disk LABEL=nobody here", first_broken),
	Way("oops-goes-on", "disk", "alive", "warn", "panic", "kills a process only", oops_goes_on),
	Way("no-service", "disk", "saved", "warn", "boot",
	    "nothing loads at the next boot", no_service),
	Way("lockdown", "disk", "lost", "fail", "lockdown",
	    "only a signed kernel may be loaded", lockdown),
	Way("net-good", "nfs4", "saved", "ok", "target", "are free", nothing),
	Way("ssh-good", "sftp", "saved", "ok", "target", "are free", nothing),
	Way("no-net-line", "nfs4", "lost", "fail", "network",
	    "nothing in .* sets up a network", net.no_net_line),
	Way("no-card-driver", "nfs4", "lost", "fail", "network", "virtio_net", net.no_card_driver),
	Way("no-such-card", "nfs4", "lost", "fail", "network",
	    "no interface here has this MAC", net.no_such_card),
	Way("other-card", "nfs4", "lost", "warn", "network",
	    "10.0.2.2 is reached over eth. now", net.other_card),
	Way("other-network", "nfs4", "lost", "fail", "network",
	    "no net line leads to 10.0.2.2", net.other_network),
	Way("wrong-gateway", "nfs4", "lost", "warn", "network",
	    "gateway 10.0.2.99: nobody answers", net.wrong_gateway),
	Way("good-dhcp", "nfs4", "saved", "ok", "target", "are free", net.good_dhcp),
	Way("no-dhcp", "nfs4", "lost", "warn", "network", "no server offers an address",
	    net.no_dhcp),
	Way("no-nfs-module", "nfs4", "lost", "fail", "drivers",
	    "the targets need nfs", net.no_nfs_module),
	Way("not-exported", "nfs4", "lost", "fail", "target",
	    "nfs4:10.0.2.2:/nowhere", net.not_exported),
	Way("no-server", "nfs4", "lost", "fail", "target", "refused", net.no_server),
	Way("black-hole", "nfs4", "lost", "fail", "target", "10.0.2.66", net.black_hole),
	Way("not-insecure", "nfs4", "lost", "fail", "inside", "NFS does not prove",
	    net.not_insecure),
	Way("no-address", "nfs4", "lost", "fail", "inside", "server.example", net.no_address),
	Way("read-only-nfs", "nfs4", "lost", "fail", "target", "cannot write there",
	    net.read_only_nfs),
	Way("full-nfs", "nfs4", "log", "fail", "target", "only .* are free", net.full_nfs),
	Way("no-client", "sftp", "lost", "fail", "ssh", "/bin/ssh is not in", net.no_client),
	Way("no-key", "sftp", "lost", "fail", "ssh", "the key .* is not in", net.no_key),
	Way("wrong-host-key", "sftp", "lost", "fail", "target", "[Hh]ost key", net.wrong_host_key),
	Way("wrong-key", "sftp", "lost", "fail", "target", "denied", net.wrong_key),
	Way("no-host-key", "sftp", "lost", "fail", "inside", "ssh_host_key", net.no_host_key),
	Way("no-folder-there", "sftp", "lost", "fail", "target",
	    "cannot write there", net.read_only_nfs),
)
