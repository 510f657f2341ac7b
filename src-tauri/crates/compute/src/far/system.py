"""Processes of this system."""

import os
import subprocess


def asked(command):
    """What a program prints; empty if it is missing or fails."""
    try:
        out = subprocess.check_output(command, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return out.decode("utf-8", "replace").strip()


def start_of(pid):
    """When a process started, in the system's own measure; empty if it does not run."""
    if not os.path.isdir("/proc/self"):
        return asked(["ps", "-o", "lstart=", "-p", str(pid)])
    try:
        with open(f"/proc/{pid}/stat") as stat:
            # The name in parentheses may have blanks.
            fields = stat.read().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def boot():
    """The system's start; empty if it is unknown."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:
        return asked(["sysctl", "-n", "kern.boottime"])


def processes_in(folder, variable):
    """The processes whose working folder this is and whose environment has the variable."""
    try:
        pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
    found, start = [], variable.encode() + b"="
    for pid in pids:
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                variables = file.read().split(b"\0")
            if os.readlink(f"/proc/{pid}/cwd") == folder and any(
                v.startswith(start) for v in variables
            ):
                found.append(pid)
        except OSError:
            continue
    return found
