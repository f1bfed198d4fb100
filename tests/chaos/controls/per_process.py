"""The control `per_process`."""

import asyncio

from chaos.controls.plain import main

if __name__ == "__main__":
    asyncio.run(main("per_process"))
