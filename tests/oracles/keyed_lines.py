#!/usr/bin/env python3
"""An independent reader of files with a key and a value a line, written from the grammars in docs/formats/yealink.md,
docs/formats/aastra.md and docs/formats/snom.md.

keyed_lines.py GRAMMAR FILE…    one JSON object a line and setting, in the order of the file: {"key": …, "value": …}

GRAMMAR is yealink, boot, aastra or snom. Of several files each object has its "path". Where a line says for which models
it is, "for" says so. Encodings and white space are those of lines.py. Knows nothing of offhook.
"""
import json
import re
import sys

from lines import decode, trim

MAPS = ("security.user_password", "static.security.user_password")
BLANKS = " \t"


def yealink(line):
    if line.startswith(("#", "[")):
        return None
    key, value = pair(line, "=")
    name, colon, rest = value.partition(":")
    if key.lower() in MAPS and colon and name:
        return f"{key}[{name}]", rest
    return key, value


def boot(line):
    include = re.fullmatch(r"(?:\[([^\]]*)\])?\s*(include:config)(?:(?:\s+|(?=[<\"]))(.*))?", line, re.DOTALL)
    if include is None:
        # Nothing is a map here.
        return None if line.startswith(("#", "[")) else pair(line, "=")
    models, key, target = include.groups("") if include[1] is not None else (None, *include.groups("")[1:])
    delimited = re.fullmatch(r"<(.*)>|\"(.*)\"", target, re.DOTALL)
    return key, target if delimited is None else target[1:-1], models


def aastra(line):
    if line.startswith("#"):
        return None
    if line.startswith(("!", "^")):
        line = trim(line[1:])
    key, _, value = line.partition(":")
    quoted = re.fullmatch(r"\s*\"([^\"]*)\"\s*(?:#.*)?", value, re.DOTALL)
    if quoted is not None:
        return trim(key), quoted[1]
    comment = next((at for at in range(1, len(value)) if value[at] == "#" and value[at - 1] in BLANKS), len(value))
    return pair(key + ":" + value[:comment], ":") if ":" in line else None


def snom(line):
    if line.startswith(("#", "<")):
        return None
    key, value = pair(line, ":")
    return (trim(key[:-1]) if key.endswith(("!", "&", "$")) else key), value


def pair(line, separator):
    key, found, value = line.partition(separator)
    return (trim(key), trim(value)) if found else ("", "")


if __name__ == "__main__":
    grammar = {"yealink": yealink, "boot": boot, "aastra": aastra, "snom": snom}[sys.argv[1]]
    paths = sys.argv[2:]
    for path in paths:
        with open(path, "rb") as file:
            text = decode(file.read())
        for line in filter(None, map(trim, re.split("[\r\n]", text))):
            key, value, models = ((grammar(line) or ("", "")) + (None,))[:3]
            if key:
                more = ({"path": path} if len(paths) > 1 else {}) | ({} if models is None else {"for": models})
                print(json.dumps({"key": key, "value": value} | more))
