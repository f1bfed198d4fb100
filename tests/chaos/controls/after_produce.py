"""The control `after_produce`."""

import asyncio

from chaos.controls.plain import main

if __name__ == "__main__":
    asyncio.run(main("after_produce"))
