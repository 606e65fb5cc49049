#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""s3server.py FOLDER: a small S3 store on a port of the loopback, for tests.

Reckons the signature of each request itself (AWS Signature Version 4), and refuses one that is
not right, whose clock is off, whose session token is not the one it wants, or whose body is not
what was signed. Keeps what it takes in FOLDER/store; FOLDER/port and FOLDER/log say where it
listens and what it was asked. FOLDER/fault has how it breaks, if it is there:
  STATUS [PATTERN]   answers that to requests whose method and path have the pattern in them
  trickle [PATTERN]  answers a header line each half second, and never ends
  endless [PATTERN]  answers without an end
  cut [PATTERN]      reads half of the body, and hangs up
  slow [PATTERN]     answers after 4 seconds; hang: after 100
  tag [PATTERN]      takes it, and names an ETag that is wrong
  drop [PATTERN]     takes it, answers well, and has kept nothing
  late [PATTERN]     says 200, and an error in the body
S3_CERT names a certificate with its key: then it speaks TLS.
Roles: GET /role is a container's, PUT and GET /latest/... a machine's, POST / a web identity's.
"""
import datetime
import hashlib
import hmac
import http.server
import json
import os
import re
import ssl
import sys
import threading
import time
import urllib.parse

ID = os.environ.get("S3_ID", "AKIA:TEST")
SECRET = os.environ.get("S3_SECRET", 'wJalr/XUtnFEMI+K7"MD\\ENG')
TOKEN = os.environ.get("S3_TOKEN", "")
REGION = os.environ.get("S3_REGION", "us-east-1")
CONDITIONS = os.environ.get("S3_CONDITIONS", "yes")
FOLDER = sys.argv[1]
ROLE = {"AccessKeyId": ID, "SecretAccessKey": SECRET, "Token": TOKEN or "role-token"}
LOCK = threading.Lock()
UPLOADS = {}


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def quote(text):
    return urllib.parse.quote(text, safe="-_.~")


class Refused(Exception):
    def __init__(self, status, code):
        super().__init__(code)
        self.status, self.code = status, code


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status, code):
        # Whatever of the body was not read would be taken for the next request.
        self.close_connection = True
        self.answer(status, f"<?xml version='1.0'?>\n<Error><Code>{code}</Code>"
                    f"<Message>no, {code}</Message></Error>".encode())

    def body(self):
        if self.headers.get("Transfer-Encoding"):
            raise Refused(411, "MissingContentLength")
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    # ---- the signature, from the description of the protocol ----

    def check(self):
        said = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^,]*), ?SignedHeaders=([^,]*), ?"
                            r"Signature=([0-9a-f]{64})", self.headers.get("Authorization", ""))
        if not said:
            raise Refused(403, "AccessDenied")
        scope = said[1].rsplit("/", 4)
        when = self.headers["x-amz-date"]
        if scope[0] != ID:
            raise Refused(403, "InvalidAccessKeyId")
        if scope[1:] != [when[:8], REGION, "s3", "aws4_request"]:
            raise Refused(403, "AuthorizationHeaderMalformed")
        stamp = datetime.datetime.strptime(when, "%Y%m%dT%H%M%SZ")
        if abs((datetime.datetime.utcnow() - stamp).total_seconds()) > 900:
            raise Refused(403, "RequestTimeTooSkewed")
        names = said[2].split(";")
        wanted = [name.lower() for name in self.headers
                  if name.lower() == "host" or name.lower().startswith("x-amz-")]
        if names != sorted(names) or not set(wanted) <= set(names):
            raise Refused(403, "AccessDenied")
        if self.headers.get("x-amz-security-token", "") != TOKEN:
            raise Refused(403, "InvalidToken")
        path, _, query = self.path.partition("?")
        pairs = sorted((quote(k), quote(v))
                       for k, v in urllib.parse.parse_qsl(query, keep_blank_values=True))
        request = "\n".join([
            self.command,
            "/".join(quote(urllib.parse.unquote(part)) for part in path.split("/")),
            "&".join(f"{k}={v}" for k, v in pairs),
            "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names),
            ";".join(names), self.headers["x-amz-content-sha256"]])
        text = "\n".join(["AWS4-HMAC-SHA256", when, "/".join(scope[1:]),
                          hashlib.sha256(request.encode()).hexdigest()])
        key = ("AWS4" + SECRET).encode()
        for part in scope[1:]:
            key = mac(key, part)
        if not hmac.compare_digest(mac(key, text).hex(), said[3]):
            raise Refused(403, "SignatureDoesNotMatch")

    # ---- faults ----

    def fault(self):
        try:
            words = open(f"{FOLDER}/fault").read().split()
        except OSError:
            return ""
        if not words or not (len(words) == 1 or
                             words[1] in f"{self.command} {self.path}"):
            return ""
        return words[0]

    def go_on(self, fault):
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"\r\n" * (fault == "endless"))
            while True:
                self.wfile.write(b"X: y\r\n" * (1 if fault == "trickle" else 10000))
                time.sleep(0.5 if fault == "trickle" else 0)
        except OSError:
            pass

    # ---- requests ----

    def handle_one(self):
        with open(f"{FOLDER}/log", "a") as log:
            log.write(f"{self.command} {self.path}\n")
        if self.roles():
            return
        fault = self.fault()
        if fault.isdigit():
            return self.error(int(fault), "SlowDown" if fault == "503" else "AccessDenied")
        if fault in ("trickle", "endless"):
            self.close_connection = True
            return self.go_on(fault)
        if fault == "cut":
            self.rfile.read(int(self.headers.get("Content-Length", "0")) // 2)
            self.close_connection = True
            return self.connection.shutdown(2)
        self.check()
        data = self.body()
        if hashlib.sha256(data).hexdigest() != self.headers["x-amz-content-sha256"]:
            raise Refused(400, "XAmzContentSHA256Mismatch")
        if fault in ("slow", "hang"):
            time.sleep(4 if fault == "slow" else 100)
        path, _, query = self.path.partition("?")
        ask = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        name = urllib.parse.unquote(path).lstrip("/")
        with LOCK:
            self.serve(name, ask, data, fault)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = lambda self: self.guarded()

    def guarded(self):
        try:
            self.handle_one()
        except Refused as why:
            self.error(why.status, why.code)

    def roles(self):
        """Who lends keys, and to whom."""
        if self.path == "/role" and self.headers.get("Authorization") == "letmein":
            self.answer(200, json.dumps(ROLE).encode())
        elif self.command == "PUT" and self.path == "/latest/api/token":
            self.body()
            self.answer(200, b"imds-token")
        elif self.path.startswith("/latest/meta-data/"):
            if self.headers.get("X-aws-ec2-metadata-token") != "imds-token":
                self.error(401, "Unauthorized")
            elif self.path.endswith("/security-credentials/"):
                self.answer(200, b"a-role")
            else:
                self.answer(200, json.dumps(ROLE).encode())
        elif self.command == "POST" and self.path == "/":
            form = dict(urllib.parse.parse_qsl(self.body().decode()))
            if (form.get("WebIdentityToken"), form.get("RoleArn")) != \
                    ("jwt", "arn:aws:iam::1:role/x"):
                self.error(403, "AccessDenied")
            else:
                self.answer(200, (f"<R><Credentials><AccessKeyId>{ID}</AccessKeyId>"
                                  f"<SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>"
                                  f"{ROLE['Token']}</SessionToken></Credentials></R>").encode())
        else:
            return False
        return True

    def serve(self, name, ask, data, fault):
        at = f"{FOLDER}/store/{name}"
        if self.headers.get("If-None-Match") == "*":
            if CONDITIONS == "no":
                raise Refused(501, "NotImplemented")
            if os.path.exists(at):
                raise Refused(412, "PreconditionFailed")
        tag = hashlib.md5(data).hexdigest()
        if fault == "tag":
            tag = "0" * 32
        if self.command == "HEAD":
            return self.head(at)
        if self.command == "PUT" and "uploadId" in ask:
            parts = UPLOADS.get(ask["uploadId"])
            if not parts:
                raise Refused(404, "NoSuchUpload")
            parts[int(ask["partNumber"])] = (data, hashlib.md5(data).hexdigest())
            return self.answer(200, ETag=f'"{tag}"')
        if self.command == "PUT":
            if fault != "drop":
                self.keep(at, data, f'"{tag}"', self.headers.get("x-amz-meta-sha256", ""))
            return self.answer(200, ETag=f'"{tag}"')
        if self.command == "POST" and "uploads" in ask:
            upload = f"up/load+{len(UPLOADS)}=="
            UPLOADS[upload] = {0: (b"", self.headers.get("x-amz-meta-sha256", ""))}
            return self.answer(200, f"<R><UploadId>{upload}</UploadId></R>".encode())
        if self.command == "POST" and "uploadId" in ask:
            return self.complete(at, ask["uploadId"], data.decode(), fault)
        raise Refused(405, "MethodNotAllowed")

    def complete(self, at, upload, xml, fault):
        parts = UPLOADS.get(upload)
        if not parts:
            raise Refused(404, "NoSuchUpload")
        listed = re.findall(r"<Part><PartNumber>(\d+)</PartNumber>"
                            r"<ETag>\"([0-9a-f]*)\"</ETag></Part>", xml)
        if fault == "late":
            return self.answer(200, b"<Error><Code>InternalError</Code></Error>")
        if not listed or any(parts.get(int(nr), ("", ""))[1] != tag for nr, tag in listed):
            raise Refused(400, "InvalidPart")
        if any(len(parts[int(nr)][0]) < 5 << 20 for nr, _ in listed[:-1]):
            raise Refused(400, "EntityTooSmall")
        if fault != "drop":
            self.keep(at, b"".join(parts[int(nr)][0] for nr, _ in listed),
                      f'"{"0" * 32}-{len(listed)}"', parts[0][1])
        del UPLOADS[upload]
        return self.answer(200, b'<R><ETag>"x-1"</ETag></R>')

    def keep(self, at, data, tag, sha):
        os.makedirs(os.path.dirname(at), exist_ok=True)
        with open(at, "wb") as out:
            out.write(data)
        with open(f"{at}.meta", "w") as out:
            json.dump({"ETag": tag, "sha": sha}, out)

    def head(self, at):
        try:
            meta = json.load(open(f"{at}.meta"))
        except OSError:
            return self.answer(404)
        return self.answer(200, ETag=meta["ETag"], x_amz_meta_sha256=meta["sha"],
                           Content_Length=str(os.path.getsize(at)))


def main():
    os.makedirs(f"{FOLDER}/store", exist_ok=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if "S3_CERT" in os.environ:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.environ["S3_CERT"])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(f"{FOLDER}/port.new", "w") as out:
        out.write(str(server.server_address[1]))
    os.rename(f"{FOLDER}/port.new", f"{FOLDER}/port")
    server.serve_forever()


main()
