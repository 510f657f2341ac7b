"""Makes modules of texts: this program is sent over standard input and lies in no file."""

import sys
import types

sys.modules["far"] = types.ModuleType("far")


def load(name, source):
    """Make the module ``far.NAME``."""
    module = sys.modules["far." + name] = types.ModuleType("far." + name)
    setattr(sys.modules["far"], name, module)
    exec(compile(source, f"<far.{name}>", "exec"), module.__dict__)
