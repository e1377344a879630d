"""A daemon that speaks clamd's protocol on a socket of this machine and finds what it is told to.

PING, VERSION and INSTREAM with chunks of a length in network order, ended by one of zero, as
`man clamd` has them; each connection is one command.
"""

import socketserver
import struct
import threading
from contextlib import contextmanager

SIGNATURE = "Uji-Tanda-Tangan-1"
EVIL = b"isi yang jahat"


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        command = self.rfile.readline().strip()
        if self.server.mood == "silent":
            self.server.stopped.wait(10)
        elif self.server.mood == "garbled":
            self.say(b"PONG" if command == b"nPING" else b"stream: mungkin")
        elif command == b"nPING":
            self.say(b"PONG")
        elif command == b"nINSTREAM":
            self.scan()

    def say(self, line):
        self.wfile.write(line + b"\n")

    def scan(self):
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.most:
                self.say(b"INSTREAM size limit exceeded. ERROR")
                return
        self.server.seen.append(content)
        if self.server.mood == "error":
            self.say(b"stream: Can't allocate memory ERROR")
        elif self.server.evil in content:
            self.say(f"stream: {SIGNATURE} FOUND".encode())
        else:
            self.say(b"stream: OK")


class Clamd(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, path):
        super().__init__(str(path), Session)
        self.mood, self.most, self.evil, self.seen = "well", 10_000_000, EVIL, []
        self.stopped = threading.Event()


@contextmanager
def clamd(path):
    server = Clamd(path)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
