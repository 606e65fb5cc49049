# SPDX-License-Identifier: GPL-2.0-or-later
"""What a case is: a machine, what is configured in it, how it dies, and what that must
leave.

A file of qemu/cases has one, called CASE. What the fields cannot tell, hooks do: prepare
before the machine starts, check once what it left is unpacked; or story, in place of all.
"""
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, Optional, Tuple, Union

from harness import disks, net, questions, servers, workloads
from harness.guest import Guest
from harness.machine import Disk, Images, Machine
from harness.verdict import Lost, Skipped

Hook = Callable[[Guest], None]
# Of configurations, and what most cases without an interest in memory say of the crash.
DISK = "target disk:LABEL=crash:/crash\n"
SECOND_DISK = "target disk:LABEL=second:/crash\n"
NETWORK = "{net}\ntarget {target}\n{login}"
SMALL = ("fk.crash=sysrq", "fk.cache=0")


@dataclass(frozen=True)
class Case:
	config: str = ""	# of crashbox; {target}, {net} and more are Guest.words
	variants: str = ""	# "A B | C" are three cases, the last only with --all
	kernels: str = ""	# likewise; without one in its name, or SERIES, on each of these
	rare: bool = False	# only with --all, or asked for by name
	seconds: int = 0	# what it takes on an idle machine, if more than 90
	amd64_only: str = ""	# else skipped, with this reason

	machine: Machine = field(default_factory=Machine)
	images: Images = field(default_factory=Images)
	target: Optional[Disk] = None
	second: str = ""	# the size of a second disk
	workload: str = ""
	network: Union[bool, Tuple[str, ...]] = False	# in which variants there is one
	nic: str = "virtio-net-pci"
	server: Optional[servers.Server] = None		# else there is none on it
	throttle: str = ""	# from the guest to the server, in what tc calls a rate
	middle: Optional[Callable[[net.Net], None]] = None	# what befalls a dump half written

	words: Tuple[str, ...] = ("fk.crash=sysrq",)	# for the first kernel
	back: int = 60		# seconds from the crash to the next kernel, if all is idle
	leaves: str = "whole"	# a dump; or "log", or "" where nobody looks
	at: str = "/crash"	# where on the target
	out: str = "out"	# that of which disk
	says: Tuple[str, ...] = ("sysrq triggered crash",)	# lines of the log
	facts: Dict[str, str] = field(default_factory=dict)	# of the manifest
	console: Tuple[str, ...] = ()

	prepare: Optional[Hook] = None
	tidy: Optional[Hook] = None	# before anything is judged
	check: Optional[Hook] = None
	story: Optional[Hook] = None

	def networked(self, variant: str) -> bool:
		return self.network if isinstance(self.network, bool) else variant in self.network


@dataclass(frozen=True)
class CaseFile:
	"""A case as it lies in its folder."""
	path: Path
	case: Case


def load(path: Path) -> CaseFile:
	"""Whole, before anything of it runs."""
	scope: Dict[str, object] = {"__name__": path.stem, "__file__": str(path)}
	exec(compile(path.read_bytes(), str(path), "exec"), scope)
	case = scope.get("CASE")
	if not isinstance(case, Case):
		raise Lost(f"{path}: there is no CASE in it")
	return CaseFile(path, case)


# ---- one run of it ----

def set_up(case: Case, guest: Guest) -> None:
	if case.workload:
		workloads.prepare(guest, case.workload)
	if case.target:
		disks.target(guest.folder, case.target)
	if case.second:
		disks.second(guest.folder, case.second)


def set_up_network(case: Case, guest: Guest) -> None:
	network = guest.network = net.Net(guest, case.nic)
	if case.server:
		network.serve(case.server)
	if case.throttle:
		network.throttle(case.throttle)
	if case.middle:
		network.in_the_middle(case.middle)


def judge(case: Case, guest: Guest) -> None:
	if case.back:
		questions.back(guest, case.back)
	if case.leaves:
		questions.find_dump(guest, case.at, case.out)
		questions.dmesg(guest, *case.says)
	if case.leaves == "whole":
		questions.whole_dump(guest)
	for key, pattern in case.facts.items():
		questions.fact(guest, key, pattern.format(**guest.words))
	questions.console(guest, *[pattern.replace("{target}", guest.words["target"])
				   for pattern in case.console])
	if case.workload and case.workload != "log":
		workloads.judge(guest)


def play(case: Case, guest: Guest) -> None:
	if case.amd64_only and not guest.settings.amd64:
		raise Skipped(case.amd64_only)
	networked = case.networked(guest.variant)
	if networked:
		set_up_network(case, guest)
	if case.story:
		case.story(guest)
		return
	set_up(case, guest)
	if case.prepare:
		case.prepare(guest)
	guest.config(case.config.format(**guest.words))
	guest.boot(*case.words)
	if case.tidy:
		case.tidy(guest)
	judge(case, guest)
	if case.check:
		case.check(guest)
	if networked:
		guest.net().note_time()
