# SPDX-License-Identifier: GPL-2.0-or-later
"""What a judge says of a dump: crash of Debian's newest release, with the kernel's vmlinux."""
import subprocess
import tempfile

CRASH = ["tests/compare/peer", "sid", "crash"]


def crash_says(dump, vmlinux, command):
    """Its answer to one command; run from the top of the project."""
    with tempfile.NamedTemporaryFile("w", suffix=".crash") as commands:
        commands.write(command + "\nexit\n")
        commands.flush()
        done = subprocess.run([*CRASH, "-s", "-i", commands.name, vmlinux, dump], check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    return done.stdout.decode("ascii", "replace")
