#!/usr/bin/env python3
"""An independent reader of XML lists in which attributes are settings, on top of libxml2 (lxml).

numbered_attributes.py NAMES FILE      one JSON object a line and attribute: {"key": …, "value": …}

Attributes of the elements NAMES, parted by commas, have the key `element[n]/attribute`, n the number of the element among
those of its name in the file, from 1; others their own name. Several roots side by side are read as if one element were
around them. Nothing is fetched, no entity is expanded but the five of XML. Exit code 3: not well-formed. Knows nothing of
offhook.
"""
import json
import re
import sys

from lxml import etree

if __name__ == "__main__":
    names = sys.argv[1].split(",")
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False)
    with open(sys.argv[2], "rb") as file:
        content = re.sub(rb"^(\xef\xbb\xbf)?<\?xml[^>]*\?>", b"", file.read())
    try:
        root = etree.fromstring(b"<around>" + content + b"</around>", parser)
    except etree.XMLSyntaxError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    seen = {}
    for element in root.iter(etree.Element):
        seen[element.tag] = seen.get(element.tag, 0) + 1
        lead = f"{element.tag}[{seen[element.tag]}]/" if element.tag in names else ""
        for name, value in element.attrib.items():
            print(json.dumps({"key": lead + name, "value": value}))
