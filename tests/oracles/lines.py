#!/usr/bin/env python3
"""An independent reader of Grandstream P-value text, written from the grammar in docs/formats/grandstream.md.

lines.py FILE    one JSON object a line and setting, in the order of the file: {"key": …, "value": …}

Keys are upper-cased. Keys that the vendor's encoder drops have "emitted": false. Knows nothing of offhook.
"""
import codecs
import json
import re
import sys
import unicodedata


def decode(data):
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            try:
                return data[2:].decode(name)
            except UnicodeDecodeError:
                break  # no sound UTF-16: single bytes
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # The five bytes that windows-1252 leaves undefined stand for the code points of the same number.
        return "".join(bytes([b]).decode("cp1252") if b not in b"\x81\x8d\x8f\x90\x9d" else chr(b) for b in data)


def is_blank(c):
    return c in "\t\n\v\f\r\x85" or unicodedata.category(c) in ("Zs", "Zl", "Zp")


def trim(text):
    start, end = 0, len(text)
    while start < end and is_blank(text[start]):
        start += 1
    while start < end and is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def pairs(text):
    for line in re.split("[\r\n]", text):
        line = trim(line)
        key, equals, value = line.partition("=")
        key = trim(key).upper()
        if equals and key and not line.startswith("#"):
            yield key, trim(value)


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        for key, value in pairs(decode(file.read())):
            emitted = re.match("P[0-9]", key) is not None
            print(json.dumps({"key": key, "value": value} | ({} if emitted else {"emitted": False})))
