"""An S3 server on the loopback with one bucket, found by every client through the environment."""

import os
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a place in the bucket; nothing is there yet."""
    boto3 = pytest.importorskip("boto3", reason="boto3 is of the extra [s3]")
    moto = pytest.importorskip("moto.server", reason="moto[server] is of the dev group")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    address, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{address}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket="newsroom")
    yield "s3://newsroom/orbit"
    # Servers of one process share what they hold.
    urlopen(Request(f"http://{address}:{port}/moto-api/reset", method="POST")).close()
    server.stop()
