#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""fakeqemu.py ...: as much of QEMU as `crashbox vm` sees, its guest written down beforehand.

In the environment: FAKE_CONSOLE and FAKE_CHANNEL, what the guest writes at once; FAKE_LATE, what
the console has last, behind 6 MiB of other lines; FAKE_REASON, why the guest is off in the end;
FAKE_BUSY, a command that is never answered: once it was asked a file of that name is there.
"""
import json
import os
import socket
import time

ENV = os.environ


def write(path, text):
    with open(path, "a", encoding="ascii") as to:
        to.write(text.replace("\\n", "\n"))


def main():
    write("../console.log", ENV.get("FAKE_CONSOLE", ""))
    write("channel", ENV.get("FAKE_CHANNEL", ""))
    server = socket.socket(socket.AF_UNIX)
    server.bind("qmp")
    server.listen(1)
    client, _ = server.accept()
    client.sendall(b'{"QMP": {}}\n')
    for line in client.makefile("rb"):
        command = json.loads(line)["execute"]
        if command == ENV.get("FAKE_BUSY"):
            write("../" + command, "")
            time.sleep(600)
        answer = {"return": {}}
        if command == "query-status":
            if "FAKE_LATE" in ENV:
                write("../console.log", ("." * 63 + "\n") * (6 << 14) + ENV["FAKE_LATE"])
            event = {"event": "SHUTDOWN",
                     "data": {"reason": ENV.get("FAKE_REASON", "guest-shutdown")}}
            client.sendall(json.dumps(event).encode() + b"\n")
            answer = {"return": {"status": "shutdown"}}
        elif command == "dump-guest-memory":
            answer = {"error": {"class": "GenericError", "desc": "there is no memory"}}
        client.sendall(json.dumps(answer).encode() + b"\n")


main()
