# SPDX-License-Identifier: GPL-2.0-or-later
"""The images of a run: the capture kernel's initramfs, and that of the first kernel.

The latter is a part that all cases share (test init, Debian's kexec, modules, vmlinuz)
and a part of the case behind it (capture initramfs, arguments). Two archives in a row are
one to the kernel. Shared parts lie in build/qemu and are made anew when an input is
newer.
"""
import gzip
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

from harness.host import READER, TOP, locked, older, output, status_of
from harness.machine import Images
from harness.settings import Cpu, Settings
from harness.verdict import Failed, Lost

STORE = TOP / "build/qemu"
CPIO = TOP / "tests/tools/cpio"
# Debian's own kexec with the libraries it is linked to.
KEXEC_PACKAGES = """kexec-tools libc6 libxencall1 libxendevicemodel1 libxenevtchn1
	libxenforeignmemory1 libxengnttab1 libxenhypfs1 libxenstore4 libxentoolcore1
	libxentoollog1 zlib1g""".split()
KEXEC_MORE = {"bookworm": "libxenmisc4.17"}		# else that of trixie
# Those of a workload are loaded only for it.
WORK_MODULES = ["zram", "lzo_rle", "virtio_balloon", "hwpoison_inject"]	# those there are


def archive(lines: List[str]) -> bytes:
	done = subprocess.run([CPIO], input="\n".join(lines).encode() + b"\n", cwd=TOP,
			      stdout=subprocess.PIPE, check=False)
	if done.returncode:
		raise Lost("tests/tools/cpio: see case.log")
	return done.stdout


@dataclass(frozen=True)
class Shared:
	"""What all cases of a kernel have in common."""
	settings: Settings
	kernel: Path
	modules: Path		# lib/modules/VERSION of that kernel
	folder: Path		# in build/qemu
	program: Path		# the test init

	@property
	def tcg_threads(self) -> str:
		threads = self.settings.cpu.of("threads").split(",")
		# Newer kernels stall when TCG runs threads.
		return "multi" if {"all", self.settings.series} & set(threads) else "single"


# ---- what goes into both ----

def kexec_folder(cpu: Cpu) -> Path:
	"""kexec and its libraries, unpacked."""
	root = STORE / f"kexec{cpu.suffix}"
	if (root / "complete").is_file():
		return root
	shutil.rmtree(root, ignore_errors=True)
	(root / "debs").mkdir(parents=True)
	suite = cpu.of("kexec")
	packages = KEXEC_PACKAGES + [KEXEC_MORE.get(suite, "libxenmisc4.20")]
	output(TOP / "agent/deps/apt", f"{suite}:{cpu.deb}", "binary", root / "debs", *packages)
	for deb in sorted((root / "debs").glob("*.deb")):
		output("dpkg-deb", "-x", deb, root)
	(root / "complete").touch()
	return root


def kexec_list(cpu: Cpu) -> List[str]:
	root = kexec_folder(cpu)
	libs, loader = cpu.libraries, cpu.of("loader")
	# Programs may have moved below usr, in name only.
	places = [at for at in (root, root / "usr") if (at / "sbin/kexec").is_file()]
	loaders = [at / loader for at in (root, root / "usr") if (at / loader).is_file()]
	if not places or not loaders:
		raise Lost(f"there is no kexec in {root}")
	kexec = places[-1] / "sbin/kexec"
	said = output(*cpu.emulator, loaders[-1], "--list", "--library-path",
		      f"{root}/{libs}:{root}/usr/{libs}", kexec)
	lines = ["dir sbin 755", "dir lib 755", "dir lib64 755",
		 f"file sbin/kexec 755 {kexec}", f"file {loader} 755 {loaders[-1]}"]
	for words in map(str.split, said.splitlines()):
		if len(words) > 2 and words[1] == "=>" and words[2].startswith("/"):
			lines.append(f"file lib/{words[0]} 644 {words[2]}")
	return lines


def modules_list(store: Path, folder: str, modules: Path, names: List[str]) -> List[str]:
	"""Plain copies of modules in STORE/FOLDER: those of an image with them, unpacked."""
	unpacked, packed = store / "unpacked", store / "modules.cpio"
	shutil.rmtree(store / folder, ignore_errors=True)
	shutil.rmtree(unpacked, ignore_errors=True)
	unpacked.mkdir(parents=True)
	output(READER, "image", "--generic", "--modules", modules, "--drivers", " ".join(names),
	       "--codec", "none", "--output", packed)
	with open(packed, "rb") as file:
		subprocess.run(["cpio", "--quiet", "-id", "modules/*"], cwd=unpacked, stdin=file,
			       check=True)
	(unpacked / "modules").rename(store / folder)
	packed.unlink()
	return [f"dir {folder} 755"] + [f"file {folder}/{path.name} 644 {path}"
					for path in sorted((store / folder).iterdir())]


def build_program(cpu: Cpu) -> Path:
	"""The test's own init."""
	program = STORE / f"first-kernel{cpu.suffix}"
	if cpu.suffix:
		output(TOP / "agent/deps/cross", cpu.deb)
	sources = sorted((TOP / "qemu/first-kernel").iterdir())
	if older(program, sources):
		new = program.with_name(program.name + ".new")
		output(cpu.compiler, *"-std=gnu11 -Os -Wall -Wextra -Werror -static".split(),
		       "-o", new, *[path for path in sources if path.suffix == ".c"])
		new.rename(program)
	return program


def small_list(shared: Shared, names: List[str]) -> List[str]:
	lines = [f"dir {folder} 755" for folder in ("dev", "proc", "sys", "mnt", "tmp")]
	lines += ["nod dev/console 600 5 1", f"file init 755 {shared.program}"]
	return lines + modules_list(shared.folder, "modules", shared.modules, names)


def shared_image(settings: Settings) -> Shared:
	"""Cases side by side share these parts: the first one makes them, the others wait."""
	with locked(STORE / "lock"):
		kernel = Path(output(TOP / "qemu/fetch-kernel", settings.series,
				     settings.cpu.deb).strip())
		modules = sorted((kernel / "modules/lib/modules").iterdir())[-1]
		shared = Shared(settings, kernel, modules,
				STORE / f"{settings.series}{settings.cpu.suffix}",
				build_program(settings.cpu))
		shared.folder.mkdir(exist_ok=True)
		image = shared.folder / "shared.cpio"
		if not older(image, [shared.program, Path(__file__), CPIO, kernel / "vmlinuz"]):
			return shared
		lines = small_list(shared, ["virtio_pci", "virtio_blk", "ext4", "xfs"])
		dep = (modules / "modules.dep").read_text().replace("-", "_")
		names = [name for name in WORK_MODULES if f"/{name}.ko" in dep]
		lines += modules_list(shared.folder, "modules-work", modules, names)
		lines += kexec_list(settings.cpu)
		lines += ["dir capture 755", f"file capture/vmlinuz 644 {kernel}/vmlinuz"]
		new = shared.folder / "shared.cpio.new"
		new.write_bytes(archive(lines))
		new.rename(image)
	return shared


# ---- the image under test ----

def image_part(folder: Path, name: str, *options: object) -> None:
	if status_of([READER, "image", "--output", folder / name,
		      *[str(option) for option in options]], folder / "image.log"):
		raise Failed("crashbox image")


def drivers(images: Images, fs: str) -> str:
	return " ".join(images.modules + ["virtio_pci", "virtio_blk", fs])


def raw_image(folder: Path, shared: Shared) -> None:
	"""One that copies /proc/vmcore."""
	with locked(STORE / "lock"):
		lines = small_list(shared, ["virtio_pci", "virtio_blk"])
		(folder / "capture.img").write_bytes(gzip.compress(archive(lines), mtime=0))


def capture_image(folder: Path, shared: Shared, images: Images, fs: str) -> None:
	"""The initramfs under test."""
	if images.copies_vmcore:
		images.append.append("fk.role=rawcopy")
		raw_image(folder, shared)
		return
	options = ["--agent", shared.settings.binary, "--modules", shared.modules,
		   "--drivers", drivers(images, fs)]
	if shared.settings.capture_kernel:
		options = ["--agent", shared.settings.binary, "--no-modules"]
	config = ["--config", folder / "crashbox.conf"]
	if images.generic == "":
		image_part(folder, "capture.img", *config, *options)
	elif images.generic == "no-config":
		image_part(folder, "capture.img", "--generic", *options)
	elif images.generic != "here":		# see made_here_list
		image_part(folder, "generic.img", "--generic", "--codec", images.generic, *options)
		image_part(folder, "conf.cpio", "--config-only", *config)
		join(folder / "capture.img", folder / "generic.img", folder / "conf.cpio")


def join(whole: Path, *parts: Path) -> None:
	with open(whole, "wb") as out:
		for part in parts:
			with open(part, "rb") as file:
				shutil.copyfileobj(file, out)


# ---- the image of the kernel that crashes ----

def made_here_list(shared: Shared, images: Images, fs: str) -> List[str]:
	"""For making the capture image in the guest: as much of /lib/modules as it needs."""
	at = f"lib/modules/{shared.modules.name}"
	lines = ["dir lib 755", "dir lib/modules 755", f"dir {at} 755"]
	for table in ("dep", "softdep", "alias", "builtin"):
		lines.append(f"file {at}/modules.{table} 644 {shared.modules}/modules.{table}")
	said = output(READER, "image", "--generic", "--modules", shared.modules, "--list",
		      "--drivers", drivers(images, fs))
	more = set()
	for words in map(str.split, said.splitlines()):
		if len(words) > 3 and words[2].startswith("modules"):
			path = os.path.relpath(words[3], shared.modules)
			folder = at
			for part in path.split("/")[:-1]:
				folder = f"{folder}/{part}"
				more.add(f"dir {folder} 755")
			more.add(f"file {at}/{path} 644 {words[3]}")
	return lines + sorted(more)


def first_image(folder: Path, shared: Shared, images: Images, fs: str) -> None:
	(folder / "append").write_text(" ".join(images.append) + "\n")
	lines = ["dir capture 755"]
	if images.generic == "here":
		lines += made_here_list(shared, images, fs)
	else:
		lines.append(f"file capture/initrd 644 {folder}/capture.img")
	lines += [f"file capture/append 644 {folder}/append", "dir sbin 755",
		  f"file sbin/crashbox 755 {shared.settings.binary}"]
	if shared.settings.capture_kernel:
		lines.append(f"file capture/vmlinuz 644 {shared.settings.capture_kernel}")
	lines.append("dir etc 755")
	there: Dict[str, str] = {
		"crashbox.conf": "etc/crashbox.conf 600", "operator.conf": "etc/crashbox.conf 600",
		"verbs": "capture/verbs 644", "verbs-after": "capture/verbs-after 644"}
	for name, place in there.items():
		if (folder / name).is_file():
			lines.append(f"file {place} {folder}/{name}")
	lines += images.files
	if images.host_modules:
		# Its own folder, as cases side by side differ in these.
		lines += modules_list(folder, "modules-net", shared.modules, images.host_modules)
	for name in ("null.ko", "cont.ko"):
		if (folder / name).is_file():
			lines.append(f"file capture/{name} 644 {folder}/{name}")
	own = folder / "own.cpio"
	own.write_bytes(archive(lines))
	join(folder / "initrd", shared.folder / "shared.cpio", own)
	own.unlink()
