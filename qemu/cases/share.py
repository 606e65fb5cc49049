# SPDX-License-Identifier: GPL-2.0-or-later
"""A folder of this host is the target: by virtiofs, with a virtiofsd of Debian 13, saved by the
stock kernel; by 9p, which Debian's cloud kernels lack, by our own. What arrives is judged here,
while nobody has mounted it."""
import time
from pathlib import Path
from typing import List, Union

from harness import host
from harness.case import SMALL, Case
from harness.guest import Guest
from harness.images import STORE
from harness.machine import Images, Machine
from harness.verdict import Lost, Skipped

PACKAGES = ("virtiofsd", "libc6", "libgcc-s1", "libcap-ng0", "libseccomp2")


def virtiofsd(guest: Guest) -> List[Union[str, Path]]:
	"""Its command: with the libraries that it was built against."""
	deb = guest.settings.cpu.deb
	if deb != "amd64":
		raise Skipped("virtiofsd is run on amd64 only")
	root = STORE / "virtiofsd"
	with host.locked(STORE / "lock"):
		if not (root / "complete").is_file():
			(root / "debs").mkdir(parents=True, exist_ok=True)
			host.output(host.TOP / "agent/deps/apt", f"trixie:{deb}", "binary",
				    root / "debs", *PACKAGES)
			for path in sorted((root / "debs").glob("*.deb")):
				host.output("dpkg-deb", "-x", path, root)
			(root / "complete").touch()
	libs = root / "usr/lib/x86_64-linux-gnu"
	return [libs / "ld-linux-x86-64.so.2", "--library-path", libs,
		root / "usr/libexec/virtiofsd"]


def start_virtiofsd(guest: Guest, folder: Path) -> None:
	"""It ends with QEMU's connection."""
	host.start([*virtiofsd(guest), f"--socket-path={guest.path('vfs')}",
		    f"--shared-dir={folder}", "--sandbox=none", "--cache=never"],
		   guest.path("virtiofsd.log"))
	for _ in range(300):
		if guest.path("vfs").exists():
			return
		time.sleep(0.1)
	raise Lost(f"virtiofsd: {host.last_line(guest.read('virtiofsd.log'))}")


def prepare(guest: Guest) -> None:
	folder = guest.path("out")
	folder.mkdir()
	guest.words["target"] = f"{guest.variant}:host/crash"
	if guest.variant == "9p":
		guest.need_kernel("virt-host-x86_64")
		guest.machine.devices += [
			"-fsdev", f"local,id=share,path={folder},security_model=none",
			"-device", "virtio-9p-pci,fsdev=share,mount_tag=host"]
		return
	guest.images.modules.append("virtiofs")
	start_virtiofsd(guest, folder)
	guest.machine.share_ram = True
	guest.machine.devices += [
		"-chardev", f"socket,id=vfs,path={guest.path('vfs')}",
		"-device", "vhost-user-fs-pci,chardev=vfs,tag=host"]


CASE = Case(
	variants="virtiofs | 9p", rare=True,
	amd64_only="the devices are those of a PC",
	machine=Machine(no_reboot=True, read_here=True), images=Images(),
	config="target {target}\nlevel 31\n", words=SMALL, prepare=prepare,
	facts={"target": "{target}"})
