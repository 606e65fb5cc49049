# SPDX-License-Identifier: GPL-2.0-or-later
"""An SFTP server in a network namespace of its own, which a capture shares."""
import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import List

SSHD = "/usr/sbin/sshd"
SFTP = "/usr/lib/openssh/sftp-server"
PORT = 22
BOUND = ["setpriv", "--pdeathsig", "KILL"]	# whoever started it is gone: so is it
LISTEN = """import socket
s = socket.create_server(("127.0.0.1", 2049))
while True:
    s.accept()[0].close()
"""


def make_key(path: Path) -> str:
	path.unlink(missing_ok=True)
	subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)],
		       check=True)
	return Path(f"{path}.pub").read_text().strip()


class Server:
	"""OpenSSH's own; what it was given is in `files`."""

	def __init__(self, folder: Path) -> None:
		self.folder, self.files = folder, folder / "files"
		folder.mkdir()
		self.host_key = make_key(folder / "host_key")
		(folder / "authorized").write_text(make_key(folder / "id") + "\n")
		(folder / "config").write_text("\n".join([
			f"Port {PORT}", "ListenAddress 127.0.0.1", f"HostKey {folder}/host_key",
			f"AuthorizedKeysFile {folder}/authorized", "StrictModes no", "UsePAM no",
			"PasswordAuthentication no", "KbdInteractiveAuthentication no",
			"PidFile none", "PermitRootLogin prohibit-password",
			f"Subsystem sftp {SFTP}"]) + "\n")
		os.makedirs("/run/sshd", exist_ok=True)
		script = (f"ip link set lo up && ip link add eth0 type veth peer name wire && "
			  f"ip link set wire up && exec {SSHD} -D -f {folder}/config -E {folder}/log")
		self.program = subprocess.Popen([*BOUND, "unshare", "-n", "sh", "-c", script])
		self._await()
		# An NFS server is asked whether it is there; its file system is a folder.
		self.listener = subprocess.Popen([*BOUND, "nsenter", f"--net={self.netns}",
						  "/usr/bin/python3", "-c", LISTEN])

	def _await(self) -> None:
		for _ in range(200):
			log = self.folder / "log"
			if log.exists() and "Server listening" in log.read_text():
				return
			time.sleep(0.05)
		raise TimeoutError(f"{self.folder}: sshd does not start")

	@property
	def netns(self) -> str:
		return f"/proc/{self.program.pid}/ns/net"

	def target(self) -> str:
		return f"target sftp:root@127.0.0.1:{PORT}:{self.files}/crash"

	def login(self) -> str:
		"""The lines of a configuration that let a client in."""
		return f"ssh_key {self.folder}/id\nssh_host_key {self.host_key}\n"

	def secret(self) -> bytes:
		"""What must be nowhere else: the middle of the client's private key."""
		lines = (self.folder / "id").read_bytes().splitlines()
		return lines[len(lines) // 2]

	def empty(self) -> None:
		shutil.rmtree(self.files, ignore_errors=True)
		self.files.mkdir()

	def nfs_target(self) -> str:
		return "target nfs:127.0.0.1:/export/crash"

	def _sessions(self) -> List[int]:
		"""The server's children and theirs, which a signal to it does not reach."""
		pids, found = [self.program.pid], []
		while pids:
			said = subprocess.run(["pgrep", "-P", str(pids.pop())], check=False,
					      stdout=subprocess.PIPE).stdout.split()
			pids += [int(pid) for pid in said]
			found += [int(pid) for pid in said]
		return found

	def stop(self) -> None:
		for pid in self._sessions():
			with contextlib.suppress(ProcessLookupError):	# it has ended by itself
				os.kill(pid, signal.SIGKILL)
		for program in (self.program, self.listener):
			program.kill()
			program.wait()
