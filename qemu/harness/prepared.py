# SPDX-License-Identifier: GPL-2.0-or-later
"""A Debian that has been started, armed, and written down as it stood, for cases to go on
from.

The first case that wants it makes it: the package is installed in a root of its own, a
disk labelled "crash" is the target, and once the service has armed the machine, its
memory and disks go to build/qemu/debian-verbs. Each case is then a machine that wakes up
there, and is told its script by its second serial port. What is there is made anew for
another package.
"""
import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Callable

from harness import debian, disks, host
from harness.debian import STAGE_SECONDS, WORDS, Debian
from harness.guest import Guest, Plan
from harness.machine import Disk, Images, Machine
from harness.verdict import Lost

STORE = host.TOP / "build/qemu/debian-verbs"
# What is reserved is read by `crashbox test`, as all memory.
MACHINE = Machine(memory="768M", reserve="128M")
FIXTURES = ("tests/fixtures/kdump/redhat-ext4.conf", "tests/fixtures/kdump/suse")
LAST_LINE = "# the script ends here"
# What the port has heard before the machine's memory is back is lost, some bytes.
PADDING = ("#" * 70 + "\n") * 4
SCRIPT = f"""dpkg -i crashbox_*.deb 2>&1
echo "target disk:UUID=$(blkid -o value -s UUID "$(blkid -L crash)"):/dumps" >/etc/crashbox.conf
systemctl reload crashbox
wants 0 status
sync
stty raw -echo </dev/ttyS1
echo "status ready"
sed '/^{LAST_LINE}$/q' </dev/ttyS1 >/tmp/stage
exec sh -eu /tmp/stage
"""


def kdump_tools(folder: Path) -> None:
	"""What Debian itself has as /etc/default/kdump-tools."""
	host.do("no package kdump-tools", ["agent/deps/apt", "bookworm:amd64", "binary",
					   folder / "kdump-tools", "kdump-tools"],
		folder / "apt.log")
	for deb in (folder / "kdump-tools").glob("*.deb"):
		with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb],
				      stdout=subprocess.PIPE) as packed:
			text = subprocess.run(
				["tar", "-xO", "./usr/share/kdump-tools/kdump-tools.conf"],
				stdin=packed.stdout, stdout=subprocess.PIPE, check=True).stdout
		(folder / "case/kdump-tools").write_bytes(text)


def key_of(package: Path, cpu: str) -> str:
	"""Of all that the memory which was written down depends on."""
	summed = hashlib.sha256()
	for text in (cpu, host.output("qemu-system-x86_64", "--version")):
		summed.update(text.encode())
	sources = [package, host.TOP / "qemu/debian-root", Path(debian.__file__), Path(__file__)]
	for path in sources:
		summed.update(path.read_bytes())
	return summed.hexdigest()


class Resumed(Debian):
	"""The machine as it was written down; what it then does is of its own case."""
	def __init__(self, guest: Guest) -> None:
		super().__init__(guest, make=False)
		package = self.package("KERNEL=")
		with host.locked(STORE.with_suffix(".lock")):
			key = key_of(package, guest.settings.cpu_words)
			if host.read(STORE / "key") != key:
				make(guest, package)
				(STORE / "key").write_text(key)
		self.version = host.read(STORE / "version")
		for name in ("vmlinuz", "initrd.img"):
			os.link(STORE / name, self.folder / name)

	def resume(self, name: str, script: str, keep_disks: bool = False) -> None:
		"""Like Debian.stage; what it writes to disks is lost, if nobody looks there."""
		for disk in ("root", "target.disk", "case.disk"):
			if keep_disks:
				host.output("cp", "--sparse=always", STORE / disk, self.folder / disk)
			else:
				os.link(STORE / disk, self.folder / disk)
		os.link(self.root, self.folder / "root.disk")
		command = self.command(name, self.kernel_args(),
				       port(self.folder, name, PADDING + WORDS + script))
		if not keep_disks:
			command = [word.replace("cache=unsafe", "cache=unsafe,snapshot=on")
				   for word in command]
		self.play(name, [*command, "-incoming", f"exec:cat {STORE}/state"],
			  look=keep_disks)


def port(folder: Path, name: str, script: str) -> str:
	"""The second serial port: hears NAME.in, and what it says is in NAME.raw."""
	(folder / f"{name}.in").write_text(f"{script}{LAST_LINE}\n" if script else "")
	(folder / f"{name}.raw").touch()
	# QEMU's kind of pipe opens these two, whatever they are.
	(folder / f"{name}.port.in").symlink_to(f"{name}.in")
	(folder / f"{name}.port.out").symlink_to(f"{name}.raw")
	return f"-chardev pipe,id=words,path={folder}/{name}.port -serial chardev:words"


# ---- how it is made ----

def make(of: Guest, package: Path) -> None:
	shutil.rmtree(STORE, ignore_errors=True)
	STORE.mkdir(parents=True)
	guest = Guest(Plan("debian-verbs", "", STORE, of.settings), MACHINE, Images(), Disk())
	machine = Debian(guest)
	machine.put(package, *[host.TOP / file for file in FIXTURES])
	kdump_tools(STORE)
	disks.make(STORE, "target.disk", Disk(size="600M"), ("-L", "crash"))
	machine.case_disk(SCRIPT)
	machine.find_kernel()
	(STORE / "version").write_text(machine.version)
	os.link(machine.root, STORE / "root.disk")
	command = [*machine.command("prepared", machine.kernel_args(),
				   port(STORE, "prepared", "")),
		   "-monitor", "unix:monitor,server=on,wait=off"]
	with open(STORE / "qemu.log", "ab") as log, subprocess.Popen(
			command, cwd=STORE, stdin=subprocess.DEVNULL, stdout=log,
			stderr=log) as program:
		try:
			wait(program, lambda: "status ready" in guest.read("prepared.raw"),
			     STAGE_SECONDS * of.scale, guest)
			write_down(program, guest)
		finally:
			program.kill()


def wait(machine: "subprocess.Popen[bytes]", done: Callable[[], bool], seconds: float,
	 guest: Guest) -> None:
	end = time.monotonic() + seconds
	while not done():
		if machine.poll() is not None or time.monotonic() > end:
			raise Lost("no Debian can be prepared: "
				   f"{host.last_line(guest.read('prepared.raw'))}, see {STORE}")
		time.sleep(0.2)


def ask(*words: str) -> str:
	return host.output("qemu/monitor", STORE, *words)


def write_down(machine: "subprocess.Popen[bytes]", guest: Guest) -> None:
	"""Its memory, and it stands still from then on."""
	ask("migrate_set_parameter", "max-bandwidth", "10G")
	ask("migrate", "-d", '"exec:cat >state"')
	wait(machine, lambda: "Migration status: completed" in ask("info", "migrate"), 300, guest)
	ask_to_end(machine)


def ask_to_end(machine: "subprocess.Popen[bytes]") -> None:
	host.status_of(["qemu/monitor", STORE, "quit"])	# it hangs up instead of answering
	machine.wait(30)
