"""The life of a service process: wait for its servers, work, stop cleanly. `run` is all that its `__main__` holds."""

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import psycopg
import structlog
from aiokafka.errors import KafkaError
from faststream import FastStream
from pydantic import ValidationError

from onward.chassis import clock
from onward.chassis.errors import ChassisError, ConfigurationError
from onward.chassis.kafka import patches
from onward.chassis.kafka.cluster import Cluster, wait_for_topics
from onward.chassis.kafka.connection import unusable
from onward.chassis.kafka.following import Following, NotYet
from onward.chassis.kafka.looking import Looker
from onward.chassis.observability import http, logs
from onward.chassis.observability.health import STOPPING, Health, Probe
from onward.chassis.observability.metrics import Metrics
from onward.chassis.observability.server_errors import Server, told
from onward.chassis.observability.watch import Watch
from onward.chassis.observability.watchdog import Watchdog
from onward.chassis.postgres import database, migrations
from onward.chassis.processing import groups
from onward.chassis.processing.accounting import OutcomeAccounting
from onward.chassis.processing.batch import RecordProcessor
from onward.chassis.processing.context import FlowContext
from onward.chassis.processing.hop import StatefulHop
from onward.chassis.processing.noting import keep_noting
from onward.chassis.processing.ownership import Ownership
from onward.chassis.processing.parking import topic_of
from onward.chassis.processing.stateful import StatefulFlow
from onward.chassis.processing.stateless import StatelessFlow
from onward.chassis.processing.transaction_marks import TransactionMarks
from onward.chassis.processing.wiring import connect
from onward.chassis.security import installation
from onward.chassis.security.fingerprints import Secrets
from onward.chassis.service import Service, check
from onward.chassis.settings import Settings
from onward.chassis.tasks import Tasks, cancel
from onward.contracts import topics
from onward.contracts.paths import ProjectFileError
from onward.contracts.services import SERVICES

log = structlog.get_logger()

_METRICS_TYPE = b"text/plain; version=1.0.0; charset=utf-8"
_CLOSE_SECONDS = 4
_LOOK_SECONDS = 1
_AGAIN_SECONDS = 2.0


S = TypeVar("S", bound=Settings)


def run(build: Callable[[S], Service], settings: type[S], arguments: Sequence[str] | None = None) -> None:
    """
    Run the service that *build* makes, until it is told to stop; `--check` only builds it.

    Ends the process: 0 after a clean stop, 1 when the service cannot go on, 2 when it is not set up rightly.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if unknown := set(given) - {"--check"}:
        sys.exit(_misused(f"unknown argument {' '.join(sorted(unknown))}; there is only --check"))
    try:
        read = settings()  # pyright: ignore[reportCallIssue] - the environment gives them
        _ = read.kafka  # its files are read here, before anything runs
        service = build(read)
        check(service)
    except ValidationError as error:
        sys.exit(_misused(invalid_settings(error)))
    except (ConfigurationError, ProjectFileError) as error:
        sys.exit(_misused(str(error)))
    if "--check" in given:
        return
    logs.configure(service.name, read.log_level)
    sys.exit(asyncio.run(Process(service).run()))


def invalid_settings(error: ValidationError) -> str:
    """Which variables cannot be used, and why, without their values."""
    return "\n".join(["settings that cannot be used:", *(f"  {line}" for line in unusable(error))])


def _misused(text: str) -> int:
    print(text, file=sys.stderr)  # noqa: T201 - for the person who starts it; the logs are not set up yet
    return 2


class Process:
    """One process of *service*."""

    def __init__(self, service: Service) -> None:
        self._service = service
        settings = service.settings
        patches.install()
        self._metrics = Metrics(service.name, service.counters)
        self.health = Health()
        self._stop = asyncio.Event()
        self.fatal: ChassisError | None = None
        self._cluster = Cluster(settings.kafka, f"onward-{service.name}")
        context = FlowContext(
            service.name,
            settings,
            RecordProcessor(service.name, settings.ids, settings.parking, failure_limit=settings.failure_limit),
            OutcomeAccounting(self._metrics),
            self._metrics,
            self._cluster,
            self._give_up,
        )
        self.flows: list[Ownership[Any]] = [
            StatefulFlow(hop, context) if isinstance(hop, StatefulHop) else StatelessFlow(hop, context)
            for hop in service.hops
        ]
        self._watch = _watch_for(service, self._metrics)
        self._inputs = tuple(name for hop in service.hops for name in hop.names)
        self._broker = connect(settings, service.name, list(zip(self.flows, service.hops, strict=True)))
        self._application = FastStream(self._broker, logger=None)
        self._prepared = False
        self._background = Tasks(self._died)
        self._endpoints = Tasks(self._died)
        self._watchdog = Watchdog(self.flows, self.health.probes, self._metrics, self._give_up)

    def _died(self, name: str, error: BaseException) -> None:
        if not isinstance(error, ChassisError):
            error = ChassisError(f"{name} ended, `task.died` in the log says where: {told(error)}")
        self._give_up(error)

    def _give_up(self, error: ChassisError) -> None:
        """Something that trying again cannot mend: stop, and say so."""
        self.fatal = self.fatal or error
        self._stop.set()

    def stop(self) -> None:
        """Finish the batch in hand, and end."""
        self._stop.set()

    async def run(self) -> int:
        """Run until SIGTERM or SIGINT, or until going on makes no sense; the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        try:
            async with self._serving():
                await self._live()
                await self._close()
        except ChassisError as error:
            self.fatal = self.fatal or error
        if self.fatal is not None:
            log.error("service.failed", error=type(self.fatal).__name__, why=str(self.fatal))
        code = 0 if self.fatal is None else 1
        log.info("service.stopped", exit_code=code)
        return code

    async def _live(self) -> None:
        starting = self._background.start(self._start(), name="the start")
        await self._stop.wait()
        await cancel([starting], within=_CLOSE_SECONDS)

    async def _start(self) -> None:
        settings, health = self._service.settings, self.health
        names = {topic: name for hop in self._service.hops for topic, name in hop.counted_as.items()}
        self._metrics.create(names, self._service.reasons)
        health.flows = self.flows
        health.probes.append(Probe("the broker", "broker_away", self._cluster.probe, "Kafka"))
        self._background.start(health.tick(), name="the proof that the event loop turns")
        self._background.start(self._watch.run(), name="watching how far every group is")
        await self._prepare_database()
        health.starting = "waiting for the broker and its topics"
        followed = [following.topic.name for following in self._service.follows]
        needed = {*self._inputs, *followed, topic_of(self._service.name), topics.INSTALLATION.name}
        await wait_for_topics(self._cluster, needed, within=settings.topics_wait_s, waiting=self._waiting_for_broker)
        await self._compare_secrets()
        health.starting = "starting"
        if self._service.on_start is not None:
            await self._once_there(self._service.on_start, server="PostgreSQL")
        self._prepared = True
        await self._catch_up()
        health.starting = "starting"
        for probe in health.probes:
            self._background.start(probe.watch(), name=f"asking whether {probe.name} answers")
        for flow in self.flows:
            self._background.start(flow.keep(), name=f"taking partitions of {flow.group}")
            self._background.start(TransactionMarks(flow).watch(), name=f"passing over marks for {flow.group}")
        await self._once_there(self._start_consuming)
        for flow in self.flows:
            self._background.start(keep_noting(flow), name=f"noting how far {flow.group} is")
        self._background.start(self._watchdog.watch(), name="the watchdog")
        health.starting = ""
        log.info("service.started", topics=list(self._inputs))
        settle_garbage()

    def _waiting_for_broker(self, why: str) -> None:
        self.health.starting = f"waiting for the broker and its topics: {why}"

    async def _catch_up(self) -> None:
        """Read the followed topics to their end, and go on beside the work."""
        for following in self._service.follows:
            self.health.starting = f"reading `{following.topic.name}` from its beginning"
            following.open(self._service.settings.kafka, f"onward-{self._service.name}", self._metrics)
            await self._once_there(partial(self._read_to_its_end, following))
            self._background.start(following.follow(), name=f"following {following.topic.name}")

    async def _read_to_its_end(self, following: Following[Any]) -> None:
        try:
            await following.catch_up()
        except NotYet as why:
            self.health.starting = str(why)
            raise

    async def _prepare_database(self) -> None:
        service, url = self._service, self._service.settings.database_url
        if not service.reads_database or url is None:
            return
        self.health.probes.append(Probe("the database", "database_away", partial(database.probe, url), "PostgreSQL"))
        if not service.needs_database:
            return
        self.health.starting = "waiting for the database"
        folders = [migrations.OWN, *([service.migrations] if service.migrations else [])]
        await self._once_there(
            lambda: asyncio.to_thread(migrations.apply, url, service.name, folders), server="PostgreSQL"
        )

    async def _compare_secrets(self) -> None:
        """Before the first record: with another secret than the others have it would do harm that nobody can undo."""
        service, settings = self._service, self._service.settings
        self.health.starting = "comparing its secrets with those of the installation"
        kafka = installation.Kafka(settings.kafka, f"onward-{service.name}", settings.request_timeout_s)
        url = settings.database_url if service.reads_database else None
        await self._once_there(partial(installation.check, Secrets.of(settings), kafka, url))

    async def _once_there(self, work: Callable[[], Awaitable[None]], *, server: Server = "Kafka") -> None:
        """Do *work*, again and again while a server is away; `/ready` and the log say which, why and what to do."""
        waiting = self.health.starting
        for pause in clock.pauses():
            try:
                await work()
            except (psycopg.OperationalError, KafkaError, OSError) as error:
                why = told(error, server=server)
                self.health.starting = f"{waiting}: {why}"
                log.warning("server.away", why=why, exc_info=error, again_in_s=round(pause, 1))
                await asyncio.sleep(pause)
            except NotYet as why:
                log.error("service.must_not_start", why=str(why))  # noqa: TRY400 - where it was raised tells nothing
                await asyncio.sleep(_AGAIN_SECONDS)
            else:
                self.health.starting = waiting
                return

    async def _start_consuming(self) -> None:
        try:
            await self._application.start()
        except BaseException:
            await self._application.stop()
            raise

    async def _close(self) -> None:
        """Finish the batch in hand, commit it, leave the group, then close what is ours."""
        self.health.starting = STOPPING if self.fatal is None else f"{STOPPING}: {self.fatal}"
        for flow in self.flows:
            flow.stopping = True
        await _as_far_as_it_goes(self._application.stop, within=self._service.settings.stop_within_s + 1)
        for flow in self.flows:
            await _as_far_as_it_goes(flow.close, within=_CLOSE_SECONDS + 1)
        if self._service.on_stop is not None and self._prepared:
            await _as_far_as_it_goes(self._service.on_stop, within=_CLOSE_SECONDS)
        await self._background.stop(within=_CLOSE_SECONDS)
        for following in self._service.follows:
            await _as_far_as_it_goes(following.close, within=_CLOSE_SECONDS)
        await _as_far_as_it_goes(self._watch.close, within=_CLOSE_SECONDS)
        await _as_far_as_it_goes(self._cluster.close, within=_CLOSE_SECONDS)

    @contextlib.asynccontextmanager
    async def _serving(self) -> AsyncGenerator[None]:
        settings = self._service.settings
        socket = http.listen(settings.http_host, settings.http_port)
        host, port = socket.getsockname()[:2]
        server = http.server({"/live": self._is_live, "/ready": self._is_ready, "/metrics": self._tell_metrics})
        serving = self._endpoints.start(server.serve(sockets=[socket]), name="the HTTP endpoints")
        log.info("service.listening", host=host, port=port)
        try:
            yield
        finally:
            # Never cancelled: it closes the socket itself, after taking it out of the event loop.
            server.should_exit = True
            await asyncio.wait({serving})

    async def _is_live(self) -> http.Body:
        live = self.health.is_live
        return http.answer(200 if live else 503, {"live": live})

    async def _is_ready(self) -> http.Body:
        why = self.health.hindrances()
        return http.answer(503 if why else 200, {"ready": not why, "why": why})

    async def _tell_metrics(self) -> http.Body:
        await self._watch.fresh(within=_LOOK_SECONDS)
        self._watch.tell()
        for flow in self.flows:
            flow.tell()
        self._metrics.ready([code for code, _ in self.health.ready_reasons()])
        return 200, _METRICS_TYPE, self._metrics.text()


def _watch_for(service: Service, metrics: Metrics) -> Watch:
    """It looks at the whole deployment that *service* is of; of one that is of none, at its own groups."""
    own = [groups.of_hop(service.name, hop) for hop in service.hops]
    deployed = service.name in SERVICES
    settings = service.settings
    return Watch(
        Looker(settings.kafka, f"onward-{service.name}-watch"),
        groups.together(own, groups.of_deployment() if deployed else ()),
        groups.booked() if deployed else (),
        metrics.groups,
        every=settings.watch_every_s,
    )


async def _as_far_as_it_goes(work: Callable[[], Awaitable[None]], *, within: float) -> None:
    """Do *work*; if a server is away, leave it: nothing is lost by it, and the stop goes on."""
    try:
        async with asyncio.timeout(within):
            await work()
    except Exception as error:
        log.warning("service.stop_hindered", exc_info=error)


def settle_garbage() -> None:
    """What exists now stays: never look at it again. The young are collected rarely as it is, see `onward`."""
    gc.collect()
    gc.freeze()
