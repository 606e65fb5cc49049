# SPDX-License-Identifier: GPL-2.0-or-later
"""The target on a volume, for a machine that cannot make one: a table of device mapper as LVM and
LUKS2 set it up, frozen by hand, and what lies below it written and read here by libcrypto. What
the real tools make is in cases/debian-volumes; this is for what memory a capture takes."""
import ctypes
import ctypes.util
import os
from pathlib import Path
from typing import Dict, Iterator, Optional, Tuple

from harness import disks, host, images
from harness.guest import Guest
from harness.machine import Disk
from harness.verdict import Lost

SECTOR = 512
KEY = bytes(range(1, 65))	# AES-256 in XTS mode: two keys, which must differ
SIZE = "400M"
# Where the file system begins, in sectors, and its line of the table.
TABLES: Dict[str, Tuple[int, str]] = {
	"lvm": (2048, "linear @d0 2048"),
	"luks": (32768, "crypt aes-xts-plain64 %v0 0 @d0 32768")}


class Cipher:
	"""Sectors of a disk, by number."""

	def __init__(self, encrypts: bool) -> None:
		self.lib = ctypes.CDLL(ctypes.util.find_library("crypto"))
		for name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_xts"):
			getattr(self.lib, name).restype = ctypes.c_void_p
		self.context = ctypes.c_void_p(self.lib.EVP_CIPHER_CTX_new())
		self.out = ctypes.create_string_buffer(SECTOR + 16)
		self.n = ctypes.c_int()
		if self.lib.EVP_CipherInit_ex(
				self.context, ctypes.c_void_p(self.lib.EVP_aes_256_xts()), None, KEY,
				bytes(16), int(encrypts)) != 1:
			raise Lost("libcrypto has no AES-XTS")

	def __call__(self, nr: int, sector: bytes) -> bytes:
		self.lib.EVP_CipherInit_ex(self.context, None, None, None,
					   nr.to_bytes(16, "little"), -1)
		if self.lib.EVP_CipherUpdate(self.context, self.out, ctypes.byref(self.n), sector,
					     SECTOR) != 1:
			raise Lost("libcrypto: AES-XTS")
		return self.out.raw[:SECTOR]


def data_of(fd: int, begin: int) -> Iterator[Tuple[int, int]]:
	"""Where a file has something, from `begin` on."""
	while True:
		try:
			begin = os.lseek(fd, begin, os.SEEK_DATA)
		except OSError:
			return
		end = os.lseek(fd, begin, os.SEEK_HOLE)
		yield begin, end
		begin = end


def copy(source: Tuple[Path, int], to: Tuple[Path, int], cipher: Optional[Cipher]) -> None:
	"""What a file has from a sector on to another file from a sector on, holes left out."""
	with open(source[0], "rb") as file, open(to[0], "r+b") as out:
		for begin, end in data_of(file.fileno(), source[1] * SECTOR):
			for at in range(begin, end, SECTOR):
				sector = os.pread(file.fileno(), SECTOR, at)
				nr = at // SECTOR - source[1]
				os.pwrite(out.fileno(), cipher(nr, sector) if cipher else sector,
					  (to[1] + nr) * SECTOR)


def blank(path: Path, sectors: int) -> None:
	host.blank(path, str(sectors * SECTOR))


def sectors_of(guest: Guest) -> int:
	return guest.path("target").stat().st_size // SECTOR


def prepare(guest: Guest, kind: str) -> None:
	"""Before it starts; read() after it."""
	at = TABLES[kind][0]
	host.blank(guest.path("target"), SIZE)
	disks.make(guest.folder, "inner", Disk(size=str((sectors_of(guest) - at) * SECTOR)),
		   ("-L", "crash"))
	copy((guest.path("inner"), 0), (guest.path("target"), at),
	     Cipher(True) if kind == "luks" else None)
	guest.machine.no_reboot = guest.machine.read_here = True
	for name in ("out", "out-disk"):	# nobody else reads it
		guest.path(name).mkdir()
	guest.own_image = lambda: image(guest, kind)


def image(guest: Guest, kind: str) -> None:
	at, table = TABLES[kind]
	images.capture_image(guest.folder, guest.parts(), guest.images, guest.target.fs)
	guest.write("volumes", "crashbox volumes 1\n"
		    f"disk d0 sectors={sectors_of(guest)} serial=target\n"
		    "dm v0 name=box-crash\n"
		    f"map v0 0 {sectors_of(guest) - at} {table}\n"
		    f"target v0 {guest.words['target']}\n")
	guest.write("keys", f"v0 {KEY.hex()}\n")
	whole = guest.path("capture.img")
	whole.write_bytes(whole.read_bytes() + images.archive([
		"dir etc 755", f"file etc/crashbox.volumes 600 {guest.path('volumes')}",
		f"file etc/crashbox.volumes.keys 600 {guest.path('keys')}"]))


def read(guest: Guest, kind: str) -> None:
	at = TABLES[kind][0]
	blank(guest.path("inner"), sectors_of(guest) - at)
	copy((guest.path("target"), at), (guest.path("inner"), 0),
	     Cipher(False) if kind == "luks" else None)
	guest.path("out").rmdir()
	disks.read(guest.folder, "inner", "out")
