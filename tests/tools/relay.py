#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
#
# relay.py [--rate BYTES] [--after BYTES freeze|kill|cut] [--pids FILE] COMMAND...: stands
# between sshd and its SFTP server, which stays the real one. Passes on what the client
# sends, at most --rate bytes a second, and once it has passed on --after bytes:
#   freeze  stops itself and the server: the connection lives, and nothing answers
#   kill    kills the server with SIGKILL
#   cut     kills sshd's process of this connection with SIGKILL
# It writes its own process id and the server's to --pids.
import os
import signal
import subprocess
import sys
import time

args = sys.argv[1:]
rate = after = pids = action = None
while args[0].startswith("--"):
    option = args.pop(0)
    if option == "--rate":
        rate = int(args.pop(0))
    elif option == "--after":
        after, action = int(args.pop(0)), args.pop(0)
    elif option == "--pids":
        pids = args.pop(0)
    else:
        sys.exit("relay.py: what is %s?" % option)


def parent(pid):
    with open("/proc/%d/stat" % pid) as stat:
        return int(stat.read().rpartition(")")[2].split()[1])


def sshd_of(pid):
    while pid > 1:
        with open("/proc/%d/comm" % pid) as comm:
            if comm.read().startswith("sshd"):
                return pid
        pid = parent(pid)
    sys.exit("relay.py: not started by sshd")


server = subprocess.Popen(args, stdin=subprocess.PIPE)
if pids:
    with open(pids, "a") as out:
        out.write("%d %d\n" % (os.getpid(), server.pid))
passed = 0
began = time.monotonic()
while True:
    data = os.read(0, 16384 if rate else 65536)
    if not data:
        break
    if after is not None and passed + len(data) >= after:
        if action == "freeze":
            server.send_signal(signal.SIGSTOP)
            os.kill(os.getpid(), signal.SIGSTOP)
        elif action == "kill":
            server.kill()
            break
        elif action == "cut":
            os.kill(sshd_of(os.getppid()), signal.SIGKILL)
            server.kill()
            break
    try:
        server.stdin.write(data)
        server.stdin.flush()
    except BrokenPipeError:
        break
    passed += len(data)
    if rate:
        time.sleep(max(0, began + passed / rate - time.monotonic()))
try:
    server.stdin.close()
except BrokenPipeError:
    pass
sys.exit(server.wait() and 1)
