# SPDX-License-Identifier: GPL-2.0-or-later
"""Firmware that starts what is signed for Microsoft's key, which is Debian's shim.

That starts Debian's GRUB, and that a kernel of Debian's, each with a look at the
signature. QEMU's own -kernel would go around the first two. They lie on a disk of their
own, with the kernel, as this firmware wakes up no other disk.
"""
import shutil
from pathlib import Path
from typing import List

from harness import host
from harness.verdict import Skipped

OVMF = Path("/usr/share/OVMF")
SIGNED = ("shim-signed", "grub-efi-amd64-signed")
EFI_FILES = {"usr/lib/shim/shimx64.efi.signed": "BOOT/BOOTX64.EFI",
	     "usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed": "BOOT/grubx64.efi",
	     "grub.cfg": "debian/grub.cfg"}


class Firmware:
	def __init__(self, folder: Path) -> None:
		if not (OVMF / "OVMF_VARS_4M.ms.fd").is_file():
			raise Skipped("no ovmf (tests/setup)")
		if not host.have("mcopy"):
			raise Skipped("no mtools (tests/setup)")
		self.efi = folder / "efi"
		(self.efi / "debs").mkdir(parents=True)
		for package in SIGNED:
			host.do(f"no package {package}", ["agent/deps/apt", "bookworm:amd64", "binary",
							  self.efi / "debs", package],
				folder / "apt.log")
		for deb in sorted((self.efi / "debs").glob("*.deb")):
			host.output("dpkg-deb", "-x", deb, self.efi)
		shutil.copy(OVMF / "OVMF_VARS_4M.ms.fd", folder / "variables")

	def loader(self, folder: Path, args: str) -> None:
		"""The disk that the firmware starts from, esp.disk."""
		(self.efi / "grub.cfg").write_text(
			f"linux /vmlinuz root=LABEL=root {args}\ninitrd /initrd.img\nboot\n")
		disk, log = folder / "esp.disk", folder / "esp.log"
		host.blank(disk, "128M")
		commands: List[List[object]] = [
			["mformat", "-i", disk, "-F", "::"],
			["mmd", "-i", disk, "::/EFI", "::/EFI/BOOT", "::/EFI/debian"],
			["mcopy", "-i", disk, folder / "vmlinuz", folder / "initrd.img", "::/"]]
		for source, place in EFI_FILES.items():
			commands.append(["mcopy", "-i", disk, self.efi / source, f"::/EFI/{place}"])
		for command in commands:
			host.do("the firmware's disk", [str(word) for word in command], log)

	def options(self, folder: Path, args: str) -> List[str]:
		self.loader(folder, args)
		return ["-machine", "q35,smm=on", "-global", "ICH9-LPC.disable_s3=1",
			"-global", "driver=cfi.pflash01,property=secure,value=on", "-drive",
			f"if=pflash,format=raw,readonly=on,file={OVMF}/OVMF_CODE_4M.secboot.fd",
			"-drive", f"if=pflash,format=raw,file={folder}/variables",
			"-drive", f"if=none,id=esp,file={folder}/esp.disk,format=raw",
			"-device", "virtio-blk-pci,drive=esp,bootindex=1"]
