#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes TIFF files with tifffile, and beside each the values that a reader should find:
NAME.tif, NAME.raw (C order, native), and a line in index.txt:
NAME dtype pages rows columns page_mm row_mm column_mm (0 where the file does not say).
make-tiff-peers.py FOLDER writes them; make-tiff-peers.py FOLDER NAME reads FOLDER/NAME.tif with
tifffile into NAME.raw and a line of index.txt. Exit status 77: there is no tifffile."""
import struct
import sys
import zlib

try:
    import numpy as np
    import tifffile
except ImportError:
    sys.exit(77)

folder = sys.argv[1]
random = np.random.default_rng(5)
index = open(f"{folder}/index.txt", "w")

if len(sys.argv) > 2:
    with tifffile.TiffFile(f"{folder}/{sys.argv[2]}.tif") as file:
        values = file.asarray()
        tags = file.pages[0].tags
    values.tofile(f"{folder}/{sys.argv[2]}.raw")
    across, down = (tags[name].value for name in ("XResolution", "YResolution"))
    print(sys.argv[2], values.dtype.name, *(1,) * (3 - values.ndim), *values.shape, 1,
          10 * down[1] / down[0], 10 * across[1] / across[0], file=index)
    sys.exit(0)


def expect(name, values, spacing=(0, 0, 0)):
    values = np.ascontiguousarray(values)
    shape = (1,) * (3 - values.ndim) + values.shape
    values.tofile(f"{folder}/{name}.raw")
    print(name, values.dtype.name, *shape, *spacing, file=index)


def write(name, values, expected=None, spacing=(0, 0, 0), **options):
    tifffile.imwrite(f"{folder}/{name}.tif", values, **options)
    expect(name, values if expected is None else expected, spacing)


def noise(dtype, *shape):
    if np.dtype(dtype).kind == "f":
        return random.normal(0, 1000, shape).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, shape, dtype, endpoint=True)


def luminance(rgb):
    weights = np.array([19595, 38470, 7471], np.uint64)
    return ((rgb[..., :3].astype(np.uint64) * weights).sum(-1) + 32768 >> 16).astype(rgb.dtype)


def write_strip(name, shape, bits, strip, *more_tags, order="<"):
    """A file of one strip, for what tifffile cannot write."""
    tags = [(256, 4, shape[1:]), (257, 4, shape[:1]), (258, 3, (bits,)), (273, 4, (8,)),
            (277, 3, (1,)), (278, 4, shape[:1]), (279, 4, (len(strip),)), *more_tags]
    strip += b"\0" * (len(strip) % 2)
    offset = 8 + len(strip) + 2 + 12 * len(tags) + 4
    entries, extra = b"", b""
    for tag, kind, numbers in sorted(tags):
        data = struct.pack(f"{order}{len(numbers)}{'HI'[kind - 3]}", *numbers)
        entries += struct.pack(f"{order}HHI", tag, kind, len(numbers))
        if len(data) > 4:
            entries += struct.pack(f"{order}I", offset + len(extra))
            extra += data
        else:
            entries += data.ljust(4, b"\0")
    with open(f"{folder}/{name}.tif", "wb") as file:
        file.write((b"II*\0" if order == "<" else b"MM\0*")
                   + struct.pack(f"{order}I", 8 + len(strip)) + strip
                   + struct.pack(f"{order}H", len(tags)) + entries + b"\0" * 4 + extra)


def write_packed(name, values, bits, *more_tags):
    strip = b"".join(
        np.packbits((row[:, None] >> np.arange(bits)[::-1] & 1).astype(np.uint8)).tobytes()
        for row in values)
    write_strip(name, values.shape, bits, strip, (259, 3, (1,)), *more_tags)


def write_float_predicted(name, values, order):
    """Deflate with the floating point predictor (Adobe, TIFF Technical Note 3)."""
    strip = b""
    for row in values:
        planes = np.frombuffer(row.astype(">f4").tobytes(), np.uint8).reshape(-1, 4).T.ravel()
        strip += np.diff(planes, prepend=np.uint8(0)).tobytes()
    write_strip(name, values.shape, 32, zlib.compress(strip), (259, 3, (8,)), (262, 3, (1,)),
                (317, 3, (3,)), (339, 3, (3,)), order=order)
    expect(name, values)


for order, order_name in (("<", "little"), (">", "big")):
    for dtype in ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64",
                  "float32", "float64"):
        write(f"{order_name}-{dtype}", noise(dtype, 21, 34), byteorder=order,
              photometric="minisblack")
    write(f"{order_name}-bigtiff", noise("int16", 5, 19, 23), byteorder=order, bigtiff=True,
          photometric="minisblack")
    write(f"{order_name}-deflate", noise("int16", 40, 50), byteorder=order,
          compression="zlib", rowsperstrip=7, photometric="minisblack")
    write_float_predicted(f"{order_name}-float-predicted", noise("float32", 12, 9), order)
    write(f"{order_name}-tiles", noise("float32", 40, 50), byteorder=order, tile=(16, 32),
          photometric="minisblack")

write("one-pixel", noise("int16", 1, 1), photometric="minisblack")
write("stack", noise("int16", 7, 12, 13), photometric="minisblack")
write("stack-tiles", noise("uint16", 3, 33, 70), tile=(16, 16), photometric="minisblack")
values = random.integers(0, 2, (19, 37)).astype(bool)
write("bilevel", values, expected=values.astype("uint8"), photometric="minisblack")
write("bilevel-white", values, expected=(~values).astype("uint8"), photometric="miniswhite")

for dtype in ("uint8", "uint16"):
    values = noise(dtype, 18, 27)
    write(f"white-{dtype}", values, expected=np.iinfo(dtype).max - values,
          photometric="miniswhite")
values = noise("int16", 18, 27)
write("white-int16", values, photometric="miniswhite")

values = noise("uint8", 18, 27)
palette = noise("uint16", 3, 256)
mixed = luminance(palette.T)
write("palette", values, expected=((mixed.astype(int) + 128) // 257).astype("uint8")[values],
      photometric="palette", colormap=palette)

for dtype in ("uint8", "uint16"):
    rgb = noise(dtype, 30, 41, 3)
    write(f"rgb-{dtype}", rgb, expected=luminance(rgb), photometric="rgb")
    write(f"rgb-planes-{dtype}", np.moveaxis(rgb, -1, 0), expected=luminance(rgb),
          photometric="rgb", planarconfig="separate")
    write(f"rgb-tiles-{dtype}", np.moveaxis(rgb, -1, 0), expected=luminance(rgb),
          photometric="rgb", planarconfig="separate", tile=(16, 16))
    rgba = noise(dtype, 30, 41, 4)
    write(f"rgba-{dtype}", rgba, expected=luminance(rgba), photometric="rgb",
          extrasamples=["unassalpha"])
down, across = np.mgrid[:48, :64]
smooth = np.stack([2 * down + across, 3 * across + 40, 250 - 2 * across - down], -1).astype("uint8")
write("smooth-rgb", smooth, expected=luminance(smooth), photometric="rgb")
write("smooth-gray", smooth[..., 0], photometric="minisblack")
cmyk = noise("uint8", 20, 22, 4)
ink = (255 - cmyk.astype(int)) * (255 - cmyk[..., 3:].astype(int)) // 255
write("cmyk", cmyk, expected=luminance(ink.astype("uint8")), photometric="separated")
gray = noise("uint16", 11, 12, 1)
write("gray-as-rgb", np.repeat(gray, 3, -1), expected=gray[..., 0], photometric="rgb")
gray_alpha = noise("uint16", 11, 12, 2)
write("gray-alpha", gray_alpha, expected=gray_alpha[..., 0], photometric="minisblack",
      planarconfig="contig", extrasamples=["unassalpha"])
write("gray-alpha-planes", np.moveaxis(gray_alpha, -1, 0), expected=gray_alpha[..., 0],
      photometric="minisblack", planarconfig="separate", extrasamples=["unassalpha"])

turns = {1: lambda a: a, 2: lambda a: a[:, ::-1], 3: lambda a: a[::-1, ::-1],
         4: lambda a: a[::-1], 5: lambda a: a.T, 6: lambda a: np.rot90(a, -1),
         7: lambda a: a[::-1, ::-1].T, 8: lambda a: np.rot90(a)}
for orientation, turn in turns.items():
    values = noise("int16", 14, 20)
    write(f"orientation-{orientation}", values, expected=turn(values), photometric="minisblack",
          extratags=[(274, "H", 1, orientation, True)])

values = noise("int16", 14, 20)
write("resolution-cm", values, spacing=(1, 0.5, 0.8), photometric="minisblack",
      resolution=(12.5, 20), resolutionunit=3)
write("resolution-inch", values, spacing=(1, 0.254, 0.508), photometric="minisblack",
      resolution=(50, 100), resolutionunit=2)
write("resolution-no-unit", values, photometric="minisblack", resolution=(50, 100),
      resolutionunit=1)
write("resolution-turned", values, expected=turns[6](values), spacing=(1, 0.8, 0.5),
      photometric="minisblack", resolution=(12.5, 20), resolutionunit=3,
      extratags=[(274, "H", 1, 6, True)])
write("imagej", noise("uint16", 4, 9, 8), spacing=(2.5, 0.5, 0.8), imagej=True,
      resolution=(1.25, 2), metadata={"unit": "mm", "spacing": 2.5, "axes": "ZYX"})

with tifffile.TiffWriter(f"{folder}/thumbnails.tif") as file:
    pages = noise("int16", 3, 24, 16)
    for page in pages:
        file.write(page, photometric="minisblack")
        file.write(page[::4, ::4], photometric="minisblack", subfiletype=1)
expect("thumbnails", pages)

values = random.integers(0, 16, (9, 13)).astype("uint8")
write_packed("packed-4", values, 4, (262, 3, (1,)))
expect("packed-4", values)
write_packed("packed-2-white", values & 3, 2, (262, 3, (0,)))
expect("packed-2-white", 3 - (values & 3))
palette = noise("uint16", 3, 16)
write_packed("packed-4-palette", values, 4, (262, 3, (3,)), (320, 3, palette.ravel().tolist()))
expect("packed-4-palette",
       ((luminance(palette.T).astype(int) + 128) // 257).astype("uint8")[values])
values = random.integers(0, 4096, (9, 13)).astype("uint16")
write_packed("packed-12", values, 12, (262, 3, (1,)))
expect("packed-12", values)
