"""Real servers of Redis and RabbitMQ on free ports, which tests may kill, stop and start again."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

PATIENCE = 60  # seconds
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"


def free_ports(count):
    """All held until all are known, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _number in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


class Engine:
    """A server of its own folder; what it wrote to it is there when it starts again."""

    def __init__(self, name):
        self.folder = Path(tempfile.mkdtemp(prefix=f"kla-{name}-"))
        self.process = None
        self.environment = None

    def command(self):
        raise NotImplementedError

    def greets(self):
        """Whether it already speaks with its clients."""
        raise NotImplementedError

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError):
                if self.greets():
                    return
            time.sleep(0.1)
        raise AssertionError((self.folder / "log").read_text())

    def send(self, with_signal):
        os.killpg(self.process.pid, with_signal)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.send(signal.SIGKILL)
        if self.process:
            self.process.wait(PATIENCE)

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def talk(self, words):
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(words)
            return connection.recv(1024)


class Redis(Engine):
    def __init__(self):
        super().__init__("redis")
        [self.port] = free_ports(1)
        self.address = f"redis://127.0.0.1:{self.port}/0"

    def command(self):
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return ["redis-server", *where, "--save", "", "--appendonly", "no"]

    def greets(self):
        return self.talk(b"PING\r\n") == b"+PONG\r\n"


class RabbitMQ(Engine):
    def __init__(self):
        super().__init__("rabbitmq")
        self.port, distribution, names = free_ports(3)
        # A daemon of ours: the one that the server would start goes its own way and stays.
        self.names = subprocess.Popen(["epmd", "-port", str(names)])
        self.address = f"amqp://guest:guest@127.0.0.1:{self.port}//"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(names),
            "RABBITMQ_NODENAME": f"kla{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "logs"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "none.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
        }

    def command(self):
        return [RABBITMQ]

    def greets(self):
        """AMQP 0-9-1 begins with a frame of the method Connection.Start."""
        return self.talk(b"AMQP\x00\x00\x09\x01")[:1] == b"\x01"

    def remove(self):
        super().remove()
        self.names.kill()
        self.names.wait(PATIENCE)
