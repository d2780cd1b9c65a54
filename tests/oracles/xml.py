#!/usr/bin/env python3
"""An independent reader of Grandstream XML on top of libxml2 (lxml), for both versions and hybrids.

xml.py FILE      one JSON object a line and setting, in the order of the file: {"key": …, "value": …}

Settings are the elements below `config`: `P…` by their own name, `item` by its attribute `name`, a `part` of an item
as the item's name, a full stop and its own. Values are as the parser gives them, untrimmed. Nothing is fetched, no
entity is expanded but the five of XML. Exit code 3: not well-formed. Knows nothing of offhook.
"""
import json
import re
import sys

from lxml import etree


def text(element):
    """All character data below; comments are none."""
    return element.xpath("string()")


def settings(config):
    for element in config.iterchildren(tag=etree.Element):
        if re.fullmatch("[Pp][0-9].*", element.tag):
            yield element.tag, text(element)
        elif element.tag == "item" and element.get("name") is not None:
            parts = element.findall("part")
            if not parts:
                yield element.get("name"), text(element)
            for part in parts:
                if part.get("name") is not None:
                    yield f'{element.get("name")}.{part.get("name")}', text(part)


if __name__ == "__main__":
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(sys.argv[1], parser).getroot()
    except etree.XMLSyntaxError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    for config in root.iter("config"):
        for key, value in settings(config):
            print(json.dumps({"key": key, "value": value}))
