"""Answers each line {"template", "row"} with what str.format makes of it: a line with `text`, or
`missing` (a name the row does not have), or `error`, and with `evaluates`, which is whether more
than values looked up by name would be put in."""

import json
import sys

touched = False


class Probe:
    """Stands for any value and notes when something other than its plain text is asked for."""

    def _touch(self, *_):
        global touched
        touched = True
        return self

    __getattr__ = __getitem__ = _touch

    def _text(self):
        self._touch()
        return ""

    __repr__ = __str__ = _text

    def __format__(self, specification):
        if specification:
            self._touch()
        return ""


class Anything(dict):
    def __missing__(self, name):
        return Probe()


def evaluates(template):
    global touched
    touched = False
    try:
        template.format_map(Anything())
    except Exception:
        return True
    return touched


def answer(template, row):
    try:
        return {"text": template.format(**row)}
    except KeyError as error:
        return {"missing": error.args[0]}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


with open(sys.argv[1], encoding="utf-8") as questions:
    for line in questions:
        question = json.loads(line)
        template = question["template"]
        print(json.dumps(answer(template, question["row"]) | {"evaluates": evaluates(template)}))
