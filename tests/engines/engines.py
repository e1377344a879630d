"""Real servers of Redis, RabbitMQ, pgbouncer and S3 on free ports, which tests may kill, stop and start again."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import boto3

from scripts.with_postgres import hand_over
from tests.faults.cluster import APP

PATIENCE = 60  # seconds
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
PGBOUNCER = "/usr/sbin/pgbouncer"
INI = Path(__file__).parents[2] / "deploy" / "pgbouncer" / "pgbouncer.ini"


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


class PgBouncer(Engine):
    """With the file that compose gives it, but for where things are and how many connections.

    So few that requests share them.
    """

    def __init__(self, cluster, connections):
        super().__init__("pgbouncer")
        [self.port] = free_ports(1)
        users, settings = self.folder / "users", self.folder / "pgbouncer.ini"
        users.write_text(f'"{APP}" "secret"\n')
        text = INI.read_text()
        for ours, here in {
            "host=db port=5432 dbname=kla": f"host={cluster.folder} dbname=postgres",
            "listen_addr = *": "listen_addr = 127.0.0.1",
            "listen_port = 6432": f"listen_port = {self.port}",
            "/run/secrets/pgbouncer_users": str(users),
            "default_pool_size = 20": f"default_pool_size = {connections}",
            "reserve_pool_size = 5": "reserve_pool_size = 0",
        }.items():
            assert text.count(ours) == 1
            text = text.replace(ours, here)
        settings.write_text(text)
        if os.geteuid() == 0:
            hand_over(self.folder, "nobody")
        self.address = f"postgres://{APP}:secret@127.0.0.1:{self.port}/kla"
        self.settings = settings

    def command(self):
        as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [PGBOUNCER, *as_user, str(self.settings)]

    def greets(self):
        """It answers a request for TLS with a letter: N where it has none, else S."""
        return self.talk(struct.pack("!ii", 8, 80877103)) in (b"N", b"S")


class S3(Engine):
    """moto's server: true to the protocol, and forgetful when it ends. It has one bucket."""

    def __init__(self):
        super().__init__("s3")
        [self.port] = free_ports(1)
        self.address = f"http://127.0.0.1:{self.port}"
        self.settings = {
            "S3_BUCKET": "dokumen",
            "S3_PREFIX": "kota",
            "S3_ENDPOINT_URL": self.address,
            "S3_ACCESS_KEY_ID": "kla",
            "S3_SECRET_ACCESS_KEY": "rahasia",
        }

    def command(self):
        return [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def greets(self):
        return self.talk(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").startswith(b"HTTP/1.")

    def client(self):
        keys = {"aws_access_key_id": "kla", "aws_secret_access_key": "rahasia"}
        return boto3.client("s3", endpoint_url=self.address, region_name="us-east-1", **keys)

    def names(self):
        """The names of all documents and previews in the bucket."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket="dokumen")
        return {one["Key"] for page in pages for one in page.get("Contents", [])}
