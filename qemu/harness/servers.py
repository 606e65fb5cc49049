# SPDX-License-Identifier: GPL-2.0-or-later
"""Real servers for a guest's network: NFS by ganesha, SFTP by Debian's sshd."""
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List

from harness import host
from harness.verdict import Lost

ADDRESS, ADDRESS6 = "10.0.2.2", "fd00:2::2"
KEYS = ("id", "other-id", "host", "other-host")
PORT_SECONDS = 20

NFS_CONFIG = """NFS_CORE_PARAM {{
	Protocols = 3, 4;
	MNT_Port = 20048;
	Enable_NLM = false;
	Enable_RQUOTA = false;
	Enable_UDP = false;
	Plugins_Dir = {plugins};
}}
NFSv4 {{
	Graceless = true;
	RecoveryRoot = "{folder}";
}}
EXPORT {{
	Export_Id = 1;
	Path = "{export}";
	Pseudo = /crash;
	Access_Type = RW;
	Squash = No_Root_Squash;
	SecType = sys;
	Transports = TCP;
	Protocols = 3, 4;
	FSAL {{ Name = VFS; }}
}}
"""

SSH_CONFIG = """Port 22
HostKey {folder}/{host_key}
AuthorizedKeysFile {folder}/{known_key}.pub
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PidFile none
LogLevel DEBUG1
PermitRootLogin prohibit-password
Subsystem sftp /usr/lib/openssh/sftp-server
"""


@dataclass(frozen=True)
class Server:
	"""What a case asks for."""
	kind: str = ""		# nfs3, nfs4 (that is 4.2), sftp; else the variant says it
	size: str = ""		# what it exports is a file system of that size
	host_key: str = "host"	# what it really has; "host" is pinned
	known_key: str = "id"	# whom it lets in; "id" is the client's


@dataclass(frozen=True)
class Running:
	process: "subprocess.Popen[bytes]"
	target: str		# as a configuration has it
	target6: str		# the same over IPv6
	login: str		# lines of the configuration that go with it


def wait_for_port(port: int) -> None:
	"""Until somebody listens there."""
	end = time.monotonic() + PORT_SECONDS
	while not host.output("ss", "-Hltn", f"sport = :{port}").strip():
		if time.monotonic() > end:
			raise Lost(f"nobody listens on port {port}")
		time.sleep(0.2)


def nfs(folder: Path, export: Path) -> "subprocess.Popen[bytes]":
	at = folder / "nfs"
	at.mkdir(exist_ok=True)
	plugins = sorted(Path("/usr/lib").rglob("libfsalvfs.so"))
	if not plugins:
		raise Lost("ganesha has no file systems (libfsalvfs.so)")
	(at / "conf").write_text(NFS_CONFIG.format(folder=at, export=export,
						   plugins=plugins[0].parent))
	host.do("rpcbind", ["rpcbind"], at / "out")
	wait_for_port(111)
	process = host.start(["ganesha.nfsd", "-F", "-f", at / "conf", "-L", at / "log",
			      "-p", at / "pid"], at / "out")
	wait_for_port(2049)
	return process


def ssh(folder: Path, server: Server) -> "subprocess.Popen[bytes]":
	"""What it says is in ssh/log."""
	if not os.access(host.TOP / "build/ssh", os.X_OK):
		raise Lost("there is no build/ssh (make ssh)")
	at = folder / "ssh"
	at.mkdir(mode=0o700)
	Path("/run/sshd").mkdir(exist_ok=True)
	for key in KEYS:
		host.output("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at / key)
	(at / "config").write_text(SSH_CONFIG.format(folder=at, host_key=server.host_key,
						     known_key=server.known_key))
	process = host.start(["/usr/sbin/sshd", "-D", "-f", at / "config", "-E", at / "log"],
			     at / "out")
	wait_for_port(22)
	return process


def public_key(folder: Path, name: str) -> str:
	"""As a configuration has it: without whose it is."""
	return " ".join((folder / "ssh" / f"{name}.pub").read_text().split()[:2])


def login_of_ssh(folder: Path) -> str:
	return f"ssh_key {folder}/ssh/id\nssh_host_key {public_key(folder, 'host')}\n"


def run(kind: str, folder: Path, export: Path, server: Server) -> Running:
	targets: Dict[str, List[str]] = {
		"nfs3": [f"nfs3:{at}:{export}" for at in (ADDRESS, f"[{ADDRESS6}]")],
		"nfs4": [f"nfs4:{at}:/crash" for at in (ADDRESS, f"[{ADDRESS6}]")],
		"sftp": [f"sftp:root@{at}:{export}" for at in (ADDRESS, f"[{ADDRESS6}]")]}
	if kind not in targets:
		raise Lost(f"{kind}: no such kind of server; there are {' '.join(targets)}")
	target, target6 = targets[kind]
	if kind == "sftp":
		return Running(ssh(folder, server), target, target6, login_of_ssh(folder))
	return Running(nfs(folder, export), target, target6, "insecure yes\n")


def family(of: int) -> List[int]:
	"""A process and all that it has started, these first."""
	parents = [line.split() for line in
		   host.output("ps", "-e", "-o", "pid=,ppid=").splitlines()]
	children = [int(pid) for pid, parent in parents if int(parent) == of]
	return [pid for child in children for pid in family(child)] + [of]


def send(server: Running, number: signal.Signals) -> None:
	for pid in family(server.process.pid):
		try:
			os.kill(pid, number)
		except ProcessLookupError:
			pass	# it has just ended
