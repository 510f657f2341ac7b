"""``python -m fine_tuning_worker run FOLDER | log FOLDER | serve | render | scan | probe``."""

import argparse
import sys


def main() -> int:
    """Runs the command and returns the exit code of the process."""
    parser = argparse.ArgumentParser(prog="fine_tuning_worker", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="carry out the job of a run folder")
    run.add_argument("folder")
    rank = commands.add_parser(
        "rank", help="one of the processes of a run, which starts them itself"
    )
    rank.add_argument("folder")
    log = commands.add_parser("log", help="log to MLflow what a run elsewhere measured")
    log.add_argument("folder")
    commands.add_parser("serve", help="load a model and answer prompts, JSON lines on both sides")
    commands.add_parser("render", help="render chat templates, JSON lines on both sides")
    commands.add_parser("scan", help="print what publishing would send, JSON on both sides")
    probe = commands.add_parser("probe", help="print what this interpreter has, as one JSON object")
    probe.add_argument(
        "--no-accelerators", action="store_true", help="don't import torch to look for devices"
    )
    arguments = parser.parse_args()

    if arguments.command == "run":
        from . import run as command

        return command.carry_out(arguments.folder)
    if arguments.command == "log":
        from . import replay as command

        return command.carry_out(arguments.folder)
    if arguments.command == "rank":
        from . import run as command

        return command.carry_out_rank(arguments.folder)
    if arguments.command == "serve":
        from . import serve as command

        return command.serve()
    if arguments.command == "render":
        from . import render as command

        return command.serve()
    if arguments.command == "scan":
        from . import publish_plan as command

        return command.print_plan()
    from . import probe as command

    return command.print_report(accelerators=not arguments.no_accelerators)


if __name__ == "__main__":
    sys.exit(main())
