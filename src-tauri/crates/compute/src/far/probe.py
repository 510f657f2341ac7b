"""What is there."""

import getpass
import glob
import os
import platform
import shutil
import sys

from far.commands import run

PROGRAMS = (
    "uv",
    "conda",
    "nvidia-smi",
    "sbatch",
    "squeue",
    "scontrol",
    "sacct",
    "scancel",
    "sinfo",
    "srun",
)
USUAL_UV = ("~/.local/bin/uv", "~/.cargo/bin/uv")
VERSION = "import platform;print(platform.python_version())"
GPUS = ["--query-gpu=name,memory.total,memory.free", "--format=csv,noheader,nounits"]
SECONDS = 20


def probe(folder, python):
    """All of it, as the other side takes it."""
    programs = found()
    return {
        "system": f"{platform.system()} {platform.release()}",
        "machine": platform.machine(),
        "host": platform.node(),
        "user": getpass.getuser(),
        "libc": libc(),
        "home": os.path.expanduser("~"),
        "folder": folder.path,
        "prepared": folder.is_prepared(),
        "folder_problem": folder.problem(),
        "free_bytes": folder.free_bytes(),
        "processors": processors(),
        "memory_bytes": memory(),
        "pythons": pythons(python),
        "programs": programs,
        "gpus": gpus(programs.get("nvidia-smi")),
    }


def found():
    """Programs with their absolute paths. Clusters may have theirs on a login shell's path."""
    programs = {name: shutil.which(name) for name in PROGRAMS}
    missing = [name for name in PROGRAMS if not programs[name]]
    shell = shutil.which("bash")
    if missing and shell:
        _, out, _ = run([shell, "-lc", "command -v " + " ".join(missing)], seconds=SECONDS)
        for line in out.decode("utf-8", "replace").splitlines():
            name = os.path.basename(line)
            if line.startswith("/") and name in missing and os.access(line, os.X_OK):
                programs[name] = line
    if not programs["uv"]:
        usual = [os.path.expanduser(path) for path in USUAL_UV]
        programs["uv"] = next((path for path in usual if os.access(path, os.X_OK)), None)
    return {name: path for name, path in programs.items() if path}


def pythons(named):
    """The interpreter that the target names, and those on the path."""
    seen, result = set(), []
    for name in ([named] if named else []) + ["python3", "python"]:
        path = os.path.expanduser(name)
        path = path if os.path.isabs(path) else shutil.which(path)
        if path is None and name == named:
            result.append({"path": name, "version": None})
        if path is None or path in seen:
            continue
        seen.add(path)
        code, out, _ = run([path, "-c", VERSION], seconds=SECONDS)
        version = out.decode("utf-8", "replace").strip()
        result.append({"path": path, "version": version if code == 0 and version else None})
    return result


def gpus(program):
    if program is None:
        return []
    code, out, _ = run([program, *GPUS], seconds=SECONDS)
    result = []
    for line in out.decode("utf-8", "replace").splitlines() if code == 0 else []:
        fields = [field.strip() for field in line.rsplit(",", 2)]
        if len(fields) == 3 and fields[1].isdigit() and fields[2].isdigit():
            total, free = int(fields[1]) << 20, int(fields[2]) << 20
            result.append({"name": fields[0], "memory": total, "free": free})
    return result


def libc():
    name, version = platform.libc_ver(sys.executable)
    if name:
        return (f"{name} {version}").strip()
    return "musl" if glob.glob("/lib/ld-musl-*") else None


def processors():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory():
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return None
