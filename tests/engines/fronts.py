"""What stands in front of two web processes: the proxy of our compose file, or any balancer."""

import os
import socket
import ssl
import sys
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection
from itertools import count
from pathlib import Path

from tests.engines.engines import PATIENCE, Engine, free_ports

# Of the developers' environment; the one of Debian 12 loses forms when it asks another server.
CADDY = Path(sys.executable).with_name("caddy")
CADDYFILE = Path(__file__).parents[2] / "deploy" / "caddy" / "Caddyfile"


class RoundRobin:
    """A balancer in its simplest: each connection to the next one that can be reached."""

    def __init__(self, ports):
        self.ports, self.turn, self.served = ports, count(), dict.fromkeys(ports, 0)
        self.origin = "http://localhost"

    def start(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with suppress(OSError):  # closed at the end
            while True:
                client, _address = self.listener.accept()
                threading.Thread(target=self.serve, args=[client], daemon=True).start()

    def serve(self, client):
        with client, suppress(OSError), self.reach() as server:
            back = threading.Thread(target=self.pump, args=[server, client], daemon=True)
            back.start()
            self.pump(client, server)
            back.join()

    def reach(self):
        first = next(self.turn)
        for number in range(len(self.ports)):
            port = self.ports[(first + number) % len(self.ports)]
            with suppress(ConnectionRefusedError):
                server = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                self.served[port] += 1
                return server
        raise ConnectionRefusedError

    @staticmethod
    def pump(source, target):
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def remove(self):
        self.listener.close()

    def connection(self):
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def headers(self):
        """What the proxy above such a balancer says of who asks."""
        return {"X-Forwarded-For": "192.0.2.7", "Origin": self.origin, "Host": "localhost"}


class Caddy(Engine):
    """The proxy as the compose file starts it, with a certificate of its own."""

    def __init__(self, ports):
        super().__init__("caddy")
        self.port, plain, alive = free_ports(3)
        self.origin = f"https://localhost:{self.port}"
        self.root = self.folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
            "ALLOWED_HOSTS": "localhost",
            "KLA_TLS": "internal",
            "KLA_UPSTREAMS": "machines",
            "KLA_WEB_ADDRESSES": " ".join(f"127.0.0.1:{port}" for port in ports),
            "CADDY_HTTP_PORT": str(plain),
            "CADDY_HTTPS_PORT": str(self.port),
            "CADDY_ALIVE_PORT": str(alive),
        }
        self.plain, self.alive = plain, alive

    @staticmethod
    def is_there():
        return CADDY.exists()

    def command(self):
        return [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(CADDYFILE)]

    def greets(self):
        """It has made its certificate and shows it."""
        with suppress(ssl.SSLError), self.socket():
            return True
        return False

    def trust(self):
        return ssl.create_default_context(cafile=self.root)

    def socket(self):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        return self.trust().wrap_socket(plain, server_hostname="localhost")

    def connection(self):
        return HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=self.trust())

    def headers(self):
        return {"Origin": self.origin}
