"""The part of a Hugging Face Hub that uploads use, on loopback, with faults."""

import base64
import hashlib
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "hf_test0token0test0token0test0token00"

LARGE = (".safetensors", ".parquet")


class FakeHub:
    """A hub with repositories: each ``{"private": bool, "files": {name: bytes}}``.

    ``faults`` maps the beginning of a request ("PUT /storage", "POST /api/repos/create") to what goes
    wrong with the next ones: a status, ``(429, seconds)``, or ``"cut"`` for a connection that breaks
    after 90 % of the body.
    """

    def __init__(self):
        self.repositories: dict[str, dict] = {}
        self.stored: dict[str, bytes] = {}
        self.faults: dict[str, list] = {}
        self.requests: list[str] = []
        self.authorizations: set[str | None] = set()
        self.commits = 0
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                answer(hub, self)

            do_POST = do_PUT = do_HEAD = do_GET

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def count(self, beginning: str) -> int:
        """How many requests began so."""
        return sum(request.startswith(beginning) for request in self.requests)


def answer(hub: FakeHub, request: BaseHTTPRequestHandler):
    path = request.path.partition("?")[0]
    name = f"{request.command} {path}"
    hub.requests.append(name)
    hub.authorizations.add(request.headers.get("Authorization"))
    length = int(request.headers.get("Content-Length") or 0)
    fault = next(
        (faults.pop(0) for key, faults in hub.faults.items() if name.startswith(key) and faults),
        None,
    )
    if fault == "cut":
        request.rfile.read(length * 9 // 10)
        request.connection.shutdown(socket.SHUT_RDWR)
        request.close_connection = True
        return
    body = request.rfile.read(length)
    if fault is not None:
        status, wait = fault if isinstance(fault, tuple) else (fault, None)
        return send(
            request, status, {"error": "as asked for"}, {"Retry-After": wait} if wait else {}
        )
    if path == "/api/validate-yaml":
        content = json.loads(body)["content"]
        if content.startswith("---\nbroken"):
            return send(request, 400, {"errors": [{"message": "broken YAML"}], "warnings": []})
        return send(request, 200, {"errors": [], "warnings": []})
    if path == "/api/repos/create":
        asked = json.loads(body)
        repository = f"{asked['organization']}/{asked['name']}"
        if repository in hub.repositories:
            return send(request, 409, {"error": "You already created this repo"})
        hub.repositories[repository] = {
            "private": asked.get("visibility") == "private",
            "files": {},
        }
        return send(request, 200, {"url": f"{hub.address}/{repository}"})
    if path.startswith("/storage/"):
        oid = path.rpartition("/")[2]
        assert hashlib.sha256(body).hexdigest() == oid
        hub.stored[oid] = body
        return send(request, 200, {})
    parts = path.strip("/").split("/")
    if parts[0] == "api":
        repository, rest = "/".join(parts[2:4]), parts[4:]
    else:
        parts = parts[1:] if parts[0] == "datasets" else parts
        repository, rest = "/".join(parts[:2]).removesuffix(".git"), parts[2:]
    found = hub.repositories.get(repository)
    if found is None or (
        found["private"] and request.headers.get("Authorization") != f"Bearer {TOKEN}"
    ):
        return send(request, 401, {"error": "not found"}, {"X-Error-Code": "RepoNotFound"})
    match rest:
        case []:
            return send(
                request, 200, {"id": repository, "private": found["private"], "sha": "0" * 40}
            )
        case ["branch", _]:
            return send(request, 200, {})
        case ["preupload", _]:
            files = json.loads(body)["files"]
            modes = [
                {
                    "path": file["path"],
                    "uploadMode": "lfs" if file["path"].endswith(LARGE) else "regular",
                    "shouldIgnore": False,
                    "oid": None,
                }
                for file in files
            ]
            return send(request, 200, {"files": modes})
        case ["info", "lfs", "objects", "batch"]:
            objects = []
            for one in json.loads(body)["objects"]:
                if one["oid"] not in hub.stored:
                    one["actions"] = {"upload": {"href": f"{hub.address}/storage/{one['oid']}"}}
                objects.append(one)
            return send(request, 200, {"transfer": "basic", "objects": objects})
        case ["commit", _]:
            for line in body.splitlines():
                line = json.loads(line)
                value = line["value"]
                if line["key"] == "file":
                    found["files"][value["path"]] = base64.b64decode(value["content"])
                elif line["key"] == "lfsFile":
                    found["files"][value["path"]] = hub.stored[value["oid"]]
            hub.commits += 1
            commit = f"{hub.commits:040x}"
            return send(
                request,
                200,
                {"commitUrl": f"{hub.address}/{repository}/commit/{commit}", "commitOid": commit},
            )
        case ["tree", *_]:
            return send(request, 200, [entry(name, data) for name, data in found["files"].items()])
    return send(request, 404, {"error": "no such route"})


def entry(name: str, data: bytes) -> dict:
    made = {
        "type": "file",
        "path": name,
        "size": len(data),
        "oid": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(),
    }
    if name.endswith(LARGE):
        oid = hashlib.sha256(data).hexdigest()
        made["lfs"] = {"oid": oid, "size": len(data), "pointerSize": 134}
    return made


def send(request: BaseHTTPRequestHandler, status: int, value, headers=None):
    data = json.dumps(value).encode()
    request.send_response(status)
    for name, text in {"Content-Type": "application/json", **(headers or {})}.items():
        request.send_header(name, str(text))
    request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    request.wfile.write(data)
