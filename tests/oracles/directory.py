#!/usr/bin/env python3
"""An independent reader of contact directories on top of libxml2 (lxml).

directory.py FILE      one JSON object a line and field, in the order of the file: {"key": …, "value": …}

A field is an element without child elements below `directory/item_list/item`; its key is `item_list/item[n]/name`, n the
number of the item from 1. Values are as the parser gives them. Nothing is fetched, no entity is expanded but the five of
XML. Exit code 3: not well-formed. Knows nothing of offhook.
"""
import json
import sys

from lxml import etree

if __name__ == "__main__":
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.parse(sys.argv[1], parser).getroot()
    except etree.XMLSyntaxError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    for number, item in enumerate(root.iterfind("item_list/item"), 1):
        for field in item.iterchildren(tag=etree.Element):
            key = f"item_list/item[{number}]/{field.tag}"
            print(json.dumps({"key": key, "value": field.xpath("string()")}))
