#!/usr/bin/env python3
"""An independent reader of XML configurations in which elements are settings, on top of libxml2 (lxml).

grouped_xml.py KIND FILE      one JSON object a line and setting, in the order of the file: {"key": …, "value": …}

KIND says where settings stand and what their keys are:
  snom     in the groups of `settings`, or in one group that is the root; `name[idx]` where there is the attribute; in the
           groups that hold no settings of the phone the path from the group on
  module   below VOIP_CONFIG_FILE, by their path; elements that end in `_Entry` by their number
  sysconf  below sysConf, by their path; elements with an attribute `index` by that
  book     below a directory or an object for the screen of a phone, by their path; repeated ones by their number
  htek     below config, by their name

Values are as the parser gives them, untrimmed. Nothing is fetched, no entity is expanded but the five of XML. Exit code 3:
not well-formed. Knows nothing of offhook.
"""
import json
import sys

from lxml import etree

FLAT = ["phone-settings", "functionKeys", "firmware-settings"]
DEEP = ["tbook", "dialplan", "ReplacementPlan", "certificates", "gui-languages", "web-languages"]
SNOM_NUMBERED = ["item", "contact", "template", "certificate"]
BOOK_NUMBERED = ["DirectoryEntry", "MenuItem", "InputField", "SoftKey", "Telephone"]
PAGE_NUMBERED = BOOK_NUMBERED[1:4] + ["Item", "Line", "Message", "Image", "Prompt", "URI"]


def elements(element):
    return list(element.iterchildren(tag=etree.Element))


def holds(element, name_counts):
    """Whether an element has elements in it, or had: only line breaks are left where one can hold others."""
    text = element.text or ""
    return bool(elements(element)) or (name_counts and "\n" in text and not text.strip())


def walk(outer, path, number, counts):
    seen = {}
    for element in elements(outer):
        seen[element.tag] = seen.get(element.tag, 0) + 1
        which = number(element, seen[element.tag])
        part = element.tag if which is None else f"{element.tag}[{which}]"
        if holds(element, counts(element)):
            yield from walk(element, path + [part], number, counts)
        else:
            yield "/".join(path + [part]), element.xpath("string()")


def snom(root):
    def number(element, nth):
        if element.tag in SNOM_NUMBERED:
            return nth
        idx = element.get("idx", "")
        return int(idx) if idx.isdigit() else None

    groups = elements(root) if root.tag == "settings" else [root]
    for group in groups:
        if group.tag in FLAT:
            yield from walk(group, [], number, lambda it: it.tag == "fkey")
        elif group.tag in DEEP:
            yield from walk(group, [group.tag], number, lambda it: it.tag in SNOM_NUMBERED)


def numbered(names):
    return lambda element, nth: nth if any(element.tag.endswith(n) if n[0] == "_" else element.tag == n for n in names) else None


def tree(root, number, markup=()):
    top = [it for it in walk(root, [], number, lambda it: True)]
    return [(key, value) for key, value in top if key not in markup]


def indexed(element, _nth):
    index = element.get("index", "")
    return int(index) if index.isdigit() else None


def settings(kind, root):
    if kind == "snom":
        return snom(root)
    if kind == "module":
        return tree(root, numbered(["_Entry"]), ["version", "Version"])
    if kind == "sysconf":
        return tree(root, indexed, ["Version"])
    if kind == "book":
        is_book = root.tag.endswith(("Directory", "Menu")) and not root.tag.endswith(("TextMenu", "ImageMenu"))
        return tree(root, numbered(BOOK_NUMBERED if is_book else PAGE_NUMBERED))
    return [(it.tag, it.xpath("string()")) for it in elements(root.find("config"))]


if __name__ == "__main__":
    parser = etree.XMLParser(recover=False, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        document = etree.parse(sys.argv[2], parser).getroot()
    except etree.XMLSyntaxError as error:
        print(error, file=sys.stderr)
        sys.exit(3)
    for key, value in settings(sys.argv[1], document):
        print(json.dumps({"key": key, "value": value}))
