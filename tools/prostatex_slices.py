#!/usr/bin/env python3
"""Makes a data set of real MR slices with masks that `fovea eval` reads, from DICOM series and NIfTI masks.

    tools/prostatex_slices.py SERIES_FOLDER=MASK.nii.gz [...] --out FOLDER

Every slice on which the mask has a pixel becomes a case: `images/<series>_<slice>.dcm`, as it is, and `masks/<series>_<slice>.png`.
Each pixel's centre is carried into the mask by the position and orientation in the DICOM header and by the NIfTI affine, so turned
or flipped volumes fit. A slice outside of the mask's volume, or a volume that none of the slices meets, is an error.

The slice number counts from 1 along the normal of the slices. The list `splits/real-test.txt` names all cases: `fovea eval --split real`. Python's standard
library is enough. The masks of PROSTATEx (picai_labels) are CC BY-NC 4.0 and made by AI: to measure with, never to ship.
"""

import argparse
import gzip
import json
import shutil
import struct
import sys
import zlib
from pathlib import Path

POSITION, ORIENTATION, SPACING, ROWS, COLUMNS = (0x20, 0x32), (0x20, 0x37), (0x28, 0x30), (0x28, 0x10), (0x28, 0x11)
LONG = {b"OB", b"OW", b"OF", b"SQ", b"UN", b"UT", b"OD", b"OL", b"UC", b"UR"}


def header(path):
    """The geometry of one DICOM file in explicit VR little endian."""
    data = path.read_bytes()
    if data[128:132] != b"DICM":
        sys.exit(f"{path} is not a DICOM file")
    at, found = 132, {}
    while at + 8 <= len(data):
        group, element, kind = struct.unpack_from("<HH2s", data, at)
        if (group, element) == (0x7FE0, 0x10):
            break
        if kind in LONG:
            length, at = struct.unpack_from("<I", data, at + 8)[0], at + 12
        else:
            length, at = struct.unpack_from("<H", data, at + 6)[0], at + 8
        if length == 0xFFFFFFFF:
            # A sequence of undefined length: everything up to its delimiter is skipped.
            end = data.find(b"\xfe\xff\xdd\xe0\x00\x00\x00\x00", at)
            if end < 0:
                sys.exit(f"{path}: a sequence has no end")
            at = end + 8
            continue
        found[group, element] = data[at : at + length]
        at += length
    numbers = lambda tag: [float(v) for v in found[tag].decode().strip("\0 ").split("\\")]
    try:
        size = [struct.unpack("<H", found[tag])[0] for tag in (ROWS, COLUMNS)]
        return {"path": path, "position": numbers(POSITION), "axes": numbers(ORIENTATION), "spacing": numbers(SPACING), "size": size}
    except KeyError as missing:
        sys.exit(f"{path} has no element {missing}: is it compressed, or not explicit VR little endian?")


def nifti(path):
    """Size, affine (voxel -> RAS, mm) and values of a NIfTI-1 file."""
    data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    if struct.unpack_from("<i", data)[0] != 348:
        sys.exit(f"{path} is not a little-endian NIfTI-1 file")
    size = struct.unpack_from("<8h", data, 40)[1:4]
    code = struct.unpack_from("<h", data, 70)[0]
    formats = {2: "B", 4: "h", 8: "i", 16: "f", 64: "d", 256: "b", 512: "H", 768: "I"}
    if code not in formats:
        sys.exit(f"{path} has values of the unknown type {code}")
    offset = int(struct.unpack_from("<f", data, 108)[0])
    values = struct.unpack_from(f"<{size[0] * size[1] * size[2]}{formats[code]}", data, offset)
    quaternion, sform = struct.unpack_from("<hh", data, 252)
    if sform > 0:
        rows = struct.unpack_from("<12f", data, 280)
        affine = [list(rows[i * 4 : i * 4 + 4]) for i in range(3)]
    elif quaternion > 0:
        b, c, d, x, y, z = struct.unpack_from("<6f", data, 256)
        a = max(0.0, 1 - b * b - c * c - d * d) ** 0.5
        scale = struct.unpack_from("<8f", data, 76)
        sign = -1.0 if scale[0] < 0 else 1.0
        turn = [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
        ]
        step = [scale[1], scale[2], sign * scale[3]]
        affine = [[turn[r][k] * step[k] for k in range(3)] + [(x, y, z)[r]] for r in range(3)]
    else:
        sys.exit(f"{path} does not say where it lies (neither sform nor qform)")
    return size, affine, values


def inverse(m):
    """The inverse of a 3 x 4 affine."""
    (a, b, c, p), (d, e, f, q), (g, h, i, r) = m
    det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    inv = [
        [(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det],
        [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
        [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det],
    ]
    return [row + [-(row[0] * p + row[1] * q + row[2] * r)] for row in inv]


def mask_of(slice_, size, to_voxel, values):
    """The mask on one slice, row by row, and whether any pixel met the volume."""
    rows, columns = slice_["size"]
    along, down, spacing, origin = slice_["axes"][:3], slice_["axes"][3:], slice_["spacing"], slice_["position"]
    pixels, met = bytearray(rows * columns), False
    for row in range(rows):
        for column in range(columns):
            # DICOM counts to the patient's left and back (LPS), NIfTI to the right and front (RAS).
            lps = [origin[k] + along[k] * spacing[1] * column + down[k] * spacing[0] * row for k in range(3)]
            ras = (-lps[0], -lps[1], lps[2])
            voxel = [round(sum(m[k] * ras[k] for k in range(3)) + m[3]) for m in to_voxel]
            if all(0 <= v < n for v, n in zip(voxel, size)):
                met = True
                if values[voxel[0] + size[0] * (voxel[1] + size[1] * voxel[2])] > 0:
                    pixels[row * columns + column] = 255
    return pixels, met


def png(path, width, height, pixels):
    """Writes an 8-bit grey PNG."""
    lines = b"".join(b"\0" + bytes(pixels[y * width : (y + 1) * width]) for y in range(height))
    chunk = lambda name, body: struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="SERIES=MASK")
    parser.add_argument("--out", type=Path, required=True, help="folder of the data set; must not exist")
    args = parser.parse_args()
    for part in ("images", "masks", "splits"):
        (args.out / part).mkdir(parents=True, exist_ok=False)
    names = []
    for pair in args.pairs:
        folder, _, mask = pair.partition("=")
        folder = Path(folder)
        slices = [header(path) for path in sorted(folder.glob("*.dcm"))]
        if not slices or not mask:
            sys.exit(f"{pair}: expected FOLDER_WITH_DICOM_FILES=MASK.nii.gz")
        a, b = slices[0]["axes"][:3], slices[0]["axes"][3:]
        normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        slices.sort(key=lambda s: sum(n * p for n, p in zip(normal, s["position"])))
        size, affine, values = nifti(Path(mask))
        kept = 0
        for number, one in enumerate(slices, 1):
            pixels, met = mask_of(one, size, inverse(affine), values)
            if not met:
                sys.exit(f"{one['path']} lies outside of {mask}: they are not of one patient, or their geometry is damaged")
            if any(pixels):
                name = f"{folder.name}_{number:02}"
                shutil.copyfile(one["path"], args.out / "images" / f"{name}.dcm")
                png(args.out / "masks" / f"{name}.png", one["size"][1], one["size"][0], pixels)
                names.append(name)
                kept += 1
        print(f"{folder.name}: {kept} of {len(slices)} slices show prostate")
    (args.out / "splits" / "real-test.txt").write_text("\n".join(names) + "\n")
    # Nothing trains on these images: the list is empty.
    (args.out / "splits" / "real-train.txt").write_text("# none: images to measure on alone\n")
    about = {"format": 1, "name": args.out.name, "modality": "prostate", "layout": "folder"}
    (args.out / "dataset.json").write_text(json.dumps(about, indent=2) + "\n")


if __name__ == "__main__":
    main()
