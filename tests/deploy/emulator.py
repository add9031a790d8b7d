"""Deploys template.yaml to the AWS emulator with sam, as `make deploy` does to AWS, and gives its addresses.

What the emulator does not do is done here, visibly: routes of an HTTP API are created from the template after the
deploy (it ignores the API's body), the vendor and model layers are stubs (the emulator's own environment has the dependencies;
the first reading stage decides alone there),
and functions are told the emulator's address of the WebSocket API.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from hearback.local import template

ROOT = Path(__file__).resolve().parents[2]
STACK = "hearback"
REGION = "us-east-1"


@dataclass
class Deployed:
    """The running deployment."""

    endpoint: str
    http_api: str
    websocket_api: str

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    @property
    def host(self) -> str:
        """The Host header that leads to the HTTP API."""
        return f"{self.http_api}.execute-api.localhost:{self.endpoint.rpartition(':')[2]}"

    @property
    def live(self) -> str:
        """Where a WebSocket connects."""
        return f"{self.endpoint.replace('http', 'ws')}/_aws/execute-api/{self.websocket_api}/live"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int) -> dict[str, str]:
    return {
        **os.environ,
        "AWS_ENDPOINT_URL": f"http://localhost:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "SAM_CLI_TELEMETRY": "0",
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "LAMBDA_EXECUTOR": "local",
    }


@contextlib.contextmanager
def running(work: Path, parameters: dict[str, str]) -> Iterator[Deployed]:
    """Start the emulator, build, deploy, wire; everything ends with the block."""
    port = free_port()
    log = (work / "emulator.log").open("wb")
    bin_ = ROOT / ".venv-emulator/bin"
    env = {**environment(port), "PATH": f"{bin_}:{os.environ['PATH']}", "VIRTUAL_ENV": str(bin_.parent)}
    env.pop("AWS_ENDPOINT_URL")
    process = subprocess.Popen([str(bin_ / "python"), "-m", "ministack"], env=env, stdout=log, stderr=log, cwd=work)
    try:
        _wait(port, process, work)
        yield deploy(work, port, parameters)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        log.close()


def _wait(port: int, process: subprocess.Popen[bytes], work: Path) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the emulator did not start: {(work / 'emulator.log').read_text()[-2000:]}")


def deploy(work: Path, port: int, parameters: dict[str, str]) -> Deployed:
    """Sam build, sam deploy, then what the emulator leaves out."""
    env = environment(port)
    sam = str(ROOT / ".venv-deploy/bin/sam")
    built = work / "build"
    _run(
        [sam, "build", "--build-dir", str(built), "--cached", "--cache-dir", str(ROOT / ".build/sam-cache")],
        {**env, "AWS_ENDPOINT_URL": ""},
    )
    for name in ("VendorLayer", "ModelLayer"):
        shutil.rmtree(built / name)
        (built / name / "python").mkdir(parents=True)
        (built / name / "python/stub.txt").write_text("the emulator's environment has the dependencies\n")
    deployed = Deployed(f"http://localhost:{port}", "", "")
    deployed.client("s3").create_bucket(Bucket="hearback-build")
    given = [f"ParameterKey={name},ParameterValue={value}" for name, value in parameters.items()]
    command = [
        sam,
        "deploy",
        "--template-file",
        str(built / "template.yaml"),
        "--stack-name",
        STACK,
        "--s3-bucket",
        "hearback-build",
    ]
    command += [
        "--capabilities",
        "CAPABILITY_IAM",
        "CAPABILITY_AUTO_EXPAND",
        "--no-confirm-changeset",
        "--no-progressbar",
        "--region",
        REGION,
    ]
    _run([*command, "--parameter-overrides", *given], env)
    _wire(deployed)
    return deployed


def _run(command: list[str], env: dict[str, str]) -> None:
    env = {name: value for name, value in env.items() if value}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{' '.join(command[:3])} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def _wire(deployed: Deployed) -> None:
    resources = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in deployed.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    }
    deployed.http_api, deployed.websocket_api = resources["HttpApi"], resources["WebSocketApi"]
    gateway, functions = deployed.client("apigatewayv2"), deployed.client("lambda")
    by_folder = {
        template._folder(each): name
        for name, each in template.load(ROOT / "template.yaml")["Resources"].items()
        if each["Type"] == "AWS::Serverless::Function"
    }
    integrations: dict[str, str] = {}
    for route in template.wiring(ROOT / "template.yaml").routes:
        if route.function not in integrations:
            arn = functions.get_function(FunctionName=resources[by_folder[route.function]])["Configuration"][
                "FunctionArn"
            ]
            made = gateway.create_integration(
                ApiId=deployed.http_api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
            )
            integrations[route.function] = made["IntegrationId"]
        key = f"{route.method} {route.path}"
        gateway.create_route(
            ApiId=deployed.http_api, RouteKey=key, Target=f"integrations/{integrations[route.function]}"
        )
    with contextlib.suppress(Exception):  # the emulator makes the stage itself in some versions
        gateway.create_stage(ApiId=deployed.http_api, StageName="$default", AutoDeploy=True)
    management = f"{deployed.endpoint}/_aws/execute-api/{deployed.websocket_api}/live"
    for logical in by_folder.values():
        name = resources[logical]
        now = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        changed = {**now, "HEARBACK_WEBSOCKET_URL": management, "HEARBACK_LIVE_URL": deployed.live}
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": changed})


def request(
    deployed: Deployed, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    """One HTTP request to the deployed HTTP API, redirects left alone."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_args: object, **_kwargs: object) -> None:
            return None

    asked = urllib.request.Request(
        f"{deployed.endpoint}{path}", body, {"Host": deployed.host, **(headers or {})}, method=method
    )
    try:
        with urllib.request.build_opener(Stay).open(asked, timeout=40) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()
