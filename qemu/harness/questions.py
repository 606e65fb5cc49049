# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions about what a crash has left; each fails the case when the answer is another."""
import fnmatch
import hashlib
import json
import math
import re
import subprocess
from pathlib import Path

from harness import host
from harness.guest import Guest
from harness.verdict import Failed, Lost

BOOT_SECONDS = 15	# an idle machine's, from QEMU's start until it can crash
SAME_LOG = "qemu/same-log"


def find_dump(guest: Guest, folder: str = "/crash", out: str = "out") -> Path:
	"""The one dump in that folder of the target, or of the disk whose files lie in OUT."""
	at = guest.folder / (out + folder)
	found = [path for path in sorted(at.glob(f"{guest.host}-*")) if path.is_dir()]
	if not found:
		raise Failed(f"no folder {folder}/{guest.host}-* on the target")
	if len(found) > 1:
		raise Failed(f"more than one folder {folder}/{guest.host}-* on the target")
	guest.dump = found[0]
	return guest.dump


def slowness(guest: Guest) -> float:
	"""By what an idle machine's seconds are stretched: as this one's boot was."""
	slow = float(guest.scale)
	for when in re.findall(r"^([0-9.]+) armed", guest.read("events"), re.M):
		slow = max(slow, float(when) / BOOT_SECONDS)
	return math.floor(slow + 0.99)


def back(guest: Guest, seconds: int) -> None:
	"""From the crash to the next kernel, or to the reset where nothing boots after it."""
	went, took = None, None
	for line in guest.read("events").splitlines():
		words = line.split()
		if words[1:2] == ["go"]:
			went = float(words[0])
		elif went is not None and (words[1:2] == ["back"] or
					   words[1:3] == ["verdict", "3"]):
			took, went = int(float(words[0]) - went), None
	if took is None:
		raise Failed("the machine did not reboot by itself")
	slow = slowness(guest)
	if took > seconds * slow:
		raise Failed(f"{took} s from the crash to the next kernel, "
			     f"at most {seconds} x {slow} wanted")


def mode(path: Path, wanted: int) -> None:
	if not path.exists():
		raise Failed(f"{path.name} is not on the target")
	got = path.stat().st_mode & 0o7777
	if got != wanted:
		raise Failed(f"{path.name} has mode {got:o}, not {wanted:o}")


# ---- the manifest ----

def manifest(guest: Guest, key: str) -> str:
	"""The value of KEY.KEY; what is no text as JSON has it."""
	try:
		value = json.loads((guest.dump / "manifest.json").read_bytes())
		for part in key.split("."):
			value = value[part]
	except (OSError, ValueError, KeyError, TypeError):
		raise Failed(f"manifest.json has no {key}") from None
	return value if isinstance(value, str) else json.dumps(value)


def fact(guest: Guest, key: str, pattern: str) -> None:
	"""PATTERN is one of file names."""
	value = manifest(guest, key)
	if not fnmatch.fnmatchcase(value, pattern):
		raise Failed(f"manifest.json: {key} is {value}, not {pattern}")


def facts(guest: Guest, **wanted: str) -> None:
	"""A "." of a key is "__" here."""
	for key, pattern in wanted.items():
		fact(guest, key.replace("__", "."), pattern)


def at_least(guest: Guest, key: str, number: int) -> None:
	value = manifest(guest, key)
	if int(value) < number:
		raise Failed(f"manifest.json: {key} is {value}, at least {number} wanted")


# ---- console and log ----

def consoles(guest: Guest) -> str:
	return "\n".join(host.read(path) for path in sorted(guest.folder.glob("console*.log")))


def console(guest: Guest, *patterns: str) -> None:
	"""Each is a regular expression for a line."""
	said = consoles(guest)
	for pattern in patterns:
		if not re.search(pattern, said, re.M):
			raise Failed(f"the console does not say: {pattern}")


def same_log(guest: Guest, what: str, *words: object) -> None:
	diff = guest.path("dmesg.diff")
	diff.unlink(missing_ok=True)
	if host.status_of([SAME_LOG, *[str(word) for word in words]], diff):
		raise Failed(f"{what}: {host.read(diff).strip()}")


def before(guest: Guest) -> "list[Path]":
	return [guest.path("kmsg-before"), guest.path("dmesg-before")]


def dmesg(guest: Guest, *patterns: str) -> None:
	"""The log must hold all that the crashed kernel itself told us before the crash, byte
	for byte, and what else is to be in it."""
	saved = guest.dump / "vmcore-dmesg.txt"
	mode(saved, 0o600)
	same_log(guest, saved.name, *before(guest), saved)
	dmesg_says(guest, *patterns)


def dmesg_says(guest: Guest, *patterns: str) -> None:
	text = host.read(guest.dump / "vmcore-dmesg.txt")
	for pattern in patterns:
		if not re.search(pattern, text, re.M):
			raise Failed(f"vmcore-dmesg.txt does not say: {pattern}")


def dmesg_as_on_console(guest: Guest) -> None:
	"""And what comes after that is what went out on the serial line."""
	same_log(guest, "vmcore-dmesg.txt and console", *before(guest),
		 guest.dump / "vmcore-dmesg.txt", guest.path("console.log"))


def plain_lines(path: Path) -> "list[str]":
	"""A log without what a reader adds."""
	added = re.compile(r"^(?:<\d*>)?(?:\[ *\d*\.\d*\] ?)? *")
	return [added.sub("", line) for line in host.read(path).split("\n")[:-1]]


def dmesg_salvaged(guest: Guest, pattern: str) -> None:
	"""A log found by searching memory has every line in its order; where a line ends is a
	guess of two bytes more or less."""
	mode(guest.dump / "vmcore-dmesg.txt", 0o600)
	wanted = plain_lines(guest.path("dmesg-before"))
	if len(wanted) <= 100:
		raise Lost(f"the log from before the crash has {len(wanted)} lines")
	at = 0
	for line in plain_lines(guest.dump / "vmcore-dmesg.txt"):
		if at < len(wanted) and line.startswith(wanted[at][:-2]):
			at += 1
	if at < len(wanted):
		raise Failed(f"vmcore-dmesg.txt lacks, or has not in its order: {wanted[at]}")
	dmesg_says(guest, pattern)


# ---- the dump ----

def check(guest: Guest, name: str) -> int:
	"""The reader's verdict; what it says is in "check"."""
	guest.path("check").unlink(missing_ok=True)
	return host.status_of([host.READER, "check", guest.dump / name], guest.path("check"))


def sums(guest: Guest) -> None:
	"""Of the file, or of what stands in front of its pages, and of them."""
	head = int(manifest(guest, "bytes.head"))
	parts = ("sha256_head", "sha256_pages") if head else ("sha256",)
	with open(guest.dump / "vmcore", "rb") as file:
		for key in parts:
			summed = hashlib.sha256()
			left = head if key == "sha256_head" else -1
			while left:
				block = file.read(min(left, 1 << 20) if left > 0 else 1 << 20)
				if not block:
					break
				summed.update(block)
				left -= len(block) if left > 0 else 0
			fact(guest, key, summed.hexdigest())


def whole_dump(guest: Guest) -> None:
	"""Files, modes, the reader's verdict, the manifest's facts."""
	mode(guest.dump, 0o700)
	for name in ("vmcore", "manifest.json", "kexec-dmesg.log"):
		mode(guest.dump / name, 0o600)
	for path in guest.dump.glob("*incomplete*"):
		raise Failed(f"{path.name} was left behind")
	if check(guest, "vmcore"):
		raise Failed(f"crashbox check: {host.last_line(guest.read('check'))}")
	# No struct page of a healthy kernel denies what is known to be its own.
	facts(guest, valid__value="true", complete__value="true", pages__kept_known="0")
	# Nor is its memory map hard to read, where it is believed at all.
	if manifest(guest, "filter_trusted") == "true" and int(
			manifest(guest, "pages.kept_unknown")) > 8192:
		raise Failed(f"{manifest(guest, 'pages.kept_unknown')} pages were not judged")
	fact(guest, "host", guest.host)
	fact(guest, "kernel", (guest.parts().kernel / "version").read_text().strip())
	sums(guest)


def saved(guest: Guest, seconds: int) -> None:
	"""The machine is back by then, and its whole dump on the target."""
	back(guest, seconds)
	logged(guest)
	whole_dump(guest)


def logged(guest: Guest, out: str = "out") -> None:
	"""There is the log of a panic by sysrq, on that disk."""
	find_dump(guest, out=out)
	dmesg(guest, "sysrq triggered crash")


def no_vmcore(guest: Guest) -> None:
	if (guest.dump / "vmcore").exists():
		raise Failed("there is a vmcore where there must be none")


def nothing_begun(guest: Guest) -> None:
	no_vmcore(guest)
	if (guest.dump / "vmcore-incomplete").exists():
		raise Failed("a dump was begun")


def incomplete(guest: Guest, *allowed: int) -> None:
	"""What there is of a dump that was cut must say so itself, with status 2 of crashbox
	check, or 1 where pages it refers to did not reach the disk."""
	no_vmcore(guest)
	if not (guest.dump / "vmcore-incomplete").exists():
		raise Failed("vmcore-incomplete is not on the target")
	status = check(guest, "vmcore-incomplete")
	if status not in allowed:
		raise Failed(f"crashbox check of the cut dump: status {status}: "
			     f"{host.last_line(guest.read('check'))}")


def durable(guest: Guest) -> None:
	"""Of the pages that the console said are durable, each is in the cut dump."""
	said = consoles(guest)
	percents = re.findall(r"copy +\d*% \((\d*)% durable\)", said)
	if not percents:
		raise Lost("the console says nothing of what is durable")
	kept = re.findall(r"crashbox: (\d*) of \d* pages are kept", said)
	percent, of = int(percents[-1]), int(kept[-1])
	pages = subprocess.run([host.TOP / "build/tools/readdump", "pages",
				guest.dump / "vmcore-incomplete"], stdout=subprocess.PIPE,
			       check=False).stdout
	n_read = sum(b" broken: " not in line for line in pages.splitlines())
	if n_read < of * percent // 100:
		raise Failed(f"{percent}% of {of} pages were called durable, {n_read} are there")
	guest.write("note", f"{percent}% were called durable, {n_read * 100 // of}% are there\n")


def same_tree(old: Path, new: Path) -> bool:
	"""Two folders with the same files, which have the same bytes."""
	def files(at: Path) -> "dict[str, bytes]":
		return {str(path.relative_to(at)): path.read_bytes() if path.is_file() else b""
			for path in at.rglob("*")}
	return new.is_dir() and files(old) == files(new)
