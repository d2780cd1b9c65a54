#!/usr/bin/env python3
"""An independent reader of XML files in which attributes are settings, on top of libxml2 (lxml).

xml_attr.py FILE      one JSON object a line and setting, in the order of the file: {"key": …, "value": …}

Every attribute of every element is a setting, by its name; namespace declarations and attributes of a namespace are
none. Values are as the parser gives them. Nothing is fetched, no entity is expanded but the five of XML. Exit code 3:
not well-formed. Knows nothing of offhook.
"""
import json
import sys

from lxml import etree

if __name__ == "__main__":
    parser = etree.XMLParser(
        recover=False, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    try:
        with open(sys.argv[1], "rb") as file:
            content = file.read()
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if ":" not in name and not name.startswith("{"):
                print(json.dumps({"key": name, "value": value}))
