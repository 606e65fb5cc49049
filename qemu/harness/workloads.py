# SPDX-License-Identifier: GPL-2.0-or-later
"""The sets of memory that a kernel can have when it crashes, and what the machine must be
like.

The guest's part of it is in first-kernel/workload.c. What the guest made is in "made"
afterwards, one "made KIND pages=N ..." or "skipped KIND: REASON" per line.
	small		a little of most; what cases have that are about something else
	mixed		page cache of ext4 and xfs, tmpfs, shared, huge, locked, merged,
			swapped and freed memory, slab, pipes, zram
	huge		hugetlb pages of 2 MiB and 1 GiB
	hvo		the same with hugetlb_free_vmemmap=on
	numa-hotplug	two nodes, a balloon, and a DIMM that came after the capture kernel
			was loaded, which is then loaded again
	numa-refresh	the same, but the kernel itself brings the headers up to date
	log		a log of odd lines that went around its ring twice
	poison		pages of all kinds that the kernel was told are broken
	threads		50,000 threads that sleep
	plain		user memory, in use and freed, of a kernel that can do little else
"""
import re
import shlex
from pathlib import Path
from typing import Callable, Dict

from harness import disks, host, questions
from harness.guest import Guest
from harness.machine import Disk
from harness.verdict import Failed, Lost, Skipped

HUGE_ARGS = "hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=32".split()


def needs(guest: Guest, config: str) -> None:
	"""Skip where the kernel was not built with it."""
	series = guest.settings.series
	kernel = Path(host.output("qemu/fetch-kernel", series, guest.settings.cpu.deb).strip())
	if not re.search(rf"^(?:{config})=y$", host.read(kernel / "config"), re.M):
		raise Skipped(f"workload {guest.workload}: Linux {series} has no {config}")


def qmp(guest: Guest) -> None:
	"""The guest may ask for what qemu/qmp can do."""
	guest.machine.devices.append("-qmp unix:qmp,server=on,wait=off")
	guest.machine.hook = f"{host.TOP}/qemu/qmp {shlex.quote(str(guest.folder))} \"$@\""


def nodes(guest: Guest) -> None:
	"""Two nodes with a CPU and 512 MiB each, and a third for memory to come."""
	if not guest.settings.amd64:
		raise Skipped("QEMU's arm64 machine takes DIMMs only with UEFI")
	machine = guest.machine
	machine.memory = "1G,slots=2,maxmem=4G"
	for node in (0, 1):
		machine.devices += [f"-object memory-backend-ram,id=node{node},size=512M",
				    f"-numa node,nodeid={node},cpus={node},memdev=node{node}"]
	machine.devices.append("-numa node,nodeid=2 -device virtio-balloon-pci")
	qmp(guest)


def mixed(guest: Guest) -> None:
	for fs, size in (("ext4", "96M"), ("xfs", "320M")):
		disks.make(guest.folder, f"work-{fs}", Disk(fs, size))


def huge(guest: Guest) -> None:
	if guest.settings.amd64:
		guest.machine.cpu += ",+pdpe1gb"
	guest.machine.memory = "3G"
	guest.machine.first_args += HUGE_ARGS


def hvo(guest: Guest) -> None:
	huge(guest)
	needs(guest, "CONFIG_HUGETLB_PAGE_(?:FREE|OPTIMIZE)_VMEMMAP")
	guest.machine.first_args.append("hugetlb_free_vmemmap=on")


def threads(guest: Guest) -> None:
	"""Each has a kernel stack of 16 KiB and nearly as much around it."""
	guest.machine.memory = "3G"


def numa_refresh(guest: Guest) -> None:
	needs(guest, "CONFIG_CRASH_HOTPLUG")
	nodes(guest)


WORKLOADS: Dict[str, Callable[[Guest], None]] = {
	"small": lambda guest: None,
	"plain": lambda guest: None,
	"log": lambda guest: None,
	"mixed": mixed,
	"huge": huge,
	"hvo": hvo,
	"numa-hotplug": nodes,
	"numa-refresh": numa_refresh,
	"threads": threads,
	"poison": lambda guest: needs(guest, "CONFIG_MEMORY_FAILURE"),
}


def prepare(guest: Guest, name: str) -> None:
	if name not in WORKLOADS:
		raise Lost(f"no workload '{name}'; there are {' '.join(WORKLOADS)}")
	guest.workload = name
	WORKLOADS[name](guest)


# ---- is what it made in the dump, or not? ----

USER = "anon thp mthp locked swapped node0 node1 hotadded hugetlb2m hugetlb1g"
CACHE = ("shared sysv memfd tmpfs tmpfshuge ext4clean ext4written ext4dirty "
	 "xfsclean xfswritten xfsdirty")
KERNEL = "dentry msg xattr pipe hotpipe zramdense".split()
POISON = "poisonanon poisonsoft poisonthp poisonfile poisonhugetlb poisonslab"


def made_pages(guest: Guest, kinds: str) -> int:
	"""How many pages of these kinds the guest said it had made."""
	found = re.findall(r"^made (\S+).*pages=(\d+)", guest.read("made"), re.M)
	return sum(int(pages) for kind, pages in found if kind in kinds.split())


def marked(guest: Guest) -> Dict[str, "list[int]"]:
	"""Of each kind, the counts of tests/tools/marks: starts, numbers."""
	marks = host.output("tests/tools/marks", guest.dump / "vmcore")
	guest.write("marks", marks)
	return {line.split()[0]: [int(word) for word in line.split()[1:3]]
		for line in marks.splitlines() if line.strip()}


def judge_kind(guest: Guest, kind: str, marks: Dict[str, "list[int]"]) -> None:
	starts, numbers = (marks.get(kind, []) + [0, 0])[:2]
	if kind in KERNEL:
		made = made_pages(guest, kind)
		if numbers < made:
			raise Failed(f"{numbers} of {made} pages of the kernel ({kind}) are kept")
	elif kind.startswith("poison"):
		if kind in marks:
			raise Failed(f"{numbers} poisoned pages ({kind}) were read")
	elif starts:
		raise Failed(f"{starts} pages of users ({kind}) are in the dump")


def judge(guest: Guest) -> None:
	"""What users had is not in a dump of level 31, what the kernel had is, to the page."""
	marks = marked(guest)
	for kind in re.findall(r"^made (\S+)", guest.read("made"), re.M):
		judge_kind(guest, kind, marks)
	questions.at_least(guest, "pages.user", made_pages(guest, USER))
	# Both classes of page cache are left out at level 31.
	cache = sum(int(questions.manifest(guest, f"pages.{key}"))
		    for key in ("cache", "cache_private"))
	if cache < made_pages(guest, CACHE):
		raise Failed(f"{cache} pages of page cache left out of {made_pages(guest, CACHE)}")
	# A poisoned page of a file, or of a huge page, is one frame like the others.
	questions.at_least(guest, "pages.hwpoison", made_pages(guest, POISON))
	questions.at_least(guest, "pages.offline", made_pages(guest, "balloon"))
