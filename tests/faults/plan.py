# SPDX-License-Identifier: GPL-2.0-or-later
"""What can fail: for each system call of a capture that went well, each way in which it can."""
import errno
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Sequence

INIT = "1"
DELAY_S = 12		# longer than the machine's stall

# What a call can be answered; one that is not named cannot fail, or does not matter.
# That a file is not there (ENOENT) is no failure: of one that is there nobody says it.
_FILES = ["EIO", "ENOMEM", "EMFILE", "ENFILE", "EINTR", "EACCES", "ENOSPC", "EROFS"]
_LOOKS = ["EIO", "ENOMEM", "EACCES"]
_CHANGES = ["EIO", "ENOSPC", "EROFS", "EDQUOT", "EEXIST"]
_MEMORY = ["ENOMEM"]
_NET = ["ETIMEDOUT", "ECONNREFUSED", "ENETUNREACH", "ENOBUFS", "EINTR"]
ERRORS: Dict[str, List[str]] = {
	**dict.fromkeys(["open", "openat", "openat2"], _FILES),
	**dict.fromkeys(["read", "pread64", "readv", "getdents64"], ["EIO", "EINTR", "ENOMEM"]),
	**dict.fromkeys(["write", "pwrite64", "writev", "copy_file_range"],
			["EIO", "ENOSPC", "EDQUOT", "EINTR", "EAGAIN"]),
	**dict.fromkeys(["fsync", "fdatasync", "syncfs", "sync_file_range"],
			["EIO", "ENOSPC", "EDQUOT"]),
	**dict.fromkeys(["fstat", "stat", "lstat", "newfstatat", "statx", "fstatfs", "statfs",
			 "faccessat2", "lseek", "readlinkat", "readlink"], _LOOKS),
	**dict.fromkeys(["mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink",
			 "unlinkat", "rmdir", "ftruncate", "fallocate", "fchmod", "fchown",
			 "linkat"], _CHANGES),
	**dict.fromkeys(["mmap", "mremap", "mprotect", "brk", "madvise"], _MEMORY),
	**dict.fromkeys(["clone", "clone3", "fork", "vfork"], ["EAGAIN", "ENOMEM"]),
	**dict.fromkeys(["mount", "umount2"],
			["EIO", "ENOMEM", "EBUSY", "EINTR", "EROFS", "ENODEV"]),
	**dict.fromkeys(["poll", "ppoll", "select", "pselect6"], ["EINTR", "ENOMEM"]),
	**dict.fromkeys(["wait4", "waitid"], ["EINTR", "ECHILD"]),
	**dict.fromkeys(["socket", "bind", "connect", "sendto", "recvfrom", "sendmsg", "recvmsg",
			 "getsockopt", "setsockopt", "getsockname", "getpeername"], _NET),
	**dict.fromkeys(["pipe", "pipe2", "socketpair", "dup", "dup2", "dup3", "signalfd4",
			 "memfd_create", "fcntl"], ["EMFILE", "ENOMEM"]),
	**dict.fromkeys(["execve", "execveat"], ["ENOMEM", "EACCES", "ENOENT"]),
	**dict.fromkeys(["ioctl", "fadvise64", "prctl", "setrlimit", "prlimit64",
			 "sched_getaffinity", "getrandom", "chdir", "fchdir", "chroot", "unshare",
			 "sethostname"], ["EIO", "EPERM"]),
	"close": ["EIO", "EINTR"],
}
MOVES_BYTES = {"read", "write", "pread64", "pwrite64", "sendto", "recvfrom", "getdents64",
	       "copy_file_range"}


@dataclass(frozen=True)
class Call:
	"""The NTHth call of that name by that process."""
	who: str
	name: str
	nth: int

	@staticmethod
	def of(line: str) -> "Call":
		who, name, nth = line.split()
		return Call(who, name, int(nth))


def calls_of(trace: Path) -> List[Call]:
	"""
	Those of a whole capture. What comes before it mounts anything is reading the places, which
	only tests have it do.
	"""
	calls = [Call.of(line) for line in trace.read_text().splitlines()]
	return calls[next(i for i, call in enumerate(calls) if call.name == "mkdir"):]


@dataclass(frozen=True)
class Scenario:
	layout: str
	call: Call
	how: str

	@property
	def fault(self) -> str:
		kind, _, value = self.how.partition("=")
		how = f"error={getattr(errno, value)}" if kind == "error" else self.how
		return f"{self.call.who}:{self.call.name}:{self.call.nth}:{how}"

	@staticmethod
	def parse(text: str) -> "Scenario":
		layout, who, name, nth, how = text.split(":")
		return Scenario(layout, Call(who, name, int(nth)), how)

	def __str__(self) -> str:
		return f"{self.layout}:{self.call.who}:{self.call.name}:{self.call.nth}:{self.how}"


def ways(call: Call) -> Iterator[str]:
	"""Errors, and half of what was asked; the end of the process; the end of the power."""
	for name in ERRORS.get(call.name, []):
		# It means to PID 1 that the kernel's own file systems are there already.
		if (call.who, call.name, name) != (INIT, "mount", "EBUSY"):
			yield f"error={name}"
	if call.name in MOVES_BYTES:
		yield "short"
	yield "kill"
	yield "cut"
	yield f"delay={DELAY_S}"
	if call.who != INIT:
		yield "stop"


def everything(layout: str, calls: Sequence[Call]) -> List[Scenario]:
	return [Scenario(layout, call, how) for call in calls for how in ways(call)]


# Each of these waits for a stall of its own: seconds in place of a moment.
SLOW = ("delay", "stop")


def sample(scenarios: Sequence[Scenario], n: int, seed: int) -> List[Scenario]:
	"""Some of all kinds of calls and not mostly of the frequent ones; few of the slow ways."""
	dice = random.Random(seed)
	by_kind: Dict[str, List[Scenario]] = {}
	for s in scenarios:
		slow = s.how.startswith(SLOW)
		by_kind.setdefault("slow" if slow else f"{s.layout} {s.call.who} {s.call.name}",
				   []).append(s)
	slow_ones = by_kind.pop("slow", [])
	chosen = dice.sample(slow_ones, min(len(slow_ones), n // 60))
	while len(chosen) < min(n, len(scenarios)) and by_kind:
		kinds = sorted(by_kind)
		dice.shuffle(kinds)
		for kind in kinds:
			if len(chosen) >= n:
				break
			pick = by_kind[kind].pop(dice.randrange(len(by_kind[kind])))
			chosen.append(pick)
			if not by_kind[kind]:
				del by_kind[kind]
	return chosen
