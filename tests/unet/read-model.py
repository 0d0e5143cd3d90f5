# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists the tensors of a safetensors file: name, shape, first value."""
import json
import struct
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
length = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8 : 8 + length])
metadata = header.pop("__metadata__")
assert all(isinstance(text, str) for text in metadata.values())
json.loads(metadata["pleura.architecture"])
json.loads(metadata["pleura.optimizer"])
for name, tensor in header.items():
    begin, end = tensor["data_offsets"]
    count = 1
    for size in tensor["shape"]:
        count *= size
    assert tensor["dtype"] == "F32" and end - begin == 4 * count
    first = struct.unpack_from("<f", data, 8 + length + begin)[0]
    print(name, tensor["shape"], "%.6f" % first)
