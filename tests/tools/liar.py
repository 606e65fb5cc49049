#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""liar.py FOLDER: a web server of FOLDER's `site` on 127.0.0.1 that lies as told.

Writes its port to FOLDER/port. FOLDER/lies is read for each request: a line is a regular
expression for the path and what it gets instead of the file,
    404 | 503 | half | other | /PATH
half has the Content-Length of the whole, other is other bytes of the same length, /PATH a
redirect. FOLDER/asked is the list of what was asked for; what came as to a proxy, with a
whole URL, begins with "proxy", and what came with a login with that. Ends with the process
that started it.
"""
import base64
import http.server
import os
import re
import sys
import threading
import time
import urllib.parse

FOLDER = sys.argv[1]


def lie_for(path):
    try:
        with open(f"{FOLDER}/lies") as lies:
            for line in lies:
                pattern, what = line.split()
                if re.search(pattern, path):
                    return what
    except FileNotFoundError:
        pass
    return None


class Liar(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        path = self.path
        kind, _, login = self.headers.get("Authorization", "").partition(" ")
        said = base64.b64decode(login).decode() + " " if kind == "Basic" else ""
        said += "proxy " if path.startswith("http:") else ""
        with open(f"{FOLDER}/asked", "a") as asked:
            asked.write(f"{said}{path}\n")
        path = urllib.parse.unquote(re.sub(r"^http://[^/]*", "", path))
        lie = lie_for(path)
        try:
            with open(f"{FOLDER}/site{path}", "rb") as file:
                data = file.read()
        except (FileNotFoundError, IsADirectoryError):
            lie = lie or "404"
        if lie and lie.isdigit():
            self.send_error(int(lie))
            return
        if lie and lie.startswith("/"):
            self.send_response(302)
            self.send_header("Location", lie)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if lie == "half":
            data = data[:len(data) // 2]
            self.close_connection = True
        if lie == "other":
            data = bytes(byte ^ 1 for byte in data)
        self.wfile.write(data)


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(0)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
with open(f"{FOLDER}/port.new", "w") as port:
    port.write(str(server.server_address[1]))
os.rename(f"{FOLDER}/port.new", f"{FOLDER}/port")
threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
server.serve_forever()
