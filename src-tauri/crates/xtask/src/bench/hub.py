"""A hub on loopback with one repository, whose files are in a folder. Prints its port.

Called as: hub.py FOLDER, with the files' hashes in FOLDER/hashes.json.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FOLDER = sys.argv[1]
COMMIT = "0" * 40
with open(os.path.join(FOLDER, "hashes.json"), encoding="utf-8") as file:
    HASHES = json.load(file)


def entry(name):
    size = os.path.getsize(os.path.join(FOLDER, name))
    lfs = {"oid": HASHES[name], "size": size}
    return {"type": "file", "path": name, "oid": "1" * 40, "size": size, "lfs": lfs}


class Hub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith("/api/"):
            answer = [entry(name) for name in HASHES] if "/tree/" in path else {"sha": COMMIT}
            body = json.dumps(answer).encode()
            self.head(len(body))
            self.wfile.write(body)
            return
        with open(os.path.join(FOLDER, os.path.basename(path)), "rb") as file:
            self.head(os.fstat(file.fileno()).st_size)
            self.connection.sendfile(file)

    def head(self, length):
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
print(server.server_port, flush=True)
server.serve_forever()
