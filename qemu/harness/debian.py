# SPDX-License-Identifier: GPL-2.0-or-later
"""A real Debian with systemd as the guest.

Its root file system is of qemu/debian-root, its kernels and initramfs are those that it
has in its own /boot. Its life is told in stages. Each is one start of the machine, runs a
shell script (sh -eu) as root once the system is up, and ends with a reset or power-off.
What a script writes is in NAME.out, the console of that stage in console-NAME.log. A
command that fails fails the case. Needs root, as debootstrap does.
"""
import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path
from typing import List, Sequence

from harness import disks, host, questions
from harness.firmware import Firmware
from harness.guest import Guest
from harness.machine import Disk, first_kernel_args
from harness.verdict import Failed, Lost, Skipped

STAGE_SECONDS = 600
# One list for all cases that do not need more, so that it is installed once.
PACKAGES = "linux-image-cloud-amd64 initramfs-tools zstd xz-utils grub2-common".split()

# The unit that runs a stage. It is no part of multi-user.target, so that all of that,
# crashbox.service among it, has come up or failed before. Nobody waits for the others, and an
# emulated machine is slow.
SYSTEMD_HOOK = """#!/bin/sh
set -eu
cat >/etc/systemd/system/case.target <<'UNIT'
[Unit]
Requires=multi-user.target case.service
After=multi-user.target
AllowIsolate=yes
UNIT
cat >/etc/systemd/system/case.service <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mkdir -p /case && mount -r LABEL=case /case && exec sh /case/begin'
TimeoutStartSec=infinity
UNIT
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \\
	e2scrub_reap.service fstrim.timer man-db.timer getty@tty1.service \\
	serial-getty@ttyS0.service getty-static.service systemd-update-utmp.service \\
	systemd-update-utmp-runlevel.service systemd-tmpfiles-clean.timer; do
	ln -sf /dev/null "/etc/systemd/system/$unit"
done
"""

BEGIN = """exec >/dev/ttyS1 2>&1
cd /case
sh -eu stage
status=$?
case $status in
111) echo "status 0"; reboot 2>/dev/null ;;
*) echo "status $status"; poweroff 2>/dev/null ;;
esac
"""

# Of each script.
WORDS = r"""# How a script may end; without any of these the machine is switched off.
reboot() { exit 111; }
crash() { echo "status 0"; sync; sleep 1; echo c >/proc/sysrq-trigger; sleep 60; exit 1; }
failed() { echo "$*"; exit 1; }
# equals WHAT WANTED GOT
equals() { [ "$2" = "$3" ] || failed "$1: wanted '$2', got '$3'"; }
# wants STATUS WORD...: crashbox with these words ends so; what it says is in /tmp/said
wants()
{
	wanted=$1 got=0
	shift
	crashbox "$@" </dev/null >/tmp/said 2>&1 || got=$?
	read -r now rest </proc/uptime
	echo "== $now s: crashbox $*: status $got"
	cat /tmp/said
	[ "$got" = "$wanted" ] || failed "crashbox $*: status $got, wanted $wanted"
}
# says TEXT...: each is in a line of that; of two blanks or more the number does not count
says()
{
	for text in "$@"; do
		tr -s ' ' </tmp/said | grep -q -- "$text" || failed "it does not say: $text"
	done
}
"""


def disk_options(folder: Path, name: str) -> List[str]:
	return ["-drive", f"if=none,id={name},file={folder}/{name}.disk,format=raw,cache=unsafe",
		"-device", f"virtio-blk-pci,drive={name}"]


class Debian:
	def __init__(self, guest: Guest, packages: Sequence[str] = PACKAGES,
		     hook: str = SYSTEMD_HOOK, secure_boot: bool = False,
		     make: bool = True) -> None:
		if os.getuid():
			raise Skipped("debootstrap needs root")
		if not host.have("debootstrap"):
			raise Skipped("there is no debootstrap (tests/setup)")
		self.guest, self.folder = guest, guest.folder
		self.threads = "multi"	# a newer kernel than 6.1 wants "single"
		self.version = ""	# of the kernel that the next stage boots; empty: the newest
		self.case = self.folder / "case"	# files that stages find in /case
		if make:
			guest.write("hook", hook)
			host.do("qemu/debian-root", ["qemu/debian-root", self.root, "3G", *packages,
						     "--", guest.path("hook")],
				guest.path("debian-root.log"))
		self.firmware = Firmware(self.folder) if secure_boot else None
		guest.write("case/begin", BEGIN)

	@property
	def root(self) -> Path:
		return self.folder / "root"

	# ---- what it gets ----

	def package(self, *make_words: str) -> Path:
		"""The one under test, built anew if something has changed; another case may want
		another one at the same time."""
		log = self.guest.path("deb.log")
		with host.locked(host.TOP / "build/deb.lock"):
			host.do("make deb", ["make", "-s", "deb", *make_words], log)
			built = host.TOP / host.last_line(host.read(log))
			return Path(shutil.copy(built, self.folder / built.name))

	def json(self, stage: str, name: str) -> str:
		"""What a stage has said between "json NAME" and "json end"."""
		found = re.search(f"^json {name}$\n(.*?)^json end$",
				  self.guest.read(f"{stage}.out"), re.M | re.S)
		if not found:
			raise Failed(f"stage {stage} says no JSON of {name}")
		return found[1]

	def put(self, *files: Path) -> None:
		for file in files:
			shutil.copy(file, self.case)

	def install_crashbox(self, *make_words: str) -> Path:
		package = self.package(*make_words)
		self.put(package)
		return package

	# ---- what the bootloader would start ----

	def debugfs(self, request: str, *options: str) -> str:
		return host.output("debugfs", *options, "-R", request, self.root)

	def from_root(self, path: str, name: str) -> None:
		"""A file out of the guest's root, as it is on the disk."""
		file = self.folder / name
		file.unlink(missing_ok=True)
		self.debugfs(f"dump {path} {file}")
		if not file.is_file() or not file.stat().st_size:
			raise Failed(f"the root has no {path}")

	def find_kernel(self) -> None:
		if not self.version:
			names = re.findall(r"/vmlinuz-([^/]*)/", self.debugfs("ls -p /boot"))
			if not names:
				raise Failed("the root has no kernel in /boot")
			self.version = max(names, key=lambda name: [
				int(number) for number in re.findall(r"\d+", name)])
		for part in ("vmlinuz", "initrd.img"):
			self.from_root(f"/boot/{part}-{self.version}", part)

	# ---- a stage ----

	def command(self, stage: str, args: str, output: str) -> List[str]:
		"""The machine; a reset ends it, and the next stage starts it again."""
		machine = self.guest.machine
		words = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
			 "-accel", f"tcg,thread={self.threads}",
			 "-cpu", self.guest.settings.cpu_words, "-smp", str(machine.cpus),
			 "-m", machine.memory,
			 "-serial", f"file:{self.folder}/console-{stage}.log", *output.split(),
			 "-action", "reboot=shutdown", "-device", "virtio-rng-pci"]
		if self.firmware:
			words += self.firmware.options(self.folder, args)
		else:
			words += ["-kernel", str(self.folder / "vmlinuz"), "-initrd",
				  str(self.folder / "initrd.img"),
				  "-append", f"root=LABEL=root {args}"]
		for name in ("root", "case", "target", "leg1", "leg2"):
			if (self.folder / f"{name}.disk").is_file():
				words += disk_options(self.folder, name)
		return words

	def kernel_args(self, *more: str) -> str:
		machine = self.guest.machine
		# Else status has a warning on each: Debian's kernel goes on after an oops.
		words = [*first_kernel_args(self.guest.settings, machine), "oops=panic",
			 "systemd.unit=case.target"]
		if machine.reserve:
			words.append(f"crashkernel={machine.reserve}")
		return " ".join([*words, *more])

	def case_disk(self, script: str) -> None:
		self.guest.write("case/stage", WORDS + script)
		disks.make(self.folder, "case.disk", Disk(size="256M", mkfs=[
			"-O", "^has_journal", "-d", str(self.case)]), ("-L", "case"))

	def run(self, command: List[str]) -> int:
		"""Until it is off; -1 when it had to be ended."""
		self.guest.write("qemu.cmd", shlex.join(command) + "\n")
		seconds = STAGE_SECONDS * self.guest.scale
		with open(self.guest.path("qemu.log"), "ab") as log:
			try:
				return subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL,
						      stdout=log, stderr=log, timeout=seconds,
						      check=False).returncode
			except subprocess.TimeoutExpired:
				return -1

	def stage(self, name: str, script: str, *more_args: str) -> None:
		self.case_disk(script)
		self.find_kernel()
		disk = self.folder / "root.disk"
		disk.unlink(missing_ok=True)
		os.link(self.root, disk)
		self.play(name, self.command(name, self.kernel_args(*more_args),
					     f"-serial file:{self.folder}/{name}.raw"))

	def play(self, name: str, command: List[str], look: bool = True) -> None:
		"""One start of the machine; its root is looked at afterwards."""
		began = time.monotonic()
		ended = self.run(command)
		with open(self.guest.path("stages"), "a") as stages:
			stages.write(f"{name}: {time.monotonic() - began:.0f} s, "
				     f"Linux {self.version}\n")
		said = self.guest.read(f"{name}.raw").replace("\r", "")
		self.guest.write(f"{name}.out", said)
		if look:
			disks.fsck(self.root, "the root", self.guest.path("fsck-root.log"))
		if ended == -1:
			raise Lost(f"stage {name}: not over after {STAGE_SECONDS} s")
		if ended:
			raise Lost(f"stage {name}: QEMU ended with {ended}, see qemu.log")
		if host.last_line(said) != "status 0":
			raise Failed(f"stage {name}: {' '.join(said.splitlines()[-2:])}")

	# ---- after a crash ----

	def root_dump(self) -> None:
		"""The one dump in /var/crash of the root is whole."""
		questions.console(self.guest, "crashbox: saved ")
		out = self.guest.path("out")
		out.mkdir()
		self.debugfs(f"rdump /var/crash {out}")
		questions.find_dump(self.guest)
		if questions.check(self.guest, "vmcore"):
			raise Failed(host.last_line(self.guest.read("check")))
		questions.facts(self.guest, valid__value="true", complete__value="true")


def own_kernel() -> Path:
	"""Ours, for a package that has one."""
	path = Path("build/kernel/virt-x86_64/vmlinuz")
	if not (host.TOP / path).is_file():
		raise Skipped(f"no {path} (make kernel)")
	return path
