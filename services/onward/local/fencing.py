"""
Fence the broker that crashed, before it is started again.

After a crash the metadata still say that the broker lives and leads its partitions. Started like that, it loads the
group coordinator at once, is fenced when the session of its former self runs out, registers, is elected and loads the
coordinator a second time. Kafka 4.3.1 does not tie the end of a load to the load that ended: if the first is still
under way when the second begins, its end makes the second coordinator active while that is empty. It then answers "no
committed offset", without an error, for every group (ADR 12).

Here the controller runs alone for a moment, with a short session, until it has fenced the broker that is not there. The
broker then starts as one that leads nothing, is elected once, and loads once.
"""

import re
from pathlib import Path
from string import Template

from onward.local import broker, ports
from onward.local.kafka_home import KafkaHome
from onward.local.process import GuardedProcess

_PROPERTIES = Path(__file__).with_name("controller.properties")
_CLEAN_END = ".kafka_cleanshutdown"  # written by Kafka when it has ended with care, taken away when it starts
_SECONDS = 60
# Looks that began before may end after it: the one that fenced is known by its number.
_FENCED = re.compile(
    r"Fencing broker .*?Read-write operation maybeFenceStaleBroker\((\d+)\).*?Processed maybeFenceStaleBroker\(\1\)",
    re.DOTALL,
)
_LOOKED = "Processed maybeFenceStaleBroker"
# It looks eight times in a session. Twice a session without a broker to fence: it was fenced already.
_LOOKS = 16


def crashed(data: Path) -> bool:
    """Whether the broker of this data directory ran, and did not end with care."""
    metadata = data / "__cluster_metadata-0"
    return metadata.exists() and not (data / _CLEAN_END).exists()


def is_settled(output: str) -> bool:
    """
    Whether the controller that wrote *output* has fenced the broker, durably, or found none to fence.

    "Processed" is said of what has been committed, "Fencing" before that.
    """
    return _FENCED.search(output) is not None or ("Fencing" not in output and output.count(_LOOKED) >= _LOOKS)


def fence(home: KafkaHome, directory: Path, data: Path, scratch: Path) -> None:
    """
    Run the controller alone until it has fenced the crashed broker.

    Args:
        home: What Kafka is started from.
        directory: Where its configuration and log go.
        data: The data directory of the broker.
        scratch: Where the JVM may write.

    Raises:
        ServerDiedError, NotReadyError: it did not come so far.
    """
    properties = directory / "controller.properties"
    template = Template(_PROPERTIES.read_text(encoding="utf-8"))
    properties.write_text(template.substitute(controller_port=ports.free_port(), data=data), encoding="utf-8")
    archive = home.archive if home.archive.exists() else None
    command = broker.run_command(
        home.jars, properties, profile="dev", scratch=scratch, archive=archive, talkative=broker.CONTROLLER_TALK
    )
    process = GuardedProcess("Kafka's controller", command, log=directory / "controller.log")
    try:
        process.wait_until(lambda: is_settled(process.output()), within=_SECONDS)
    finally:
        process.kill()  # what it wrote is the kernel's to keep
