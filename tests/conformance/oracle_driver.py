#!/usr/bin/env python3
"""Asks the independent encoder and decoder of Grandstream binaries many things in one process.

oracle_driver.py GS_ORACLE    one JSON object a line in, one out

In: {"pairs": [[key, value], …], "mac": …, "escape": "vendor" or "percent", "pad": 2 or 4, "file": hex}
Out: {"file": hex of the pairs encoded, "mac": …, "pairs": [[key, value], …] that the given file decodes to}
"""
import importlib.util
import json
import sys

spec = importlib.util.spec_from_file_location("gs_oracle", sys.argv[1])
gs_oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gs_oracle)

for line in sys.stdin:
    ask = json.loads(line)
    pairs = [tuple(pair) for pair in ask["pairs"]]
    encoded = gs_oracle.encode(ask["mac"], pairs, ask["pad"], ask["escape"])
    mac, decoded = gs_oracle.decode(bytes.fromhex(ask["file"]))
    print(json.dumps({"file": encoded.hex(), "mac": mac, "pairs": decoded}))
