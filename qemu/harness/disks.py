# SPDX-License-Identifier: GPL-2.0-or-later
"""The disks of a machine: made before it starts, read after it has crashed."""
from pathlib import Path
from typing import List, Sequence

from harness import host
from harness.machine import Disk
from harness.verdict import Failed

FORCE = {"ext4": "-F", "xfs": "-f", "btrfs": "-f"}
HOST = "testhost"
# Two of this machine, one of another, and one that is none.
OLD_DUMPS = (f"{HOST}-2020-01-01-00:00:00", f"{HOST}-2020-02-01-00:00:00",
	     "otherhost-2019-01-01-00:00:00", f"{HOST}-notes")


def make(folder: Path, name: str, disk: Disk, label: Sequence[str] = ()) -> None:
	host.blank(folder / name, disk.size)
	host.do(f"mkfs.{disk.fs}", [f"mkfs.{disk.fs}", "-q", FORCE[disk.fs], *label, *disk.mkfs,
				    folder / name], folder / "mkfs.log")


def target(folder: Path, disk: Disk) -> None:
	"""A file system with the label "crash"."""
	make(folder, "target", disk, ("-L", "crash"))


def second(folder: Path, size: str) -> None:
	"""An ext4 with the label "second"; its files come to out-second/."""
	make(folder, "second", Disk(size=size), ("-L", "second"))


def old_dumps(folder: Path) -> None:
	for old in OLD_DUMPS:
		(folder / old).mkdir(parents=True)
		for name in ("vmcore", "vmcore-dmesg.txt", "manifest.json"):
			(folder / old / name).write_text("old\n")


def fails_at(folder: Path, nth: int, once: bool) -> None:
	"""The nth write to the target fails, or all from there."""
	lines: List[str] = []
	for n in range(1, nth):
		lines += ["[set-state]", 'event = "write_aio"', f'state = "{n}"',
			  f'new_state = "{n + 1}"']
	lines += ["[inject-error]", 'event = "write_aio"', f'state = "{nth}"',
		  'iotype = "write"', f'once = "{"on" if once else "off"}"']
	(folder / "faults").write_text("\n".join(lines) + "\n")


def uuid(folder: Path) -> str:
	return host.output("blkid", "-p", "-o", "value", "-s", "UUID", folder / "target").strip()


def fsck(path: Path, what: str, log: Path) -> None:
	"""A journal as a crash left it is replayed, so that debugfs sees what is there."""
	status = host.status_of(["e2fsck", "-fy", path], log)
	if status < 0 or status > 2:
		raise Failed(f"{what}: e2fsck cannot mend it, see {log.name}")


def read(folder: Path, name: str, out: str, fs: str = "ext4") -> None:
	"""The files below /crash of an ext4 or a btrfs, as they were left."""
	log = folder / f"fsck-{name}.log"
	if fs == "btrfs":
		(folder / out).mkdir()
		host.do("btrfs check", ["btrfs", "check", folder / name], log)
		host.do("btrfs restore", ["btrfs", "restore", "--metadata", folder / name,
					  folder / out], log)
		return
	fsck(folder / name, f"disk {name}", log)
	(folder / out).mkdir()
	host.do("debugfs", ["debugfs", "-R", f"rdump /crash {folder / out}", folder / name], log)
