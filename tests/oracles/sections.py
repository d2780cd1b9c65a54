#!/usr/bin/env python3
"""An independent reader of settings under section headers, written from docs/formats/yealink-ini.md and fanvil-text.md.

sections.py SHAPE FILE    one JSON object a line and setting, in the order of the file:
                          {"key": …, "value": …, "within": …}

SHAPE is `paths` (a first line names the file of a section), `headers` (headers do) or `modules`. "within" is the list
that a setting stands in, or the options of its header, or null. An account that is named first in a header is part of
the address. Knows nothing of offhook.
"""
import json
import re
import sys

from lines import decode

BLANKS = " \t\f"


def lines(text, comments):
    for line in re.split("\r\n|\r|\n", text):
        line = line.strip(BLANKS)
        if line and not line.startswith(comments):
            yield line


def setting(line, separator):
    key, found, value = line.partition(separator)
    key = key.strip(BLANKS)
    return (key, value.strip(BLANKS)) if found and key else None


def header(line):
    """What stands in the brackets: up to the last one at the end of the line, else up to the first one."""
    if line.endswith("]"):
        return line[1:-1]
    return line[1:].partition("]")[0]


def paths(text):
    section, path, seen = None, None, False
    for line in lines(text, ("#", ";")):
        if line.startswith("["):
            section, path, seen = header(line).strip(BLANKS) or None, None, False
        elif pair := setting(line, "="):
            key, value = pair
            if section is not None and key.lower() == "path":
                if not seen:
                    path, seen = value, True
                continue
            yield "/".join(part for part in (path, section, key) if part), value, None


def headers(text):
    section, options = None, None
    for line in lines(text, ("#", ";")):
        if line.startswith("["):
            section, _, options = header(line).partition(",")
            section, options = section.strip(BLANKS) or None, options.strip(BLANKS) or None
            first, _, rest = (options or "").partition(";")
            if section and re.fullmatch("account=.+", first.rstrip(BLANKS)):
                section, options = f"{section},{first.rstrip(BLANKS)}", rest.strip(BLANKS) or None
        elif pair := setting(line, "="):
            key, value = pair
            yield (f"{section}/{key}", value, options) if section else (key, value, None)


def modules(text):
    module, inner = None, None
    for line in lines(text, ("#",)):
        if line.startswith("<<VOIP CONFIG FILE>>"):
            continue
        if line == "<<END OF FILE>>":
            module, inner = None, None
        elif re.fullmatch("<(?!<)[^:]*(>|(?<= MODULE))", line):
            module, inner = line[1:].removesuffix(">").strip(BLANKS) or None, None
        elif match := re.fullmatch(r"--([^:]+?)--[ \t\f]*:?", line):
            inner = match[1].strip(BLANKS) if module else None
        elif pair := setting(line, ":"):
            key, value = pair
            yield f"{module}/{key}" if module else key, value, inner


if __name__ == "__main__":
    shape = {"paths": paths, "headers": headers, "modules": modules}[sys.argv[1]]
    with open(sys.argv[2], "rb") as file:
        for key, value, within in shape(decode(file.read())):
            print(json.dumps({"key": key, "value": value, "within": within}))
