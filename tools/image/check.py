"""Does what the last stage of deploy/Dockerfile says, in a folder, and lives in it as a container would.

    check.py DOCKERFILE BASE PROGRAM    BASE: an archive of the system that FROM names; PROGRAM: the release, which the stages before make

The kernel keeps the promises of a container here: a root that cannot be written, the user of the image without any capability, namespaces of
its own for processes, mounts and the network, and the program as process 1, for which a signal without a handler does nothing. What only a
container engine has is not tested: layers, the copy into a volume by the engine itself, limits by cgroups, the filter of system calls.
"""

import ctypes
import fcntl
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# What the engines give to a process that sets nothing itself.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PATIENCE_S = 40

# Somebody makes the first account and says something: asked from inside, where no setup code is needed.
TALK = """
import json, sys, urllib.request, uuid
def post(path, body, token=None):
    headers = {"content-type": "application/json"} | ({"authorization": "Bearer " + token} if token else {})
    request = urllib.request.Request("http://127.0.0.1:3000/api/v1" + path, json.dumps(body).encode(), headers)
    return json.load(urllib.request.urlopen(request, timeout=20))
who = {"name": "ada", "password": "a sentence is the best password"}
post("/accounts", who)
token = post("/sessions", who | {"device": "image-0123456789abcdef"})["access_token"]
for n in range(20):
    post("/rooms/1/messages", {"id": str(uuid.uuid4()), "text": f"message {n}"}, token)
"""


class Wrong(Exception):
    """The image is not what it should be."""


def instructions(text):
    """The instructions of a Dockerfile, each with its words: comments gone, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    for line in filter(str.strip, joined.splitlines()):
        word, _, rest = line.strip().partition(" ")
        yield word.upper(), rest.strip()


def last_stage(text):
    stage = []
    for word, rest in instructions(text):
        if word == "FROM":
            stage = []
        stage.append((word, rest))
    return stage


def command(text):
    """The exec form, or the shell's."""
    try:
        argv = json.loads(text)
    except ValueError:
        return ["/bin/sh", "-c", text]
    return argv


class Image:
    """What the last stage says, carried out in `root`."""

    def __init__(self, dockerfile, root, program):
        self.root, self.program = root, program
        self.env, self.user, self.workdir, self.volumes = {"PATH": PATH}, "0:0", "/", []
        self.entrypoint, self.cmd, self.health, self.stop_signal = [], [], None, "SIGTERM"
        for word, rest in last_stage(dockerfile):
            step = getattr(self, "do_" + word.lower(), None)
            if step is None:
                raise Wrong(f"tools/image/check.py does not know {word} yet: teach it")
            step(rest)

    def inside(self, path):
        return self.root / os.path.join(self.workdir, path).lstrip("/")

    def do_from(self, rest):
        pass

    do_label = do_expose = do_from

    def do_run(self, rest):
        if rest.startswith("--"):
            raise Wrong("RUN with options in the last stage")
        subprocess.run(["chroot", self.root, *command(rest)], env=self.env, check=True)

    def do_copy(self, rest):
        *options, source, target = rest.split()
        if [option.split("=")[0] for option in options] != ["--from"]:
            raise Wrong(f"COPY {rest}: only --from another stage is known here")
        if Path(source).name != "hubbub":
            raise Wrong(f"COPY {rest}: only the program itself is to be had")
        shutil.copy(self.program, self.inside(target))

    def do_env(self, rest):
        self.env |= dict(re.findall(r'(\w+)="?([^"\s]*)"?', rest))

    def do_user(self, rest):
        self.user = rest

    def do_workdir(self, rest):
        self.inside(rest).mkdir(parents=True, exist_ok=True)
        self.workdir = os.path.join(self.workdir, rest)

    def do_volume(self, rest):
        self.volumes += command(rest) if rest.startswith("[") else rest.split()

    def do_stopsignal(self, rest):
        self.stop_signal = rest

    def do_entrypoint(self, rest):
        self.entrypoint = command(rest)

    def do_cmd(self, rest):
        self.cmd = command(rest)

    def do_healthcheck(self, rest):
        options, _, what = rest.partition("CMD ")
        self.health, self.health_options = command(what.strip()), options.split()


def enter(spec):
    """Becomes the program, as process 1 of namespaces that were just made."""
    mount = lambda *words: subprocess.run(["mount", *words], check=True)
    root, libc = spec["root"], ctypes.CDLL(None, use_errno=True)
    mount("--make-rprivate", "/")
    mount("--bind", root, root)
    mount("-o", "remount,bind,ro", root)
    for volume, folder in spec["volumes"].items():
        mount("--bind", folder, root + volume)
    mount("-t", "proc", "proc", root + "/proc")
    mount("-t", "tmpfs", "-o", "size=256m,mode=1777", "tmp", root + "/tmp")
    mount("-t", "tmpfs", "-o", "size=64k,mode=755", "dev", root + "/dev")
    for device in ["null", "zero", "random", "urandom"]:
        Path(root, "dev", device).touch()
        mount("--bind", f"/dev/{device}", f"{root}/dev/{device}")
    os.symlink("/proc/self/fd", root + "/dev/fd")
    # The loopback of a new network is down: SIOCSIFFLAGS, IFF_UP.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))
    os.chroot(root)
    os.chdir(spec["workdir"])
    os.umask(0o022)
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    for capability in range(last + 1):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
    if libc.prctl(38, 1, 0, 0, 0) != 0:  # PR_SET_NO_NEW_PRIVS
        raise OSError(ctypes.get_errno(), "no_new_privs")
    os.setgroups([])
    os.setresgid(spec["gid"], spec["gid"], spec["gid"])
    os.setresuid(spec["uid"], spec["uid"], spec["uid"])
    os.execvpe(spec["argv"][0], spec["argv"], spec["env"])


class Container:
    """The image, run: its folder, its volumes, its process."""

    def __init__(self, image, work):
        self.image, self.work = image, work
        uid, _, gid = image.user.partition(":")
        if not (uid.isdigit() and gid.isdigit() and int(uid) > 0 and int(gid) > 0):
            raise Wrong(f"USER {image.user}: a number that is not root's, for the group too")
        self.uid, self.gid = int(uid), int(gid)
        self.volumes = {}
        for volume in image.volumes:
            folder = work / "volumes" / volume.strip("/").replace("/", "-")
            # As an engine fills a new volume: with what the image has there, owners and modes too.
            folder.parent.mkdir(exist_ok=True)
            subprocess.run(["cp", "--archive", image.inside(volume), folder], check=True)
            self.volumes[volume] = str(folder)

    def start(self, argv, **how):
        spec = {
            "root": str(self.image.root), "volumes": self.volumes, "workdir": self.image.workdir,
            "uid": self.uid, "gid": self.gid, "argv": argv, "env": self.image.env,
        }
        new = ["--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"]
        return subprocess.Popen(["unshare", *new, sys.executable, __file__, "enter", json.dumps(spec)], **how)

    def run(self, argv, timeout=PATIENCE_S):
        """A container for one command: its exit status, and what it said."""
        process = self.start(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            said, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.kill(first_child(process), signal.SIGKILL)
            raise Wrong(f"{argv} does not end") from None
        return process.returncode, said

    def exec(self, pid, argv, timeout=10):
        """A command beside the one that runs, as `docker exec` and health checks have it."""
        program = shutil.which("nsenter")
        spaces = ["--target", str(pid), "--mount", "--pid", "--net", "--ipc", "--uts", "--root", f"--wdns={self.image.workdir}"]
        enter_it = [program, *spaces, f"--setuid={self.uid}", f"--setgid={self.gid}", "--", *argv]
        done = subprocess.run(enter_it, env=self.image.env, timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout


def first_child(process):
    """The process that `unshare` started, by its number out here."""
    for _ in range(200):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        # Until it is the program itself it is this one, which makes the mounts.
        if children and b"check.py" not in Path(f"/proc/{children[0]}/cmdline").read_bytes():
            return int(children[0])
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise Wrong(f"the program did not start: {process.poll()}")


def live(container, log):
    image, pid = container.image, None
    server = container.start(image.entrypoint + image.cmd, stdout=log, stderr=log)
    try:
        pid = first_child(server)
        state = Path(f"/proc/{pid}/status").read_text()
        for name, wanted in [("Uid", [str(container.uid)] * 4), ("CapEff", ["0" * 16]), ("CapBnd", ["0" * 16]), ("NoNewPrivs", ["1"])]:
            found = re.search(rf"^{name}:\s*(.*)$", state, re.M).group(1).split()
            if found != wanted:
                raise Wrong(f"{name} is {found}")
        ends = time.monotonic() + PATIENCE_S
        while (healthy := container.exec(pid, image.health))[0] != 0:
            if server.poll() is not None or time.monotonic() > ends:
                raise Wrong(f"not healthy: {healthy}, exit status {server.poll()}")
            time.sleep(0.2)
        if container.exec(pid, ["touch", "/anywhere"])[0] == 0:
            raise Wrong("the root can be written")
        subprocess.run(["nsenter", "--target", str(pid), "--net", sys.executable, "-c", TALK], check=True, timeout=PATIENCE_S)
        status, said = container.exec(pid, ["hubbub", "set-role", "ada", "owner"])
        if status != 0:
            raise Wrong(f"set-role beside the server: {status} {said}")
        os.kill(pid, getattr(signal, image.stop_signal))
        try:
            status = server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise Wrong(f"STOPSIGNAL {image.stop_signal} does not stop it") from None
        if status != 0:
            raise Wrong(f"stopped by {image.stop_signal} it ended with {status}")
    finally:
        if server.poll() is None:
            # Not by the end of `unshare`: what became another user does not hear of it any more.
            os.kill(pid or server.pid, signal.SIGKILL)
            server.wait()


def check(dockerfile, base, program, work):
    root, log = work / "root", work / "log"
    root.mkdir()
    subprocess.run(["tar", "--extract", "--file", base, "--directory", root, "--numeric-owner", "--preserve-permissions"], check=True)
    image = Image(Path(dockerfile).read_text(), root, program)
    if not image.volumes or image.health is None:
        raise Wrong("it has no VOLUME or no HEALTHCHECK")
    container = Container(image, work)
    status, said = container.run(image.health)
    if status == 0:
        raise Wrong(f"the health check is content where no server runs: {said}")
    try:
        with log.open("w") as out:
            live(container, out)
    except Exception:
        sys.stderr.write(log.read_text())
        raise
    for folder in container.volumes.values():
        for path in [Path(folder), *Path(folder).rglob("*")]:
            about = path.lstat()
            if (about.st_uid, about.st_gid) != (container.uid, container.gid) or about.st_mode & 0o077:
                raise Wrong(f"{path.name} is not the user's alone: {about}")
    status, said = container.run(image.entrypoint + ["verify", "--deep"])
    entries = re.search(r"(\d+) entries, 0 wrong", said)
    if status != 0 or not entries or int(entries.group(1)) < 20:
        raise Wrong(f"hubbub verify: {status} {said}")
    size = (root / "usr/local/bin/hubbub").stat().st_size
    print(f"    healthy, written, stopped by {image.stop_signal}, {said.strip()}; the program has {size / 1e6:.0f} MB")


def main():
    if sys.argv[1] == "enter":
        enter(json.loads(sys.argv[2]))
    with tempfile.TemporaryDirectory(prefix="hubbub-image-") as work:
        try:
            check(*sys.argv[1:4], Path(work))
        except Wrong as why:
            sys.exit(f"error: {why}")


main()
