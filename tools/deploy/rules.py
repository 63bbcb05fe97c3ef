"""What no linter knows of deploy/: its files must fit each other, and what the server says of itself."""

import re
import sys
import tomllib
from pathlib import Path

from ruamel.yaml import YAML

DEPLOY = Path("deploy")
# Which files are used together.
SETS = [
    ["compose.yaml"],
    ["compose.caddy.yaml"],
    ["compose.nginx.yaml"],
    *([first, "compose.postgres.yaml"] for first in ["compose.yaml", "compose.caddy.yaml", "compose.nginx.yaml"]),
]
wrong = []


def say(what):
    if what not in wrong:
        wrong.append(what)


def number(pattern, path):
    """The number that a file says, in seconds."""
    found = re.search(pattern, Path(path).read_text())
    if not found:
        sys.exit(f"error: {path} has no {pattern}")
    return int(found.group(1))


def load(name):
    return YAML(typ="safe").load(DEPLOY / name)


def merged(below, above):
    """As Compose does it: maps by their keys, lists one after the other, everything else by the one that comes later."""
    if isinstance(below, dict) and isinstance(above, dict):
        return below | {key: merged(below.get(key), value) for key, value in above.items()}
    if isinstance(below, list) and isinstance(above, list):
        return below + above
    return below if above is None else above


def project(names):
    whole = {}
    for name in names:
        part = load(name)
        for service, body in part["services"].items():
            if base := body.pop("extends", None):
                part["services"][service] = merged(load(base["file"])["services"][base["service"]], body)
        whole = merged(whole, part)
    return whole


def check_project(names, drain):
    what, whole = " and ".join(names), project(names)
    services = whole["services"]
    for name, service in services.items():
        where = f"{what}: {name}"
        if service.get("read_only") is not True:
            say(f"{where} may write its root")
        if service.get("cap_drop") != ["ALL"] or "no-new-privileges:true" not in service.get("security_opt", []):
            say(f"{where} keeps privileges")
        for key in ["restart", "mem_limit", "stop_grace_period", "logging", "ulimits"]:
            if key not in service:
                say(f"{where} has no {key}")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if not source.startswith((".", "/", "$")) and source not in whole.get("volumes", {}):
                say(f"{where}: the volume {source} is not declared")
        networks = {"default": {}} | (whole.get("networks") or {})
        joined = service.get("networks", ["default"])
        for network in joined:
            if network not in networks:
                say(f"{where}: the network {network} is not declared")
        # Docker publishes no port of a container that is in such networks alone.
        if service.get("ports") and all((networks.get(network) or {}).get("internal") for network in joined):
            say(f"{where} opens ports, and is in no network that leads out")
        for other in service.get("depends_on", {}):
            if other not in services:
                say(f"{where} depends on {other}, which is not there")
        for port in service.get("ports", []):
            if name not in ("caddy", "nginx") and not port.startswith("127.0.0.1:"):
                say(f"{where} opens {port} to everybody")
    hubbub = services["hubbub"]
    if int(hubbub["stop_grace_period"].removesuffix("s")) <= drain:
        say(f"{what}: Hubbub is killed while it drains, which takes {drain} s at worst")
    for name in services.keys() & {"caddy", "nginx"}:
        proxy = services[name]
        address = lambda service: service["networks"]["inside"]["ipv4_address"]
        if hubbub["environment"]["HUBBUB_TRUSTED_PROXIES"] != address(proxy):
            say(f"{what}: Hubbub does not believe {name}")
        if proxy["environment"]["CHAT_UPSTREAM"] != address(hubbub) + ":3000":
            say(f"{what}: {name} does not find Hubbub")


def main():
    ends = ["CONNECTIONS_END", "REQUESTS_END", "QUEUE_END"]
    drain = sum(number(rf"{end}: Duration = Duration::from_secs\((\d+)\)", "server/src/lifecycle.rs") for end in ends)
    heartbeat = number(r'HUBBUB_HEARTBEAT_S", default_value_t = (\d+)', "server/src/config/live.rs")
    for names in SETS:
        check_project(names, drain)

    unit = DEPLOY / "hubbub.service"
    if number(r"TimeoutStopSec=(\d+)\n", unit) <= drain:
        say(f"{unit}: Hubbub is killed while it drains, which takes {drain} s at worst")
    usage = number(r"const USAGE: u8 = (\d+);", "server/src/main.rs")
    if number(r"RestartPreventExitStatus=(\d+)\n", unit) != usage:
        say(f"{unit}: a setting that cannot be used ends with {usage}")
    for side in ["read", "send"]:
        if number(rf"proxy_{side}_timeout (\d+)s;", DEPLOY / "nginx.conf.template") <= 2 * heartbeat:
            say(f"nginx.conf.template: proxy_{side}_timeout cuts a WebSocket that is alive")

    known = {name for path in Path("server/src/config").glob("*.rs") for name in re.findall(r'env = "(HUBBUB_\w+)"', path.read_text())}
    for path in sorted(DEPLOY.iterdir()):
        for name in re.findall(r"HUBBUB_[A-Z_]+", path.read_text()):
            if name not in known:
                say(f"{path}: {name} is no setting")

    ignored = Path(".dockerignore").read_text().split("\n")
    for member in tomllib.loads(Path("Cargo.toml").read_text())["workspace"]["members"] + ["public", "style", "tools", ".cargo"]:
        if member in ignored:
            say(f".dockerignore: the build needs {member}")

    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(bool(wrong))


main()
