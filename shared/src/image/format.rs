//! What a file is, by its first bytes.

use std::fmt;

/// A kind of file that is not read as an image here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Nothing at all.
    Empty,
    /// HEIF, the photos of iPhones among them (HEIC).
    Heif,
    /// AVIF.
    Avif,
    /// GIF.
    Gif,
    /// TIFF, and the raw photos of cameras that are built on it.
    Tiff,
    /// BMP.
    Bmp,
    /// ICO, an icon.
    Ico,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// A document of Photoshop.
    Psd,
    /// PDF.
    Pdf,
    /// SVG.
    Svg,
    /// A web page.
    Html,
    /// DICOM.
    Dicom,
    /// NIfTI, packed or not.
    Nifti,
    /// NRRD.
    Nrrd,
    /// An array of NumPy.
    Npy,
    /// A video, as MP4, MOV, AVI or WebM.
    Video,
    /// ZIP.
    Zip,
    /// Another archive or packed file: gzip, 7z, RAR.
    Archive,
    /// What Git LFS leaves in place of a file that was not fetched.
    LfsPointer,
    /// Text.
    Text,
}

/// What to do with such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Open it in a program that shows it and save it as PNG or JPEG.
    Save,
    /// Export what it shows as PNG: it has pages, slices or frames.
    Export,
    /// It is not the file that its name promises: get it again.
    GetAgain,
    /// Unpack it first.
    Unpack,
    /// Fetch it with `git lfs pull`.
    FetchLfs,
}

impl Format {
    /// The kind of a file that is none of JPEG, PNG and WebP; `None` where its first bytes are those of nothing known.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |mark: &[u8]| bytes.starts_with(mark);
        let at = |place: usize, mark: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(mark));
        let marks: [(&[u8], Self); 21] = [
            (b"GIF8", Self::Gif),
            (b"II*\0", Self::Tiff),
            (b"MM\0*", Self::Tiff),
            (b"II+\0", Self::Tiff),
            (b"MM\0+", Self::Tiff),
            (b"BM", Self::Bmp),
            (b"\0\0\x01\0", Self::Ico),
            (b"\xff\x0a", Self::JpegXl),
            (b"\0\0\0\x0cJXL \r\n\x87\n", Self::JpegXl),
            (b"\0\0\0\x0cjP  \r\n\x87\n", Self::Jpeg2000),
            (b"\xff\x4f\xff\x51", Self::Jpeg2000),
            (b"8BPS", Self::Psd),
            (b"%PDF", Self::Pdf),
            (b"NRRD", Self::Nrrd),
            (b"\x93NUMPY", Self::Npy),
            (b"\x1a\x45\xdf\xa3", Self::Video),
            (b"PK\x03\x04", Self::Zip),
            (b"\x1f\x8b", Self::Archive),
            (b"7z\xbc\xaf\x27\x1c", Self::Archive),
            (b"Rar!\x1a\x07", Self::Archive),
            (b"version https://git-lfs", Self::LfsPointer),
        ];
        if bytes.is_empty() {
            return Some(Self::Empty);
        }
        if let Some((_, format)) = marks.iter().find(|(mark, _)| starts(mark)) {
            // Text may begin with BM too.
            if *format != Self::Bmp || at(6, &[0, 0, 0, 0]) {
                return Some(*format);
            }
        }
        if at(4, b"ftyp") {
            return Some(Self::of_brand(bytes));
        }
        if starts(b"RIFF") && at(8, b"AVI ") {
            return Some(Self::Video);
        }
        if at(128, b"DICM") {
            return Some(Self::Dicom);
        }
        if at(344, b"n+1\0") || at(344, b"ni1\0") || at(4, b"n+2\0") {
            return Some(Self::Nifti);
        }
        Self::of_text(bytes)
    }

    /// The container of HEIF, AVIF and MP4 names its kind in brands: the main one, then compatible ones.
    fn of_brand(bytes: &[u8]) -> Self {
        let length = bytes.get(..4).map_or(0, |b| b.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)));
        let brands = || bytes.get(8..length.clamp(12, 64).min(bytes.len())).unwrap_or(&[]).chunks_exact(4);
        if brands().any(|brand| brand == b"avif" || brand == b"avis") {
            Self::Avif
        } else if brands().any(|brand| {
            [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"].iter().any(|known| brand == *known)
        }) {
            Self::Heif
        } else if brands().any(|brand| brand == b"crx ") {
            // The raw photos of newer Canon cameras.
            Self::Tiff
        } else {
            Self::Video
        }
    }

    fn of_text(bytes: &[u8]) -> Option<Self> {
        let head = &bytes[..bytes.len().min(1024)];
        // A character may be cut at the end of the head.
        let text = match std::str::from_utf8(head) {
            Ok(text) => text,
            Err(e) if e.error_len().is_none() => std::str::from_utf8(&head[..e.valid_up_to()]).ok()?,
            Err(_) => return None,
        };
        if text.contains(|c: char| c.is_control() && !c.is_whitespace()) {
            return None;
        }
        let lower = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
        Some(if lower.starts_with("<!doctype html") || lower.starts_with("<html") || lower.contains("<head") {
            Self::Html
        } else if lower.contains("<svg") {
            Self::Svg
        } else {
            Self::Text
        })
    }

    /// What to do with such a file.
    pub fn advice(self) -> Advice {
        match self {
            Self::Heif | Self::Avif | Self::Gif | Self::Tiff | Self::Bmp | Self::Ico => Advice::Save,
            Self::JpegXl | Self::Jpeg2000 | Self::Psd | Self::Svg => Advice::Save,
            Self::Pdf | Self::Dicom | Self::Nifti | Self::Nrrd | Self::Npy | Self::Video => Advice::Export,
            Self::Empty | Self::Html | Self::Text => Advice::GetAgain,
            Self::Zip | Self::Archive => Advice::Unpack,
            Self::LfsPointer => Advice::FetchLfs,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty file",
            Self::Heif => "a HEIC/HEIF image",
            Self::Avif => "an AVIF image",
            Self::Gif => "a GIF image",
            Self::Tiff => "a TIFF image or a raw photo",
            Self::Bmp => "a BMP image",
            Self::Ico => "an ICO icon",
            Self::JpegXl => "a JPEG XL image",
            Self::Jpeg2000 => "a JPEG 2000 image",
            Self::Psd => "a Photoshop document",
            Self::Pdf => "a PDF document",
            Self::Svg => "an SVG drawing",
            Self::Html => "a web page (HTML)",
            Self::Dicom => "a DICOM file",
            Self::Nifti => "a NIfTI volume",
            Self::Nrrd => "an NRRD volume",
            Self::Npy => "a NumPy array",
            Self::Video => "a video",
            Self::Zip => "a ZIP archive",
            Self::Archive => "a packed file",
            Self::LfsPointer => "a pointer of Git LFS, not the file itself",
            Self::Text => "a text file",
        })
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Save => "save it as PNG or JPEG",
            Self::Export => "export the picture that it holds as PNG",
            Self::GetAgain => "get the image again, the download or the copy went wrong",
            Self::Unpack => "unpack it and take the image inside",
            Self::FetchLfs => "fetch the file with `git lfs pull`",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_first_bytes() {
        let at = |place: usize, mark: &[u8]| [vec![0; place], mark.to_vec(), vec![0; 8]].concat();
        let brand =
            |main: &str, more: &str| [b"\0\0\0\x18ftyp", main.as_bytes(), b"\0\0\0\0", more.as_bytes()].concat();
        let cases: Vec<(Vec<u8>, Option<Format>)> = vec![
            (vec![], Some(Format::Empty)),
            (brand("heic", "mif1heic"), Some(Format::Heif)),
            (brand("mif1", "mif1heic"), Some(Format::Heif)),
            (brand("mif1", "avifmiaf"), Some(Format::Avif)),
            (brand("avif", "mif1miaf"), Some(Format::Avif)),
            (brand("isom", "mp42avc1"), Some(Format::Video)),
            (brand("qt  ", "qt  qt  "), Some(Format::Video)),
            (brand("crx ", "crx isom"), Some(Format::Tiff)),
            (b"\0\0\0\x18ftyp".to_vec(), Some(Format::Video)),
            (b"GIF89a\x01".to_vec(), Some(Format::Gif)),
            (b"II*\0\x08\0\0\0".to_vec(), Some(Format::Tiff)),
            (b"MM\0*\0\0\0\x08".to_vec(), Some(Format::Tiff)),
            (b"BM\x36\x10\0\0\0\0\0\0\x36".to_vec(), Some(Format::Bmp)),
            (b"BMI of the patients, by year".to_vec(), Some(Format::Text)),
            (b"\0\0\x01\0\x01\0\x10\x10".to_vec(), Some(Format::Ico)),
            (b"\xff\x0a\x00".to_vec(), Some(Format::JpegXl)),
            (b"\0\0\0\x0cJXL \r\n\x87\n".to_vec(), Some(Format::JpegXl)),
            (b"\0\0\0\x0cjP  \r\n\x87\n".to_vec(), Some(Format::Jpeg2000)),
            (b"8BPS\0\x01".to_vec(), Some(Format::Psd)),
            (b"%PDF-1.7".to_vec(), Some(Format::Pdf)),
            (b"<?xml version=\"1.0\"?>\n<svg xmlns=\"...\">".to_vec(), Some(Format::Svg)),
            (b"\xef\xbb\xbf\n<!DOCTYPE html><html>".to_vec(), Some(Format::Html)),
            (b"<HTML><HEAD><TITLE>404".to_vec(), Some(Format::Html)),
            (at(128, b"DICM"), Some(Format::Dicom)),
            (at(344, b"n+1\0"), Some(Format::Nifti)),
            (b"NRRD0004\n".to_vec(), Some(Format::Nrrd)),
            (b"\x93NUMPY\x01\0".to_vec(), Some(Format::Npy)),
            (b"RIFF\0\0\0\0AVI LIST".to_vec(), Some(Format::Video)),
            (b"PK\x03\x04\x14\0".to_vec(), Some(Format::Zip)),
            (b"\x1f\x8b\x08\0".to_vec(), Some(Format::Archive)),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:0".to_vec(), Some(Format::LfsPointer)),
            ("gr\u{fc}n".repeat(400).into_bytes(), Some(Format::Text)),
            (b"\x01\x02\xfe\xff garbage".to_vec(), None),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Format::of(&bytes), expected, "{:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
