# SPDX-License-Identifier: GPL-2.0-or-later
"""A case's machine: it is set up, crashes, comes back, and what it left is unpacked.

Everything lies in its folder, build/e2e/CASE: console.log, events, target, out/, and
qemu.cmd, which runs the same machine once more ("sh qemu.cmd"). A guest's clock is that
of the host, however little computing time it gets. So the scale, how busy the host is as
a case begins, stretches what is configured in the guest (deadline, stall, budget) and our
own limits alike; and how long the crash may take is measured by how long the same machine
took to boot.
"""
import os
import re
import shlex
import subprocess
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Dict, List, Optional, Tuple

from harness import disks, host, images
from harness.machine import Board, Disk, Images, Machine, first_kernel_args, qemu_options
from harness.settings import Settings
from harness.verdict import Failed, Lost, Skipped

if TYPE_CHECKING:
	from harness.net import Net

# How qemu/session ends.
DONE, LOST, OFF = 0, 2, 3
STATE_SIZE = "4M"	# of the disk on which the first kernel leaves its log


@dataclass(frozen=True)
class Outcome:
	"""What became of one start of the machine."""
	status: int
	words: str


@dataclass(frozen=True)
class Plan:
	"""What a case says of its machine, and what it is run with."""
	name: str		# with variant and kernel
	variant: str
	folder: Path
	settings: Settings


class Guest:
	def __init__(self, plan: Plan, machine: Machine, parts: Images, target: Disk) -> None:
		self.name, self.variant = plan.name, plan.variant
		self.folder, self.settings = plan.folder, plan.settings
		self.machine, self.images = deepcopy(machine), deepcopy(parts)
		self.target = deepcopy(target)
		self.machine.memory = machine.memory or self.settings.memory
		self.machine.reserve = machine.reserve or self.settings.reserve
		self.machine.capture_seconds = (machine.capture_seconds or
						self.settings.capture_seconds)
		self.host = "testhost"		# what the crashed kernel calls itself
		self.workload = ""
		self.shared: Optional[images.Shared] = None
		self.dump = self.folder		# see questions.find_dump
		self.network: "Optional[Net]" = None
		self.beside: "Optional[subprocess.Popen[bytes]]" = None	# another machine
		# In place of images.capture_image, for an image that is wrong.
		self.own_image: Optional[Callable[[], None]] = None
		# What a case's texts may name.
		self.words: Dict[str, str] = {"target": "disk:LABEL=crash:/crash",
					      "net": "", "login": ""}

	# ---- before the start ----

	@property
	def scale(self) -> int:
		return self.settings.scale

	def path(self, name: str) -> Path:
		return self.folder / name

	def write(self, name: str, text: str) -> None:
		path = self.path(name)
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text(text)

	def read(self, name: str) -> str:
		return host.read(self.path(name))

	def set(self, **changes: object) -> None:
		"""Of the settings, what the case needs otherwise."""
		self.settings = replace(self.settings, **changes)

	def need_kernel(self, profile: str) -> None:
		"""The capture kernel is one of ours, unless the user names another."""
		kernel = (self.settings.capture_kernel or
			  host.TOP / "build/kernel" / profile / "vmlinuz")
		if not kernel.is_file():
			raise Skipped(f"there is no {kernel} (make kernel)")
		self.set(capture_kernel=kernel)

	def strange_disk(self) -> None:
		"""The target is on the controller that the variant says, for which the first
		kernel need have no driver."""
		self.machine.no_reboot = self.machine.read_here = True
		self.target.on = self.variant
		disks.target(self.folder, Disk())

	def config(self, text: str) -> None:
		"""The agent's configuration, its times for an idle machine."""
		times = re.compile(r"^([ \t]*(?:deadline|stall|budget|wait)[ \t]+)(\d+)", re.M)
		lines = [line for line in text.splitlines() if line.strip()]
		self.write("crashbox.conf", times.sub(
			lambda found: found[1] + str(int(found[2]) * self.scale),
			"\n".join(lines) + "\n"))

	# ---- the run ----

	def parts(self) -> images.Shared:
		if self.shared is None:
			raise Lost("there are no images yet")
		return self.shared

	def net(self) -> "Net":
		if self.network is None:
			raise Lost("this case has no network")
		return self.network

	def board(self) -> Board:
		return Board(self.folder, self.settings, self.parts().kernel,
			     self.parts().tcg_threads, self.host)

	def start(self, *words: str) -> Outcome:
		"""The machine, once; these words are for its first kernel."""
		machine = self.machine
		if machine.power_cut:
			self.write("cut", machine.power_cut + "\n")
		args = [*first_kernel_args(self.settings, machine),
			f"crashkernel={machine.reserve}", *words]
		command = ["qemu/session", str(self.folder), str(machine.arm_seconds * self.scale),
			   str(machine.capture_seconds * self.scale), machine.hook,
			   *qemu_options(self.board(), machine, self.target),
			   "-append", " ".join(args)]
		state = shlex.quote(str(self.path("state")))
		self.write("qemu.cmd", f"cd {shlex.quote(str(host.TOP))} && "
			   f"truncate -s 0 {state} && truncate -s {STATE_SIZE} {state}\n"
			   f"{shlex.join(command)}\n")
		self.path("verdict").unlink(missing_ok=True)
		status = host.status_of(command, self.path("session.log"))
		return Outcome(status, self.read("verdict").strip() or
			       "qemu/session ended without a verdict")

	def prepare_images(self) -> None:
		self.shared = images.shared_image(self.settings)
		if self.own_image:
			self.own_image()
		else:
			images.capture_image(self.folder, self.parts(), self.images, self.target.fs)
		images.first_image(self.folder, self.parts(), self.images, self.target.fs)

	def boot(self, *words: str) -> None:
		"""Crash, capture, come back, and unpack what is on the target."""
		self.prepare_images()
		host.blank(self.path("state"), STATE_SIZE)
		more: List[str] = [f"fk.workload={self.workload}"] if self.workload else []
		if self.path("target").is_file() and not self.machine.read_here:
			size = self.path("target").stat().st_size + (1 << 20)
			host.blank(self.path("out"), str(size))
			more += ["fk.target=yes", f"fk.fs={self.target.fs}"]
		words = (*more, *words)
		console = self.bad_console()
		outcome = self.start(*words)
		if console:
			if console.poll() is not None:
				raise Lost("qemu/bad-console, see bad-console.log")
			console.kill()
		self.follow(outcome, words)
		self.unpack()

	def bad_console(self) -> "Optional[subprocess.Popen[bytes]]":
		if not self.machine.console:
			return None
		for name in ("console.in", "console.out"):
			os.mkfifo(self.path(name))
		return host.start(["qemu/bad-console", self.machine.console, self.folder],
				  self.path("bad-console.log"))

	def follow(self, outcome: Outcome, words: Tuple[str, ...]) -> None:
		"""Where the machine did not come back by itself to show its disk, it is started
		for that, if it has one."""
		seen_here = self.machine.read_here or not self.path("out").is_file()
		if outcome.status == DONE or (outcome.status == OFF and seen_here):
			return
		if outcome.status not in (LOST, OFF):
			raise Lost(outcome.words)
		self.path("console.log").rename(self.path("console-crash.log"))
		cut = self.machine.power_cut
		if outcome.status == LOST and not cut:
			raise Lost(outcome.words)
		if cut:
			if outcome.words != "the power was cut":
				raise Lost(f"the console never said {cut}: {outcome.words}")
			self.path("cut").unlink()
			self.machine.power_cut = ""
		after = self.start(*words, "fk.role=collect")
		if after.status != DONE:
			raise Lost(f"looking afterwards: {after.words}")

	def operate(self, *words: str) -> None:
		"""A machine that does not crash, on which the verbs of "verbs" are run;
		operator.conf is its configuration."""
		self.shared = images.shared_image(self.settings)
		self.write("capture.img", "")
		images.first_image(self.folder, self.parts(), self.images, self.target.fs)
		outcome = self.start("fk.role=verbs", *words)
		if outcome.status != DONE:
			raise Lost(outcome.words)

	# ---- what it left ----

	def unpack(self) -> None:
		"""Its log from before the crash, what its workload made, and its disks' files."""
		state = self.path("state").read_bytes()
		before = state[:2 << 20].replace(b"\0", b"").split(b"\n", 1)
		self.path("dmesg-before").write_bytes(before[1] if len(before) > 1 else b"")
		self.path("kmsg-before").write_bytes(state[2 << 20:].replace(b"\0", b""))
		made = re.findall(r"^[0-9.]* ((?:made|skipped|note) .*)", self.read("events"), re.M)
		self.write("made", "".join(line + "\n" for line in made))
		self.path("ram").unlink(missing_ok=True)
		for path in self.folder.glob("work-*"):
			path.unlink()
		if self.path("second").is_file():
			disks.read(self.folder, "second", "out-second")
		out = self.path("out")
		if self.machine.read_here:
			if not out.is_dir():
				disks.read(self.folder, "target", "out", self.target.fs)
			# A folder "out" is a server's.
			elif not self.path("out-disk").is_dir() and self.path("target").is_file():
				disks.read(self.folder, "target", "out-disk", self.target.fs)
		if out.is_file():
			packed = out.rename(self.path("out.tar"))
			out.mkdir()
			if host.status_of(["tar", "--force-local", "-xpf", packed, "-C", out],
					  self.path("tar.log")):
				raise Lost("the files of the target cannot be unpacked")
			packed.unlink()

	def verbs_ended(self, wanted: List[str]) -> None:
		"""Each line is the exit status of a verb, and its words."""
		got = re.findall(r"^[0-9.]* verb (.*)", self.read("events"), re.M)
		if got != wanted:
			lines = [f"wanted {w!r}, got {g!r}" for w, g in zip(wanted, got) if w != g]
			raise Failed("a verb ended otherwise: " + (
				lines[0] if lines else f"wanted {len(wanted)} of them, "
				f"got {len(got)}: {got[-1:]}"))
