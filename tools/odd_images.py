"""Writes shared/tests/images, with Pillow and zlib: kinds of images that the crate `image` reads and does not write."""

import struct
import zlib
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent.parent / "shared/tests/images"
# Red, green, blue, white: four areas of 8x8 pixels.
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]


def areas(colours=COLOURS):
    image = Image.new("RGB", (32, 8))
    for place, colour in enumerate(colours):
        image.paste(colour, (8 * place, 0, 8 * place + 8, 8))
    return image


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(name, width, height, depth, colour, rows, *more):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = [chunk(b"IHDR", head), *more, chunk(b"IDAT", body), chunk(b"IEND", b"")]
    (HERE / name).write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def main():
    areas().convert("CMYK").save(HERE / "cmyk.jpg", quality=95)
    areas().save(HERE / "progressive.jpg", quality=95, progressive=True, restart_marker_blocks=1)
    areas().save(HERE / "animated.webp", save_all=True, append_images=[areas(COLOURS[::-1])], lossless=True)
    areas().save(HERE / "animated.png", save_all=True, append_images=[areas(COLOURS[::-1])])
    # 16 bits of colour, and one colour that is transparent.
    key, red = struct.pack(">HHH", 0x1234, 0xFFFF, 0x4321), struct.pack(">HHH", 0xFF01, 0, 0x0102)
    png("key-16.png", 2, 1, 16, 2, [key + red], chunk(b"tRNS", key))
    # Four labels in two bits a pixel, and a palette of four colours, of which the first is transparent.
    png("grey-2.png", 4, 1, 2, 0, [bytes([0b00011011])])
    palette = chunk(b"PLTE", bytes([0, 255, 0, 128, 0, 0, 0, 0, 255, 9, 9, 9]))
    png("palette-key.png", 4, 1, 2, 3, [bytes([0b00011011])], palette, chunk(b"tRNS", bytes([0])))


main()
