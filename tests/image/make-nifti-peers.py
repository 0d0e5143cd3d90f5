#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes NIfTI files with nibabel, and beside each what a reader should find.

make-nifti-peers.py FOLDER writes files, for each volume NAME.PAGE.raw (float64, first axis fastest)
and a line in index.txt: NAME FILE PAGE PAGES x y z and the twelve numbers of the affine.
make-nifti-peers.py FOLDER check compares the masks that the test has written for them, as nibabel
reads them: FOLDER/mask_NAME.nii.gz must be 1 where the image is above 50, and lie like it.
Exit status 77: there is no nibabel."""
import sys

try:
    import nibabel as nib
    import numpy as np
except ImportError:
    sys.exit(77)

folder = sys.argv[1]
random = np.random.default_rng(3)
oblique = np.array([[-1.9, 0.3, 0.1, 90], [0.3, 1.8, -0.6, -120], [0.05, 0.4, 2.9, 33],
                    [0, 0, 0, 1]])
kinds = {
    "nifti1": (nib.Nifti1Image, ".nii"),
    "nifti1gz": (nib.Nifti1Image, ".nii.gz"),
    "nifti2": (nib.Nifti2Image, ".nii"),
    "nifti2gz": (nib.Nifti2Image, ".nii.gz"),
    "pair1": (nib.Nifti1Pair, ".hdr"),
    "pair2": (nib.Nifti2Pair, ".img"),
}
types = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32",
         "float64"]


def luminance(values):
    red, green, blue = (values[channel].astype(int) for channel in "RGB")
    return ((299 * red + 587 * green + 114 * blue + 500) // 1000).astype(float)


def write(name, values, affine=oblique, kind="nifti1", order="<", change=None):
    image_class, ending = kinds[kind]
    header = image_class.header_class(endianness=order)
    header.set_data_dtype(values.dtype.newbyteorder(order))
    image = image_class(values, affine, header)
    image.header.set_xyzt_units("mm")
    if change is not None:
        change(image)
    path = f"{folder}/{name}{ending}"
    nib.save(image, path)
    image = nib.load(path)
    data = np.asanyarray(image.dataobj)
    data = luminance(data) if data.dtype.fields else image.get_fdata()
    data = data.reshape(data.shape + (1,) * (3 - data.ndim))
    pages = data.reshape(data.shape[:3] + (-1,), order="F")
    for page in range(pages.shape[3]):
        pages[..., page].ravel(order="F").tofile(f"{folder}/{name}.{page}.raw")
        print(name, f"{name}{ending}", page, pages.shape[3], *data.shape[:3],
              *image.affine[:3].ravel(), file=index)


def only_qform(image):
    image.set_qform(image.affine, code=1)
    image.set_sform(None, code=0)


def as_int16(image):
    image.set_data_dtype(np.int16)


def check():
    for line in open(f"{folder}/index.txt"):
        name, file, page, pages = line.split()[:4]
        if int(pages) > 1:
            continue
        image = nib.load(f"{folder}/{file}")
        mask = nib.load(f"{folder}/mask_{name}.nii.gz")
        values = np.asanyarray(image.dataobj)
        values = luminance(values) if values.dtype.fields else image.get_fdata()
        values = values.reshape(mask.shape)
        labels = np.asanyarray(mask.dataobj)
        assert labels.dtype == np.uint8, name
        assert np.array_equal(labels, values > 50), name
        assert np.allclose(mask.affine, image.affine, atol=1e-4), name
        assert np.allclose(mask.get_qform(), image.affine, atol=1e-3) or name == "sheared", name
        assert np.allclose(mask.header.get_zooms(), nib.affines.voxel_sizes(image.affine),
                           atol=1e-5), name


if len(sys.argv) > 2:
    check()
    sys.exit(0)

# Columns at right angles, so that a qform can say it too.
u, _, v = np.linalg.svd(oblique[:3, :3] / nib.affines.voxel_sizes(oblique))
oblique[:3, :3] = u @ v * nib.affines.voxel_sizes(oblique)
index = open(f"{folder}/index.txt", "w")
for number, dtype in enumerate(types):
    for order in "<>":
        kind = list(kinds)[(2 * number + (order == ">")) % len(kinds)]
        values = random.integers(0, 100, (7, 6, 5)).astype(dtype)
        if not dtype.startswith("u"):
            values[::2] -= 60
        write(f"{dtype}_{'little' if order == '<' else 'big'}", values, kind=kind, order=order)
values = random.integers(-1000, 1000, (9, 8, 7)).astype(np.int16)
write("first", random.integers(-1000, 1000, (9, 40, 40)).astype(np.int16), np.diag([3, 1, 1, 1]))
write("sagittal", values, np.array([[0, 0, 2, -9], [1, 0, 0, 4], [0, -1, 0, 8], [0, 0, 0, 1]]))
write("qform", values, kind="nifti2", change=only_qform)
write("mirrored", values, oblique @ np.diag([-1, 1, 1, 1]), change=only_qform)
write("sheared", values, oblique @ np.array([[1, 0.3, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0],
                                             [0, 0, 0, 1]]))
write("scaled", random.normal(0, 300, (9, 8, 7)), kind="nifti1gz", change=as_int16)
write("plane", random.integers(0, 100, (30, 20)).astype(np.uint8), kind="nifti1gz")
write("four", random.normal(0, 100, (5, 4, 3, 6)).astype(np.float32), kind="nifti1gz", order=">")
write("five", random.integers(0, 9, (5, 4, 3, 2, 2)).astype(np.int32), kind="pair2")
rgb = np.zeros((6, 5, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")])
rgba = np.zeros((6, 5, 4), [("R", "u1"), ("G", "u1"), ("B", "u1"), ("A", "u1")])
for colour in (rgb, rgba):
    for channel in "RGB":
        colour[channel] = random.integers(0, 256, colour.shape)
write("rgb", rgb, kind="nifti1gz")
write("rgba", rgba)
