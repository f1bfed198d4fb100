"""A whole Onward behind two networks that fail, under load, and what each outage did to it."""

import asyncio
import http.client
import json
import logging
import re
import signal
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import psutil
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chaos.outages.people import Load, answer
from chaos.outages.proxy import Proxy
from onward.chassis.kafka import admin
from onward.chassis.kafka.admin import create_topics
from onward.cli.rules.loading import provider_ids
from onward.local import broker, deployment, ports
from onward.local.services import Services
from onward.local.stack import Stack

Server = Literal["broker", "database", "both"]
Kind = Literal["killed", "frozen", "refused", "silent", "half-open"]
KINDS: tuple[Kind, ...] = ("killed", "frozen", "refused", "silent", "half-open")
WORKS_AGAIN_SECONDS = 30.0
"""What is promised: from the server's return until every service works."""
_GRACE_SECONDS = 5.0
"""After a server has gone, what is in hand comes to its end: from then on a service only waits."""

# What each service writes when it works, with the server it needs for that.
_PROGRESS = ("contacts", "situations", "decisions", "deliveries", "receipts", "referral-events")


@dataclass(frozen=True)
class Outage:
    """What is done to which server for how many seconds."""

    server: Server
    kind: Kind
    seconds: float


@dataclass(frozen=True)
class Seen:
    """What an outage did."""

    outage: Outage
    in_flight: int
    """Messages that had been taken and had not yet led to a decision when it began."""
    recovered: float
    """Seconds from the server's return until every service was ready and had published anew."""
    lines_a_second: float
    """Of the service that said most while the server was away."""
    cpu: float
    """Of the service that used most while it waited: a share of one core. Only where nothing else could work."""
    grown: int
    """Bytes of memory by which the service grew that grew most while the server was away."""
    alive: bool
    """Whether `/live` of every service said yes at the end of it: no orchestrator kills them for it."""
    ready: bool
    """Whether `/ready` of any service still said yes at the end of it."""


@dataclass
class Rig:
    """A running Onward, its load, and the two ways to its servers."""

    stack: Stack
    services: Services
    broker: Proxy
    database: Proxy
    load: Load
    loading: asyncio.Task[None]
    seen: list[Seen] = field(default_factory=list[Seen])

    def ends(self) -> dict[str, int]:
        """How much has been written, by topic, as the broker's own log knows it: no client is asked."""
        data = Path(self.stack.kafka.log).parent / "data"
        return {
            name: sum(_end(folder) for folder in data.glob(f"{name}-[0-9]*") if folder.name.rpartition("-")[0] == name)
            for name in ("in.custody", *_PROGRESS)
        }

    def ready(self) -> dict[str, str]:
        """What `/ready` of each service that is not ready says."""
        return {name: why for name, service in self.services.running.items() if (why := _why_not(service.metrics_url))}

    def alive(self) -> bool:
        """Whether `/live` of every service says yes."""
        return not any(_why_not(service.metrics_url, "/live") for service in self.services.running.values())

    async def suffer(self, outage: Outage) -> Seen:
        """Let it happen, wait until everything works again, and say what was seen."""
        in_flight = await self._busy()
        began = time.monotonic()
        await self._strike(outage)
        before = {name: Watched.of(service.pid, service.log) for name, service in self.services.running.items()}
        await asyncio.sleep(min(_GRACE_SECONDS, outage.seconds / 2))
        waiting = {name: Watched.of(service.pid, service.log) for name, service in self.services.running.items()}
        await asyncio.sleep(max(0.0, began + outage.seconds - time.monotonic()))
        after = {name: Watched.of(service.pid, service.log) for name, service in self.services.running.items()}
        alive, unready = await asyncio.to_thread(self.alive), await asyncio.to_thread(self.ready)
        await self._end(outage)
        recovered = await self._recovered(outage)
        lines = max(after[name].lines - before[name].lines for name in after)
        spent = [(after[name].cpu - waiting[name].cpu) / (after[name].at - waiting[name].at) for name in after]
        seen = Seen(
            outage,
            in_flight,
            recovered,
            lines / max(outage.seconds, 1.0),
            max(spent),
            max(after[name].memory - before[name].memory for name in after),
            alive,
            len(unready) < len(after),
        )
        self.seen.append(seen)
        return seen

    async def _busy(self) -> int:
        """Wait until something is under way: an outage of an idle system proves little."""
        while True:
            ends = await asyncio.to_thread(self.ends)
            if ends["in.custody"] > ends["decisions"] or self.load.on_their_way:
                return max(1, ends["in.custody"] - ends["decisions"])
            await asyncio.sleep(0.005)

    async def _strike(self, outage: Outage) -> None:
        proxy = self.broker if outage.server == "broker" else self.database
        server = self.stack.kafka if outage.server == "broker" else self.stack.postgres
        if outage.server == "both":
            assert outage.kind == "killed"
            await asyncio.gather(asyncio.to_thread(self.stack.kafka.kill), asyncio.to_thread(self.stack.postgres.kill))
        elif outage.kind == "killed":
            await asyncio.to_thread(server.kill)
        elif outage.kind == "frozen":
            _signal(server.pid, signal.SIGSTOP)
        else:
            proxy.fail(outage.kind)

    async def _end(self, outage: Outage) -> None:
        server = self.stack.kafka if outage.server == "broker" else self.stack.postgres
        if outage.server == "both":
            await asyncio.gather(
                asyncio.to_thread(self.stack.kafka.start), asyncio.to_thread(self.stack.postgres.start)
            )
        elif outage.kind == "killed":
            await asyncio.to_thread(server.start)
        elif outage.kind == "frozen":
            _signal(server.pid, signal.SIGCONT)
        else:
            await (self.broker if outage.server == "broker" else self.database).mend()

    async def _recovered(self, outage: Outage) -> float:
        began = time.monotonic()
        ends = await asyncio.to_thread(self.ends)
        while time.monotonic() - began < 4 * WORKS_AGAIN_SECONDS:
            await asyncio.sleep(0.25)
            if await asyncio.to_thread(self.ready):
                continue
            now = await asyncio.to_thread(self.ends)
            if all(now[name] > ends[name] for name in _PROGRESS):
                return time.monotonic() - began
        why = await asyncio.to_thread(self.ready)
        logs = {name: service.log_tail()[-1500:] for name, service in self.services.running.items() if name in why}
        pytest.fail(f"{outage}: no recovery in {4 * WORKS_AGAIN_SECONDS:.0f} s: {why}\n{ends}\n{logs}")

    async def drained(self) -> None:
        """End the load, and wait until nothing more comes out."""
        self.load.over.set()
        await self.loading
        before: dict[str, int] = {}
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 4:
            now = await asyncio.to_thread(self.ends)
            if now != before:
                before, quiet_since = now, time.monotonic()
            await asyncio.sleep(0.5)


@dataclass(frozen=True)
class Watched:
    """A service process at a moment."""

    at: float
    lines: int
    cpu: float
    memory: int

    @classmethod
    def of(cls, pid: int, log: Path) -> "Watched":
        """The process *pid* now; lines at level info do not count, which say that work is done."""
        text = log.read_text(errors="replace")
        process = psutil.Process(pid)
        lines, times = len(re.findall(r'"level": "(?:warning|error)"', text)), process.cpu_times()
        return cls(time.monotonic(), lines, times.user + times.system, process.memory_info().rss)


def _signal(pid: int, number: signal.Signals) -> None:
    process = psutil.Process(pid)
    for each in [process, *process.children(recursive=True)]:
        each.send_signal(number)


def _end(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.log"))


def _why_not(url: str, path: str = "/ready") -> str:
    port = int(url.split(":")[2].partition("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return "" if answer.status == http.HTTPStatus.OK else str(json.loads(body)["why"])
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


def advertise(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Have brokers that are started from here on send their clients to *port*.

    What a broker says to itself, such as that a transaction has ended, takes another way, as in any cluster.
    """
    write = broker.write_properties

    def advertised(path: Path, *, port: int, controller_port: int, data: Path) -> None:
        write(path, port=port, controller_port=controller_port, data=data)
        own, between = f"PLAINTEXT://127.0.0.1:{port}", f"PLAINTEXT://127.0.0.1:{ports.free_port()}"
        text = path.read_text()
        for line, with_clients in (
            (f"advertised.listeners={own}", f"advertised.listeners=CLIENTS://127.0.0.1:{told},{between}"),
            (f"\nlisteners={own}", f"\nlisteners=CLIENTS://127.0.0.1:{port},{between}"),
            ("protocol.map=", "protocol.map=CLIENTS:PLAINTEXT,"),
        ):
            assert line in text
            text = text.replace(line, with_clients)
        path.write_text(text)

    told = port
    monkeypatch.setattr(broker, "write_properties", advertised)


@asynccontextmanager
async def rig(start: Callable[..., Stack], monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Rig]:
    """Everything, up and under load."""
    kafka = ports.free_port()
    way = Proxy(kafka)
    advertise(way.port, monkeypatch)
    stack = await asyncio.to_thread(lambda: start(kafka_port=kafka))
    address = conninfo_to_dict(stack.database_url)
    there = Proxy(int(str(address["port"])))
    await way.start()
    await there.start()
    bootstrap = f"127.0.0.1:{way.port}"
    providers = list(provider_ids())
    await create_topics(bootstrap, admin.topic_specs(providers))
    environment = {
        **deployment.local_secrets(None, {}),
        "ONWARD_KAFKA_BOOTSTRAP": bootstrap,
        "ONWARD_DATABASE_URL": make_conninfo(stack.database_url, port=there.port),
    }
    services = Services(deployment.service_specs(), directory=stack.directory / "logs", env=environment)
    await asyncio.to_thread(services.__enter__)
    # What the test's own clients say of each outage is of no interest.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    load = Load(bootstrap)
    running = [asyncio.create_task(load.run()), asyncio.create_task(answer(bootstrap, providers))]
    try:
        yield Rig(stack, services, way, there, load, running[0])
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.to_thread(services.stop)
        await way.stop()
        await there.stop()
        logging.getLogger("aiokafka").setLevel(logging.NOTSET)


def table(seen: Sequence[Seen]) -> str:
    """What was seen, a line for each server, kind and length."""
    lines = [f"{'server':<10}{'kind':<11}{'seconds':>8}{'n':>4}{'p50':>7}{'max':>7}{'lines/s':>9}{'cpu %':>7}"]
    groups: dict[tuple[str, str, float], list[Seen]] = {}
    for one in seen:
        groups.setdefault((one.outage.server, one.outage.kind, one.outage.seconds), []).append(one)
    for (server, kind, seconds), group in sorted(groups.items()):
        took = sorted(one.recovered for one in group)
        lines.append(
            f"{server:<10}{kind:<11}{seconds:>8.0f}{len(group):>4}{took[len(took) // 2]:>7.1f}{took[-1]:>7.1f}"
            f"{max(one.lines_a_second for one in group):>9.2f}{100 * max(one.cpu for one in group):>7.1f}"
        )
    took = sorted(one.recovered for one in seen)
    lines.append(f"{len(seen)} outages: recovered after p50 {took[len(took) // 2]:.1f} s, at most {took[-1]:.1f} s")
    return "\n".join(lines)
