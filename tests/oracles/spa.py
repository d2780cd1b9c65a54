#!/usr/bin/env python3
"""An independent reader of SPA profiles on top of libxml2 (lxml).

spa.py FILE      one JSON object a line and setting, in the order of the file: {"key": …, "value": …}

Settings are elements below `flat-profile`, wherever that stands: by their own name, or below `router-configuration` by
their path from there. An element with child elements is a setting only if text stands before the first of them. Values
are as the parser gives them, untrimmed, and without comments. Nothing is fetched, no entity is expanded but the five of
XML. Exit code 3: not well-formed. Knows nothing of offhook.
"""
import json
import sys

from lxml import etree

CONTAINER = "flat-profile"
PATHS = ["router-configuration"]


def local(element):
    return etree.QName(element).localname


def elements(element):
    return list(element.iterchildren(tag=etree.Element))


def settings(outer, path):
    for element in elements(outer):
        name = local(element)
        holds = name == CONTAINER or name in PATHS
        if not elements(element):
            if not holds:
                yield "/".join(path + [name]), element.xpath("string()")
            continue
        inner = path + [name] if path or name in PATHS else []
        yield from settings(element, inner)


if __name__ == "__main__":
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(sys.argv[1], parser).getroot()
    except etree.XMLSyntaxError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    outermost = [it for it in root.iter(etree.Element) if local(it) == CONTAINER
                 and all(local(up) != CONTAINER for up in it.iterancestors())]
    for profile in outermost:
        for key, value in settings(profile, []):
            print(json.dumps({"key": key, "value": value}))
