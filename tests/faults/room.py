# SPDX-License-Identifier: GPL-2.0-or-later
"""A made-up machine that has crashed: the image that is shipped as the root, a core, disks."""
import itertools
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Sequence, Type, TypeVar

from disks import Broken, Disk, run
from server import Server

TOP = Path(__file__).resolve().parents[2]
AGENT = TOP / "build/crashbox"
NSINIT = TOP / "build/tools/nsinit"
MKCORE = TOP / "build/tools/mkcore"

OLD = "crash/fixture-2020-01-01-00:00:00"
ROOMS = itertools.count()
STALL_S = 10
DEADLINE_S = 120
NET = "net eth0 address=10.9.9.2/24"
# What a capture kernel has and this machine must not lend: files in place of them.
STAND_INS = ["kmsg", "watchdog", "sysrq", "panic", "printk_devkmsg", "threads_max", "cmdline"]
FIXTURE = """layout = {age}
types = 1
cpus = 1
ram = 0x1000-0x9f000
ram = 0x100000-0x1000000
log-many 100 1.0 "line %u"
log 3.0 "Kernel panic - not syncing: sysrq triggered crash"
"""


@dataclass(frozen=True)
class Layout:
	"""Which targets there are: a word each, for a disk of its own."""
	disks: Sequence[str]
	more: Sequence[str] = ()	# lines of the configuration behind the targets
	first: Sequence[str] = ()	# and in front of them
	sftp: bool = False		# and a folder of that server
	nfs: bool = False
	old: bool = False		# a whole dump of another day is there
	sealed: bool = False		# what is saved is encrypted for the room's key

	def lines(self, labels: Sequence[str], server: Server) -> List[str]:
		lines = [f"target disk:LABEL={label}:/crash" for label in labels]
		if self.sftp:
			lines.insert(0, server.target())
		if self.nfs:
			lines.insert(0, server.nfs_target())
		return [*self.first, *lines, *self.more]


LAYOUTS: Dict[str, Layout] = {
	"disk": Layout(["ext4"]),
	"two": Layout(["ext4", "ext4"]),
	"keep": Layout(["ext4"], ["keep 1", "crash_loop 3 in 1h"], old=True),
	"sftp": Layout([], sftp=True),
	"nfs": Layout([], ["insecure yes"], nfs=True),
	"both": Layout(["ext4"], sftp=True),
	"sealed": Layout(["ext4"], sealed=True),
	"sealed-sftp": Layout([], sftp=True, sealed=True),
}


def make_core(folder: Path, age: str = "6.1") -> Path:
	"""A crashed kernel of that age."""
	core = folder / f"core-{age}"
	(folder / "fixture").write_text(FIXTURE.format(age=age))
	run(MKCORE, folder / "fixture", core)
	return core


@dataclass
class Outcome:
	"""What one run has left."""
	end: str			# "reboot", "cut", "killed 9", ...
	seconds: float
	hit: bool
	console: str
	images: List[Path]		# a target's each: as it was left, or a folder of a server
	calls: Path


class Room:
	"""One place to run in, a run after the other."""

	def __init__(self, folder: Path, core: Path) -> None:
		self.folder, self.root = folder, folder / "root"
		self.numbers = itertools.count()
		# In names of file systems, of which XFS takes twelve letters; no two rooms have one.
		self.mine = f"c{os.getpid() % 1000:x}{next(ROOMS)}"
		self.export = ""		# a device that the NFS server exports
		self.cmdline = "quiet"		# of the capture kernel
		shutil.rmtree(folder, ignore_errors=True)
		folder.mkdir(parents=True)
		(folder / "mounted").mkdir()
		self.conf = folder / "conf"
		self.server = Server(folder / "server")
		self.conf.write_text(self.server.target() + f"\n{NET}\n" + self.server.login())
		run(AGENT, "image", "--no-modules", "--config", self.conf, "--output",
		    folder / "image", "--codec", "none", "--ssh", TOP / "build/ssh")
		self.key = folder / "key"
		run("age-keygen", "-o", self.key)
		self.root.mkdir()
		subprocess.run(["cpio", "--quiet", "-id"], cwd=self.root, check=True,
			       stdin=open(folder / "image", "rb"))
		shutil.copy(core, self.root / "core")
		(folder / "seed/crash").mkdir(parents=True)
		run(AGENT, "capture", core, folder / "seed" / OLD)
		(self.root / "here").mkdir()
		places = [f"{name} /here/{name}" for name in STAND_INS]
		(self.root / "here/places").write_text("\n".join(["core /core", *places]) + "\n")

	def disks(self, layout: Layout, of: Type[Disk] = Disk) -> List[Disk]:
		"""New file systems each time: what an earlier run holds on to is another's."""
		for old in self.folder.glob("c*-*"):
			old.unlink()
		seed = self.folder / "seed" if layout.old else None
		return [of(self.folder, f"{self.mine}-{next(self.numbers)}", kind, seed)
			for kind in layout.disks]

	def _furnish(self, layout: Layout, labels: Sequence[str]) -> None:
		lines = [f"stall {STALL_S}", f"deadline {DEADLINE_S}",
			 *layout.lines(labels, self.server), NET, self.server.login()]
		if layout.sealed:
			lines.append("encrypt " + run("age-keygen", "-y", self.key).strip())
		(self.root / "etc/crashbox.conf").write_text("\n".join(lines))
		self.server.empty()
		for name in STAND_INS:
			text = f"{self.cmdline}\n" if name == "cmdline" else ""
			(self.root / "here" / name).write_text(text)
		for name in ("run", "mnt", "srv"):
			shutil.rmtree(self.root / name, ignore_errors=True)
		(self.root / "srv").mkdir()
		if self.export:
			run("mount", self.export, self.root / "srv")
		(self.root / "srv/crash").mkdir()

	def crash(self, layout: Layout, disks: Sequence[Disk],
		  options: Sequence[object]) -> Outcome:
		"""Runs PID 1 from its start to its end, on disks that are attached."""
		self._furnish(layout, [disk.label for disk in disks])
		console, calls = self.folder / "console", self.folder / "calls"
		console.unlink(missing_ok=True)
		words: List[object] = [NSINIT, "--limit", DEADLINE_S + 40, "--console", console,
				       "--calls", calls, "--netns", self.server.netns,
				       "--mount", "nfs4=/srv/crash", *options, "--root", self.root]
		said = run(*words, "/init", "--places=/here/places").splitlines()
		end, seconds = said[-1].rsplit(" ", 1)
		return Outcome(end, float(seconds), any(line.startswith("hit") for line in said),
			       console.read_text(errors="replace"),
			       [*([self.server.files] if layout.sftp else []),
				*([self.root / "srv"] if layout.nfs else []),
				*(Path(f"{disk.image}.after") for disk in disks)], calls)

	def crash_with(self, layout: Layout, faults: Sequence[str]) -> Outcome:
		"""The same from new disks on, with these faults."""
		return self.crash_on(layout, self.disks(layout), faults)

	def crash_on(self, layout: Layout, disks: Sequence[Disk],
		     faults: Sequence[str]) -> Outcome:
		"""On disks that are not attached yet; as stable storage has them after."""
		options: List[object] = []
		for fault in faults:
			options += ["--fault", fault]
		with ExitStack() as attached:
			for disk in disks:
				disk.attach()
				attached.callback(disk.detach)
				options += ["--copy", f"{disk.image}={disk.image}.after"]
			return self.crash(layout, disks, options)

	def look(self, image: Path) -> Iterator[Path]:
		"""The file system as the next kernel finds it, its journal replayed."""
		if image.is_dir():
			yield image
			return
		at = self.folder / "mounted"
		with open(image, "rb") as file:
			is_xfs = file.read(4) == b"XFSB"
		# A copy of it may be mounted in another room.
		try:
			run("mount", "-o", "loop,nouuid" if is_xfs else "loop", image, at)
		except Broken:
			# As the next kernel's boot does, where it must.
			if is_xfs or subprocess.run(["e2fsck", "-fy", str(image)], check=False,
						    stdout=subprocess.DEVNULL).returncode > 2:
				raise
			run("mount", "-o", "loop", image, at)
		try:
			yield at
		finally:
			run("umount", at)


Thing = TypeVar("Thing")
Result = TypeVar("Result")


class Rooms:
	"""Several side by side, for as long as the block that they are opened for."""

	def __init__(self, folder: Path, core: Path, n: int) -> None:
		self.all = [Room(folder / f"room{i}", core) for i in range(n)]

	def __enter__(self) -> "Rooms":
		return self

	def __exit__(self, *why: object) -> None:
		for room in self.all:
			room.server.stop()

	def each(self, things: Sequence[Thing],
		 do: Callable[[Room, Thing], Result]) -> List[Result]:
		"""One thing at a time in each room; what comes of them, in their order."""
		free = list(self.all)

		def work(thing: Thing) -> Result:
			room = free.pop()
			try:
				return do(room, thing)
			finally:
				free.append(room)

		with ThreadPoolExecutor(len(self.all)) as pool:
			return list(pool.map(work, things))
