"""A service as it is, but for a fault in its own code that lasts while a file is there. Run with `python -m`."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from onward.chassis.runtime import run
from onward.chassis.service import Service

FAULT = Path(os.environ["FAULT_FILE"])
NAME = os.environ["FAULTY_SERVICE"]


def build(settings: Any) -> Service:
    service: Service = import_module(f"onward.{NAME}.app").build(settings)
    for hop in service.hops:
        hop.decide = failing(hop.decide)
    return service


def failing(decide: Callable[..., Any]) -> Callable[..., Any]:
    def decided(*arguments: Any) -> Any:
        if FAULT.exists():
            raise RuntimeError("the fault of this release")
        return decide(*arguments)

    return decided


if __name__ == "__main__":
    run(build, import_module(f"onward.{NAME}.app").Settings)
