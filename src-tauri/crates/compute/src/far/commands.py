"""Commands, without a shell."""

import os
import subprocess

SECONDS = 120
MOST = 8 << 20
CLEAN = ("HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "SLURM_CONF")


def run(command, data=b"", folder=None, clean=False, seconds=SECONDS):
    """The code, output and messages of a command; 127 if there is no such program."""
    environment = (
        {name: os.environ[name] for name in CLEAN if name in os.environ} if clean else None
    )
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=environment,
        )
    except OSError as error:
        return 127, b"", (f"{command[0]}: {error.strerror}").encode()
    try:
        out, err = process.communicate(data, seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        err += f"\nIt was ended after {seconds} seconds.".encode()
    return process.returncode, out[:MOST], err[:MOST]


class Commands:
    """The request that runs a command."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, head, body):
        code, out, err = run(head["command"], body, self.folder.existing(), head["clean"])
        return {"code": code, "out": len(out)}, out + err
