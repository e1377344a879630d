"""Exit 0 when the site in this container answers and reaches its database."""

import http.client
import os
import sys


def main() -> int:
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=4)
    connection.request("GET", "/sehat/", headers={"Host": host})
    return 0 if connection.getresponse().status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
