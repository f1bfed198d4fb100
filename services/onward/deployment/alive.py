"""`python -m onward.deployment.alive`: whether the service in this container is alive; what its HEALTHCHECK runs."""

import http.client
import os
import sys

_SECONDS = 4


def alive(port: int) -> bool:
    """Whether `/live` of this machine answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("GET", "/live")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if alive(int(os.environ.get("ONWARD_HTTP_PORT", "9464"))) else 1)
