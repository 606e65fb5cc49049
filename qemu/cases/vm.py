# SPDX-License-Identifier: GPL-2.0-or-later
"""`crashbox vm`, as somebody runs it who tests a kernel: a command that succeeds, one that
fails, and one that crashes its guest, whose dump, report and log lie here then. Guests that
cannot capture themselves: not armed, hung with interrupts off, QEMU killed."""
import os
import re
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as xml
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List

from harness import host
from harness.case import Case
from harness.common import build_lab
from harness.guest import Guest
from harness.verdict import Failed, Lost

PROGRAMS = ("sh", "sleep", "uname", "kmod", "mount", "chroot")
FILES = ("vmcore", "vmcore-dmesg.txt", "report.txt", "report.json", "manifest.json")
PANIC = "echo c >/proc/sysrq-trigger"


def root_with(folder: Path) -> Path:
	"""A file system: a shell of this host, and the libraries that it needs."""
	for name in PROGRAMS:
		program = shutil.which(name)
		if not program:
			raise Lost(f"there is no {name} here")
		(folder / "bin").mkdir(parents=True, exist_ok=True)
		shutil.copy(program, folder / "bin" / name)
		for library in re.findall(r"/\S+", host.output("ldd", program)):
			if library.endswith(":"):
				continue
			(folder / library[1:]).parent.mkdir(parents=True, exist_ok=True)
			shutil.copy(library, folder / library[1:])
	return folder


@dataclass(frozen=True)
class Ran:
	status: int
	said: str	# on standard output: the guest's console
	line: str	# of what happened, the last one of the errors


@dataclass(frozen=True)
class Vm:
	guest: Guest

	@property
	def out(self) -> Path:
		return self.guest.path("got")

	def words(self, *words: str) -> List[str]:
		kernel = Path(host.output("qemu/fetch-kernel", self.guest.settings.series).strip())
		modules = next((kernel / "modules/lib/modules").iterdir())
		return [str(self.guest.settings.binary), "vm", "--kernel", str(kernel / "vmlinuz"),
			"--modules", str(modules), "--out", str(self.out),
			"--hang", str(60 * self.guest.scale), *words]

	def start(self, *words: str) -> "subprocess.Popen[str]":
		return self.start_words(self.words(*words))

	def start_words(self, words: List[str]) -> "subprocess.Popen[str]":
		return subprocess.Popen(words, stdin=subprocess.DEVNULL, text=True,
					errors="replace", stdout=subprocess.PIPE,
					stderr=subprocess.PIPE, cwd=self.guest.folder)

	def end(self, program: "subprocess.Popen[str]") -> Ran:
		said, errors = program.communicate()
		self.guest.write("said", said)
		self.guest.write("errors", errors)
		return Ran(program.returncode, said, host.last_line(errors))

	def run(self, *words: str) -> Ran:
		return self.end(self.start(*words))

	def shell(self, text: str, *words: str) -> Ran:
		root = root_with(self.guest.path("root"))
		return self.run(*words, "--root", str(root), "--", "sh", "-c", text)


def wants(ran: Ran, status: int, pattern: str) -> None:
	if ran.status != status or not re.search(pattern, ran.line):
		raise Failed(f"status {ran.status}, not {status}, or not '{pattern}': {ran.line}")


def wants_crash(vm: Vm, *patterns: str) -> None:
	"""Dump, report and log are here, and say that."""
	for name in FILES:
		if not (vm.out / name).is_file():
			raise Failed(f"there is no {name}")
		if (vm.out / name).stat().st_mode & 0o077:
			raise Failed(f"others may read {name}")
	if host.status_of([host.READER, "check", vm.out / "vmcore"], vm.guest.path("check.log")):
		raise Failed("the dump is not whole, see check.log")
	for pattern in patterns:
		if not re.search(pattern, host.read(vm.out / "report.txt")):
			raise Failed(f"the report has no '{pattern}'")
	if list(vm.out.glob(".work*")):
		raise Failed("the working folder is still there")


def succeeds(vm: Vm) -> None:
	root_with(vm.guest.path("root"))
	(vm.guest.path("root") / "file").write_text("hello\n")
	ran = vm.shell("read line <file && echo $line there; echo 1 >file")
	wants(ran, 0, "vm: done, ")
	if "\nhello there" not in ran.said or (vm.out / "vmcore").exists():
		raise Failed("the console does not have what the command said, or there is a dump")
	if (vm.guest.path("root") / "file").read_text() != "hello\n":
		raise Failed("the guest has changed a file of ours")


def fails(vm: Vm) -> None:
	junit = vm.guest.path("junit.xml")
	ran = vm.shell("kill -9 $$", "--tap", "--junit", str(junit))
	wants(ran, 1, "failed: the command ended with signal 9")
	if ran.said.splitlines()[:3] != ["TAP version 13", "1..1", "not ok 1 - sh -c kill -9 $$"]:
		raise Failed(f"this is no TAP: {ran.said}")
	case = xml.parse(junit).getroot().find("testcase")
	failure = case.find("failure") if case is not None else None
	if failure is None or failure.get("type") != "failed":
		raise Failed("JUnit's file has no failure")


def panics(vm: Vm) -> None:
	junit = vm.guest.path("junit.xml")
	ran = vm.shell(PANIC, "--junit", str(junit))
	wants(ran, 3, "panicked: Kernel panic.*sysrq triggered crash; saved by its capture kernel")
	wants_crash(vm, "Somebody asked for this crash, by sysrq", "QEMU Standard PC")
	failure = xml.parse(junit).getroot().find("testcase/failure")
	if failure is None or "by sysrq" not in (failure.text or ""):
		raise Failed("JUnit's file does not have the report's first lines")


def unarmed(vm: Vm) -> None:
	ran = vm.shell(PANIC, "--unarmed")
	wants(ran, 3, "panicked: .*; its memory is saved: ")
	wants_crash(vm, "Somebody asked for this crash, by sysrq")


def no_memory(vm: Vm) -> None:
	"""What cannot be armed says why, and is saved all the same."""
	ran = vm.shell(PANIC, "--append", "crashkernel=0M")
	wants(ran, 3, r"its memory is saved: .* \(not armed: no memory is reserved")
	wants_crash(vm, "Somebody asked for this crash, by sysrq")


def starved(vm: Vm) -> None:
	"""A reservation in which the capture kernel starts, and dies: the first one's memory is
	still there, and is told from it."""
	ran = vm.shell(PANIC, "--reserve", "66M")
	wants(ran, 3, "panicked: .*sysrq triggered crash; its capture kernel has saved nothing, "
	      "its memory is: ")
	if ran.said.count("Kernel panic - not syncing") < 2:
		raise Lost("the capture kernel did not die")
	wants_crash(vm, "Somebody asked for this crash, by sysrq", "uptime", "crashkernel=66M")


def no_kexec(vm: Vm) -> None:
	"""A kernel that cannot start another one, with all drivers built in: ours."""
	vm.guest.need_kernel("virt-x86_64")
	root = root_with(vm.guest.path("root"))
	words = vm.words("--root", str(root), "--", "sh", "-c", PANIC)
	words[words.index("--modules"):words.index("--out")] = []
	words[words.index("--kernel") + 1] = str(vm.guest.settings.capture_kernel)
	ran = vm.end(vm.start_words(words))
	wants(ran, 3, r"its memory is saved: .* \(not armed: .*CONFIG_KEXEC")
	wants_crash(vm, "Somebody asked for this crash, by sysrq")


def own_kernel(vm: Vm) -> None:
	vm.guest.need_kernel("virt-x86_64")
	ran = vm.shell(PANIC, "--reserve", "32M", "--capture-kernel",
		       str(vm.guest.settings.capture_kernel))
	wants(ran, 3, "saved by its capture kernel")
	wants_crash(vm, "Somebody asked for this crash, by sysrq")


def ends(vm: Vm) -> None:
	"""Other ends than of its own: no such command, a reset, the clock, Ctrl-C. The heart
	goes on when a command ends all that it can."""
	wants(vm.shell("exec nothing-of-that-name"), 1, "failed: the command ended with status 127")
	root = str(vm.guest.path("root"))
	wants(vm.run("--root", root, "--", "nothing-of-that-name"), 125,
	      "nothing: the command could not be started: No such file")
	wants(vm.run("--root", root, "--hang", str(15 * vm.guest.scale), "--", "sh", "-c",
		     f"kill -9 -1; sleep {30 * vm.guest.scale}"), 0, "vm: done, ")
	ran = vm.run("--root", root, "--", "sh", "-c", "echo b >/proc/sysrq-trigger")
	wants(ran, 7, "gone: the guest was reset before the command had ended; .*its memory is: ")
	wants_crash(vm)
	shutil.rmtree(vm.out)
	seconds = 30 * vm.guest.scale
	ran = vm.run("--root", root, "--timeout", str(seconds), "--", "sleep", "999")
	wants(ran, 6, f"time-up: not at its end after {seconds} s; .*its memory is: ")
	wants_crash(vm)
	shutil.rmtree(vm.out)
	program = vm.start("--root", root, "--", "sleep", "999")
	time.sleep(5)
	program.send_signal(signal.SIGINT)
	wants(vm.end(program), 125, "nothing: stopped by a signal")
	if list(vm.out.glob(".work*")) or (vm.out / "vmcore").exists():
		raise Failed("something has stayed of a guest that was stopped")


def share(vm: Vm) -> None:
	"""A kernel with 9p sees the folder itself, and cannot change it."""
	vm.guest.set(series="6.1-full")
	root = root_with(vm.guest.path("a,folder"))
	(root / "file").write_text("hello\n")
	ran = vm.run("--root", str(root), "--", "sh", "-c",
		     "echo more >>file && read -r line </proc/mounts && echo $line; " + PANIC)
	wants(ran, 3, "saved by its capture kernel")
	wants_crash(vm, "Somebody asked for this crash, by sysrq")
	if not re.search("(?m)^overlay / overlay rw", ran.said):
		raise Failed("the guest has another root than by 9p")
	if (root / "file").read_text() != "hello\n":
		raise Failed("the guest has changed a file of ours")


def archive_with(folder: Path, init: str, to: Path) -> None:
	"""A shell, and an /init of that text."""
	root_with(folder)
	(folder / "init").write_text(f"#!/bin/sh\n{init}\n")
	(folder / "init").chmod(0o755)
	host.do("cpio", ["sh", "-c", f"cd {folder} && find . | cpio -o -H newc | gzip >{to}"],
		folder.with_suffix(".log"))


def archive(vm: Vm) -> None:
	"""The user's own archive: a command in it, its /init, and one that dies."""
	initrd = vm.guest.path("initrd")
	archive_with(vm.guest.path("ends"), "echo init is here; echo o >/proc/sysrq-trigger; "
		     "sleep 99", initrd)
	ran = vm.run("--initrd", str(initrd), "--", "sh", "-c", "echo in the archive; exit 5")
	wants(ran, 1, "failed: the command ended with status 5")
	ran = vm.run("--initrd", str(initrd))
	wants(ran, 0, "vm: done, ")
	if "init is here" not in ran.said:
		raise Failed("the archive's /init did not run")
	archive_with(vm.guest.path("dies"), "exit 7", initrd)
	ran = vm.run("--initrd", str(initrd))
	wants(ran, 3, "panicked: .*Attempted to kill init! exitcode=0x00000700; saved by")
	wants_crash(vm, "exit")


def recipes(vm: Vm) -> None:
	"""What the manual shows, as it stands there."""
	page = host.read(host.TOP / "initramfs/install/crashbox.8")
	section = page.split(".Sh KERNEL TESTS IN QEMU", 1)[1].split("\n.Sh ", 1)[0]
	shown = re.findall(r"(?s)\.Bd -literal -offset indent\n(.*?)\.Ed", section)
	at = vm.guest.path("recipes")
	root = root_with(at / "rootfs")
	(root / "test").write_text("echo the test runs\n" + PANIC + "\n")
	kernel = Path(host.output("qemu/fetch-kernel", vm.guest.settings.series).strip())
	(at / "bzImage").symlink_to(kernel / "vmlinuz")
	(at / "modules").symlink_to(next((kernel / "modules/lib/modules").iterdir()))
	archive_with(vm.guest.path("dies"), "exit 7", at / "initrd")
	(at / "bin").mkdir()
	(at / "bin/crashbox").symlink_to(vm.guest.settings.binary)
	wanted = ((0, "\nfrom a guest\n"), (3, "\nFINDING\n.*by sysrq"), (0, "\nFINDING\n"))
	if len(shown) != len(wanted):
		raise Failed(f"the manual has {len(shown)} recipes")
	for text, (status, says) in zip(shown, wanted):
		done = subprocess.run(["sh", "-c", text.replace("\\e", "\\")], cwd=at, check=False,
				      env={**os.environ, "PATH": f"{at}/bin:{os.environ['PATH']}"},
				      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
				      stderr=subprocess.STDOUT)
		said = done.stdout.decode("utf-8", "replace").replace("\r", "")
		vm.guest.write("said", said)
		if done.returncode != status or not re.search(says, said, re.S):
			raise Failed(f"status {done.returncode}, or not '{says}' in said: {text}")
		shutil.rmtree(at / "crash", ignore_errors=True)


def killed(vm: Vm) -> None:
	root = root_with(vm.guest.path("root"))
	program = vm.start("--root", str(root), "--", "sh", "-c", "echo here it is; sleep 999")
	end = time.monotonic() + 120 * vm.guest.scale
	while "here it is" not in host.read(vm.out / "console.log"):
		if time.monotonic() > end or program.poll() is not None:
			raise Lost("the guest never came up")
		time.sleep(0.5)
	children = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
	for child in children:
		os.kill(int(child), signal.SIGKILL)
	wants(vm.end(program), 5, "killed: QEMU has ended by signal 9; .* its memory is: ")
	wants_crash(vm, "sleep 999|vdb: ext4")


def hangs(vm: Vm) -> None:
	build_lab(vm.guest)
	root = root_with(vm.guest.path("root"))
	shutil.copy(vm.guest.path("lab.ko"), root)
	(root / "bin/insmod").symlink_to("kmod")
	ran = vm.shell("insmod /lab.ko crash=deaf; sleep 999", "--cpus", "1")
	wants(ran, 4, "hung: no sign of life for [0-9]+ s; ")
	wants_crash(vm, "lab_spin_deaf")


def node(vm: Vm) -> None:
	"""The container for nodes of a cluster arms the guest in place of what is loaded there,
	by the kernel's own call; and what it has armed captures, with the guest's own kernel."""
	made, root = vm.guest.path("made"), root_with(vm.guest.path("root"))
	host.do("container", ["env", f"BINARY={vm.guest.settings.binary}", "SSH=", "KERNEL=",
			      "initramfs/install/kubernetes/rootfs", made], vm.guest.path("made.log"))
	shutil.copytree(made / "rootfs", root / "container")
	for folder in ("container/proc", "run", "var/lib", "boot"):
		(root / folder).mkdir(parents=True)
	(root / "container/node/etc/crashbox.conf.d/50-cluster.conf").write_text(
		"target disk:LABEL=crashbox-vm:/\nhost by-the-node\n")
	words = vm.words()
	modules = Path(words[words.index("--modules") + 1])
	shutil.copytree(modules, root / "lib/modules" / modules.name, symlinks=True)
	shutil.copy(words[words.index("--kernel") + 1], root / f"boot/vmlinuz-{modules.name}")
	ran = vm.shell("mount -t proc proc /container/proc && "
		       "mount --rbind / /container/host && "
		       "chroot /container /node/opt/crashbox/sbin/crashbox node --once && " + PANIC)
	wants(ran, 3, "panicked: .*sysrq triggered crash; saved by its capture kernel")
	wants_crash(vm, "Somebody asked for this crash, by sysrq")
	if '"host": "by-the-node"' not in host.read(vm.out / "manifest.json"):
		raise Failed("it was not captured by what the container has loaded")


STORIES: Dict[str, Callable[[Vm], None]] = {
	"succeeds": succeeds, "fails": fails, "panics": panics, "unarmed": unarmed,
	"no-memory": no_memory, "killed": killed, "hangs": hangs, "share": share,
	"archive": archive, "recipes": recipes, "no-kexec": no_kexec,
	"own-kernel": own_kernel, "starved": starved, "ends": ends,
	"node": node,
}


def story(guest: Guest) -> None:
	STORIES[guest.variant](Vm(guest))


CASE = Case(variants="succeeds fails panics | "
		     "unarmed no-memory starved no-kexec own-kernel killed hangs share archive recipes ends node",
	    amd64_only="crashbox vm knows the PC only", story=story)
