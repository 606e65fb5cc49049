# SPDX-License-Identifier: GPL-2.0-or-later
"""Disks that are files: plain ones, and ones whose writes and flushes are written down."""
import os
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Optional, Sequence

SECTOR = 512
PHYSICAL = 4096		# what a disk writes as a whole, or not at all
FLUSH, FUA, DISCARD = 1, 2, 4	# Linux drivers/md/dm-log-writes.c
SIZE = {"ext4": 32 << 20, "xfs": 320 << 20}
MKFS = {"ext4": ["mkfs.ext4", "-q", "-L"],
	"xfs": ["mkfs.xfs", "-q", "-L"]}


class Broken(Exception):
	"""The room, not the program in it."""


def run(*words: object) -> str:
	done = subprocess.run([str(word) for word in words], check=False, stdin=subprocess.DEVNULL,
			      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
	if done.returncode:
		raise Broken(f"{words[0]}: {done.stderr.decode('utf-8', 'replace').strip()}")
	return done.stdout.decode("utf-8", "replace")


class Disk:
	"""A file system in a file of its own; a loop device while it is attached."""

	def __init__(self, folder: Path, label: str, kind: str, seed: Optional[Path]) -> None:
		self.label, self.image = label, folder / label
		with open(self.image, "wb") as file:
			file.truncate(SIZE[kind])
		run(*MKFS[kind], label, *(["-d", seed] if seed else []), self.image)

	def attach(self) -> None:
		self.device = run("losetup", "-f", "--show", self.image).strip()

	def detach(self) -> None:
		run("losetup", "-d", self.device)


@dataclass(frozen=True)
class Entry:
	"""What was asked of the disk: bytes at an offset, or that all before is to be safe."""
	off: int
	data: bytes
	is_flush: bool


def entries(log: Path) -> Iterator[Entry]:
	with open(log, "rb") as file:
		head = file.read(SECTOR)
		n, sector = struct.unpack_from("<QI", head, 16)
		file.seek(sector)
		for _ in range(n):
			at, n_sectors, flags, _ = struct.unpack_from("<QQQQ", file.read(sector))
			data = b"" if flags & DISCARD else file.read(n_sectors * sector)
			if len(data) != (0 if flags & DISCARD else n_sectors * sector):
				raise Broken(f"{log}: cut off")
			yield Entry(at * sector, data, bool(flags & (FLUSH | FUA)))


class LoggedDisk(Disk):
	"""QEMU stands between, and writes down what passes."""

	def attach(self) -> None:
		self.log, self.way = Path(f"{self.image}.log"), Path(f"{self.image}.way")
		self.before = Path(f"{self.image}.before")
		run("cp", "--sparse=always", self.image, self.before)
		for file in (self.log, self.way):
			file.write_bytes(b"")
		os.truncate(self.log, 1 << 30)
		self.program = subprocess.Popen([
			"setpriv", "--pdeathsig", "KILL", "qemu-storage-daemon",
			"--blockdev", f"file,node-name=disk,filename={self.image}",
			"--blockdev", f"file,node-name=log,filename={self.log}",
			"--blockdev", "blklogwrites,node-name=both,file=disk,log=log",
			"--export", f"fuse,id=way,node-name=both,mountpoint={self.way},writable=on"])
		for _ in range(400):
			if self.way.stat().st_size:
				break
			time.sleep(0.01)
		self.device = run("losetup", "-f", "--show", self.way).strip()

	def detach(self) -> None:
		super().detach()
		for _ in range(400):
			if f"{self.way}\n" not in run("losetup", "-n", "-O", "BACK-FILE"):
				break
			time.sleep(0.01)
		self.program.terminate()
		self.program.wait()

	def drop(self) -> None:
		for file in (self.log, self.way, self.before, self.image):
			file.unlink(missing_ok=True)


def write_into(image: Path, some: Sequence[Entry]) -> None:
	with open(image, "r+b") as file:
		for entry in some:
			file.seek(entry.off)
			file.write(entry.data)


def torn(entry: Entry, n_sectors: int) -> Entry:
	return Entry(entry.off, entry.data[:n_sectors * PHYSICAL], False)


def flushes(log: List[Entry]) -> List[int]:
	return [i for i, entry in enumerate(log) if entry.is_flush]
