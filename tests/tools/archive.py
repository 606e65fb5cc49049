#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""archive.py ROOT SUITE: a Debian archive of tiny packages, without a signature.

Standard input has a line for each package,
    NAME VERSION [PATH...]
which has these files, each with its name in it. Writes ROOT/pool/NAME_VERSION_amd64.deb and
the lists ROOT/dists/SUITE, in which it is yesterday.
"""
import hashlib
import io
import os
import sys
import tarfile
import time

ROOT, SUITE = sys.argv[1:]
DATE = "%a, %d %b %Y %H:%M:%S UTC"


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo("./" + name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def deb(control, paths):
    out = b"!<arch>\n"
    for name, data in (("debian-binary", b"2.0\n"),
                       ("control.tar.gz", tar({"control": control.encode()})),
                       ("data.tar.gz", tar({p: (p + "\n").encode() for p in paths}))):
        header = (name.encode(), 0, 0, 0, b"100644", len(data))
        out += b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % header
        out += data + b"\n" * (len(data) % 2)
    return out


def put(path, data):
    os.makedirs(os.path.dirname(f"{ROOT}/{path}"), exist_ok=True)
    with open(f"{ROOT}/{path}", "wb") as file:
        file.write(data)
    return f"{hashlib.sha256(data).hexdigest()} {len(data)}"


packages = ""
for line in sys.stdin:
    package, version, *paths = line.split()
    control = (f"Package: {package}\nVersion: {version}\nArchitecture: amd64\n"
               "Maintainer: nobody\nDescription: for a test\n")
    path = f"pool/{package}_{version}_amd64.deb"
    sha256, size = put(path, deb(control, paths)).split()
    packages += f"{control}Filename: {path}\nSize: {size}\nSHA256: {sha256}\n\n"
listed = put(f"dists/{SUITE}/main/binary-amd64/Packages", packages.encode())
yesterday = time.time() - 86400
put(f"dists/{SUITE}/Release", (
    f"Origin: Debian\nSuite: {SUITE}\nCodename: {SUITE}\nArchitectures: amd64\n"
    f"Components: main\nDate: {time.strftime(DATE, time.gmtime(yesterday))}\n"
    f"Valid-Until: {time.strftime(DATE, time.gmtime(yesterday + 3600))}\n"
    f"SHA256:\n {listed} main/binary-amd64/Packages\n").encode())
