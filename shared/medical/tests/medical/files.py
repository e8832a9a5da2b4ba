#!/usr/bin/env python3
"""Writes the small DICOM files of the corpus `__fuzz__/fuzz__dicom/corpus`, which the tests also read.

Needs pydicom, numpy, pylibjpeg-openjpeg (pip), and dcmtk and gdcm (Debian: dcmtk, libgdcm-tools), whose encoders are not ours.
One picture, a bright disc on a slope, in every form; `plain.dcm` is what the others are compared with.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

OUT = Path(__file__).parent / "__fuzz__/fuzz__dicom/corpus"
W, H = 24, 16
y, x = np.mgrid[:H, :W]
GREY = (100 + 5 * x + 3 * y + 900 * ((x - 14) ** 2 + (y - 6) ** 2 < 16)).astype(np.uint16)
RGB = np.stack([200 - 4 * x, 40 + 6 * y, 90 + 5 * x], -1).astype(np.uint8)


def base(pixels, syntax=ExplicitVRLittleEndian, **more):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.4"
    meta.MediaStorageSOPInstanceUID = "2.25.9"
    meta.TransferSyntaxUID = syntax
    d = Dataset()
    d.file_meta = meta
    d.SOPClassUID, d.SOPInstanceUID, d.SeriesInstanceUID = meta.MediaStorageSOPClassUID, "2.25.9", "2.25.7"
    d.Modality, d.PatientID, d.InstanceNumber = "MR", "Prostate3T-01-0001", 3
    d.ImagePositionPatient, d.ImageOrientationPatient = [-10.5, 20, -30.25], [1, 0, 0, 0, 0.8, -0.6]
    d.PixelSpacing = [0.5, 0.5]
    grey = pixels.ndim == 2 or pixels.shape[-1] != 3
    d.SamplesPerPixel, d.PhotometricInterpretation = (1, "MONOCHROME2") if grey else (3, "RGB")
    if not grey:
        d.PlanarConfiguration = 0
    d.Rows, d.Columns = H, W
    bits = pixels.dtype.itemsize * 8
    d.BitsAllocated, d.BitsStored, d.HighBit = bits, (12 if bits == 16 else 8), (11 if bits == 16 else 7)
    d.PixelRepresentation = int(pixels.dtype.kind == "i")
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    d.PixelData = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    d["PixelData"].VR = "OW" if bits == 16 else "OB"
    for name, value in more.items():
        setattr(d, name, value)
    return d


def save(name, d):
    path = OUT / f"{name}.dcm"
    d.save_as(path, enforce_file_format=True)
    return path


def made(name, *command):
    path = OUT / f"{name}.dcm"
    subprocess.run([str(c).replace("OUT", str(path)) for c in command], check=True, stdout=subprocess.DEVNULL)


def enhanced():
    """Three frames out of order, each with its own place and slope."""
    d = base(np.stack([GREY, GREY[::-1], GREY[:, ::-1]]), NumberOfFrames=3)
    del d.ImagePositionPatient, d.ImageOrientationPatient, d.PixelSpacing
    def item(**values):
        i = Dataset()
        for name, value in values.items():
            setattr(i, name, value)
        return i
    d.SharedFunctionalGroupsSequence = Sequence([item(
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]),
        PixelMeasuresSequence=Sequence([item(PixelSpacing=[0.5, 0.5], SliceThickness=3)]),
    )])
    d.PerFrameFunctionalGroupsSequence = Sequence([item(
        PlanePositionSequence=Sequence([item(ImagePositionPatient=[-16, -12, z])]),
        PixelValueTransformationSequence=Sequence([item(RescaleSlope=slope, RescaleIntercept=0, RescaleType="US")]),
    ) for z, slope in [(8, 1), (5, -1), (11, 2)]])
    return d


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    plain = save("plain", base(GREY))
    save("implicit", base(GREY, ImplicitVRLittleEndian))
    save("big-endian", base(GREY, ExplicitVRBigEndian))
    save("deflated", base(GREY, DeflatedExplicitVRLittleEndian))
    signed = save("signed", base((GREY.astype(np.int16) - 600)))
    frames = save("frames", enhanced())
    colour = save("colour", base(RGB))
    save("colour-planes", base(RGB, PlanarConfiguration=1, PixelData=RGB.transpose(2, 0, 1).tobytes()))
    made("rle", "dcmcrle", plain, "OUT")
    made("rle-frames", "dcmcrle", frames, "OUT")
    made("rle-colour", "dcmcrle", colour, "OUT")
    made("jpeg-lossless", "dcmcjpeg", "+e1", plain, "OUT")
    made("jpeg-lossless-frames", "dcmcjpeg", "+e1", frames, "OUT")
    made("jpeg-lossless-signed", "dcmcjpeg", "+e1", signed, "OUT")
    made("jpeg-ls", "dcmcjpls", plain, "OUT")
    made("j2k", "gdcmconv", "--j2k", plain, "OUT")
    made("j2k-signed", "gdcmconv", "--j2k", signed, "OUT")
    made("j2k-colour", "gdcmconv", "--j2k", colour, "OUT")
    made("jpeg-colour", "dcmcjpeg", "+eb", "+q", "95", colour, "OUT")
    grey8 = save("bytes", base((GREY // 5).astype(np.uint8)))
    made("jpeg-baseline", "dcmcjpeg", "+eb", "+q", "100", grey8, "OUT")
    palette = base((GREY // 16).astype(np.uint8) % 64, PhotometricInterpretation="PALETTE COLOR")
    for name, table in zip(("Red", "Green", "Blue"), (np.arange(64) * 4, 255 - np.arange(64) * 4, np.full(64, 60))):
        setattr(palette, f"{name}PaletteColorLookupTableDescriptor", [64, 0, 16])
        setattr(palette, f"{name}PaletteColorLookupTableData", (table.astype("<u2") * 257).tobytes())
    save("palette", palette)
    half = np.stack([RGB[..., 0].reshape(-1, 2)[:, 0], RGB[..., 0].reshape(-1, 2)[:, 1]] + [np.full(W * H // 2, v, np.uint8) for v in (110, 150)], -1)
    save("ybr-422", base(RGB, PhotometricInterpretation="YBR_FULL_422", PixelData=half.astype(np.uint8).tobytes()))
    for path in sorted(OUT.glob("*.dcm")):
        print(path.name, path.stat().st_size, pydicom.dcmread(path).file_meta.TransferSyntaxUID.name)


if __name__ == "__main__":
    sys.exit(main())
