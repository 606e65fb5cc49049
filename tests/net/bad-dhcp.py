#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A DHCP server that nobody wants: bad-dhcp.py INTERFACE nak|liar|flood|late

nak    offers, and takes it back, three times; then it means it
liar   broken replies of all kinds before each good one, and offers of another's
flood  a hundred broken replies a second, and never a good one
late   does not hear the first two messages
"""
import socket
import struct
import sys
import time

name, how = sys.argv[1:]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
wire.bind((name, 0))
US = bytes([192, 0, 2, 1])


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packet(bootp):
    """Ethernet, IP and UDP, with right sums, around a message."""
    udp_len = 8 + len(bootp)
    pseudo = US + b"\xff" * 4 + struct.pack("!HH", 17, udp_len)
    udp = struct.pack("!HHHH", 67, 68, udp_len, 0)
    udp = udp[:6] + struct.pack("!H", checksum(pseudo + udp + bootp)) + bootp
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + udp_len, 7, 0, 64, 17, 0) + US + b"\xff" * 4
    ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
    return b"\xff" * 6 + wire.getsockname()[4] + b"\x08\x00" + ip + udp


def message(asked, kind, yours=b"\xc0\0\2\x37", server=US, more=b"\1\4\xff\xff\xff\0\3\4" + US):
    head = bytearray(asked[:236])
    head[0] = 2
    head[16:20] = yours
    head[44:236] = bytes(192)
    options = b"\x35\1" + bytes([kind]) + b"\x36\4" + server + more + b"\xff"
    return bytes(head) + b"\x63\x82\x53\x63" + options


def broken(asked, kind):
    good = message(asked, kind)
    yield packet(good[:100])
    yield packet(good[:-10])
    yield packet(message(asked, kind, more=b"\1\4\xff\0\xff\0"))
    yield packet(message(asked, kind, more=b"\1\xff\xff"))
    yield packet(message(asked, kind, yours=b"\xe0\0\0\1"))
    yield packet(message(asked, kind, server=bytes(4)))
    yield packet(message(asked, kind, more=b"\x79\6\x21\1\2\3\4\5"))
    yield packet(message(asked[:4] + bytes(4) + asked[8:], kind, yours=b"\xc0\0\2\x63"))
    yield packet(good)[:60]
    yield packet(good)[:-1] + b"\0"
    yield packet(bytes(1400))


n_requests = n_heard = 0
while True:
    frame = wire.recv(4096)
    ip = frame[14:]
    head = (ip[0] & 15) * 4
    if ip[9] != 17 or ip[head + 2:head + 4] != b"\0\x43":
        continue
    asked = ip[head + 8:]
    kind = asked[242]       # our own agent is asked, and it begins with the type
    answer = 2 if kind == 1 else 5
    n_heard += 1
    if how == "flood":
        until = time.monotonic() + 1
        while time.monotonic() < until:
            for bad in broken(asked, answer):
                wire.send(bad)
            time.sleep(0.1)
        continue
    if how == "late" and n_heard <= 2:
        continue
    if how == "liar":
        for bad in broken(asked, answer):
            wire.send(bad)
        if kind == 3:       # somebody else says yes, with another address
            wire.send(packet(message(asked, 5, yours=b"\xc0\0\2\x63", server=b"\xc0\0\2\x02")))
    n_requests += kind == 3
    if how == "nak" and kind == 3 and n_requests <= 3:
        wire.send(packet(message(asked, 6, yours=bytes(4))))
    else:
        wire.send(packet(message(asked, answer)))
