//! What a file is: by its first bytes, and by its name and type where these do not tell. Pure.

/// How many bytes of a file are looked at.
pub const HEAD: usize = 4096;

/// What a file can be used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG, PNG or WebP.
    Picture,
    /// A table of fixations, by its name or its header.
    Gaze,
    /// Not one byte.
    Empty,
    /// Something that is known and cannot be opened here.
    Foreign(Format),
    /// None of these: whoever decodes it says what is wrong.
    Unknown,
}

/// A format that cannot be opened here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// DICOM.
    Dicom,
    /// NIfTI, NRRD or MetaImage.
    Volume,
    /// HEIC or HEIF.
    Heic,
    /// Another format of pictures, by its name.
    OtherPicture(&'static str),
    /// A film.
    Video,
    /// Sound.
    Sound,
    /// PDF.
    Pdf,
    /// A document of an office program.
    Office,
    /// Files in one file.
    Archive,
    /// Arrays of numbers: NumPy, HDF5.
    Array,
    /// A web page.
    WebPage,
    /// JSON.
    Json,
    /// Any other text.
    Text,
}

/// What a file with this name, this media type (may be empty), this size and these first bytes is.
pub fn kind(name: &str, media: &str, bytes: u64, head: &[u8]) -> Kind {
    if bytes == 0 {
        return Kind::Empty;
    }
    let name = name.to_lowercase();
    signature(head, &name).or_else(|| text(head, &name, media)).or_else(|| by_name(&name)).unwrap_or(Kind::Unknown)
}

/// By marks that the format prescribes.
fn signature(head: &[u8], name: &str) -> Option<Kind> {
    use Format::{Archive, Array, Dicom, Heic, Office, OtherPicture, Pdf, Sound, Video, Volume};
    let at = |place: usize, mark: &[u8]| head.get(place..).is_some_and(|rest| rest.starts_with(mark));
    if at(0, b"\xff\xd8\xff") || at(0, b"\x89PNG\r\n\x1a\n") || at(0, b"RIFF") && at(8, b"WEBP") {
        return Some(Kind::Picture);
    }
    let brand = |brands: &[&[u8]]| at(4, b"ftyp") && brands.iter().any(|brand| at(8, brand));
    let office = ["docx", "xlsx", "pptx", "odt", "ods", "odp"].iter().any(|end| name.ends_with(end));
    let format = if at(128, b"DICM") {
        Dicom
    } else if brand(&[b"avif", b"avis"]) {
        OtherPicture("AVIF")
    } else if brand(&[b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"]) {
        Heic
    } else if at(0, b"GIF8") {
        OtherPicture("GIF")
    } else if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|mark| at(0, *mark)) {
        OtherPicture("TIFF")
    } else if at(0, b"BM") && at(6, &[0; 4]) {
        OtherPicture("BMP")
    } else if at(0, b"\0\0\0\x0cJXL ") || at(0, b"\xff\x0a") {
        OtherPicture("JPEG XL")
    } else if at(0, b"\0\0\0\x0cjP  ") || at(0, b"\xff\x4f\xff\x51") {
        OtherPicture("JPEG 2000")
    } else if at(0, b"8BPS") {
        OtherPicture("PSD")
    } else if at(0, b"\0\0\x01\0") && name.ends_with(".ico") {
        OtherPicture("ICO")
    } else if at(0, b"RIFF") && at(8, b"WAVE") || at(0, b"ID3") || at(0, b"fLaC") || brand(&[b"M4A "]) {
        Sound
    } else if at(4, b"ftyp")
        || at(0, b"RIFF") && at(8, b"AVI ")
        || at(0, b"\x1a\x45\xdf\xa3")
        || at(0, b"OggS")
        || at(0, b"\0\0\x01\xba")
        || at(0, b"\0\0\x01\xb3")
        || at(4, b"moov")
        || at(4, b"mdat")
    {
        Video
    } else if at(0, b"%PDF") {
        Pdf
    } else if at(0, b"NRRD")
        || at(344, b"n+1\0")
        || at(344, b"ni1\0")
        || at(0, b"\x1f\x8b") && name.ends_with(".nii.gz")
    {
        Volume
    } else if at(0, b"\xd0\xcf\x11\xe0") || at(0, b"PK\x03\x04") && office {
        Office
    } else if [&b"PK\x03\x04"[..], b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"BZh"]
        .iter()
        .any(|mark| at(0, mark))
        || at(257, b"ustar")
    {
        Archive
    } else if at(0, b"\x93NUMPY") || at(0, b"\x89HDF\r\n") || at(0, b"MATLAB 5") {
        Array
    } else {
        return None;
    };
    Some(Kind::Foreign(format))
}

/// What a text holds; nothing where this is no text.
fn text(head: &[u8], name: &str, media: &str) -> Option<Kind> {
    let begins = legible(head)?;
    let begins = begins.trim_start_matches('\u{feff}').trim_start().to_lowercase();
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    // Excel's own list of separators puts this line first.
    let first = begins.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')).map_or(&*begins, |(_, rest)| rest);
    let line = first.lines().next().unwrap_or_default();
    if ends(&[".csv", ".tsv"]) || media == "text/csv" || line.contains("current_fix") {
        return Some(Kind::Gaze);
    }
    // A text under the name of a picture: whoever decodes it says that it is none.
    if ends(&[".jpg", ".jpeg", ".png", ".webp"]) {
        return None;
    }
    let format = if begins.starts_with("<!doctype html") || begins.starts_with("<html") {
        Format::WebPage
    } else if begins.starts_with("<svg") || begins.starts_with("<?xml") && begins.contains("<svg") {
        Format::OtherPicture("SVG")
    } else if ends(&[".mhd"]) || begins.starts_with("objecttype") {
        Format::Volume
    } else if begins.starts_with(['{', '[']) && ends(&[".json", ".jsonl", ".geojson"]) {
        Format::Json
    } else {
        Format::Text
    };
    Some(Kind::Foreign(format))
}

/// The text in some bytes that may be cut in the middle of a letter: UTF-8, or UTF-16 with its mark; else nothing.
fn legible(head: &[u8]) -> Option<String> {
    let wide = |of: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let found = match head {
        [0xff, 0xfe, rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => wide(u16::from_be_bytes, rest),
        _ => match std::str::from_utf8(head) {
            Ok(text) => text.to_owned(),
            // Cut short, not wrong.
            Err(error) if error.error_len().is_none() => String::from_utf8_lossy(&head[..error.valid_up_to()]).into(),
            // Letters of an older code page.
            Err(_) => head.iter().map(|byte| char::from(*byte)).collect(),
        },
    };
    let odd = found.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    (odd == 0).then_some(found)
}

/// By the end of a name, where the first bytes say nothing: DICOM without its mark, videos without one.
fn by_name(name: &str) -> Option<Kind> {
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    let format = if ends(&[".dcm", ".dicom", ".ima"]) {
        Format::Dicom
    } else if ends(&[".heic", ".heif"]) {
        Format::Heic
    } else if ends(&[".nii", ".nrrd", ".mha", ".img", ".hdr"]) {
        Format::Volume
    } else if ends(&[".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg"]) {
        Format::Video
    } else if ends(&[".csv", ".tsv"]) {
        return Some(Kind::Gaze);
    } else {
        return None;
    };
    Some(Kind::Foreign(format))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, head: &[u8]) -> Kind {
        kind(name, "", head.len() as u64, head)
    }

    #[test]
    fn content_goes_before_the_name() {
        assert_eq!(of("IMG_1.HEIC", b"\xff\xd8\xff\xe1"), Kind::Picture);
        assert_eq!(of("photo.jpg", b"\0\0\0\x18ftypheic"), Kind::Foreign(Format::Heic));
        assert_eq!(of("a.csv", b"\x89PNG\r\n\x1a\n"), Kind::Picture);
        assert_eq!(of("clip", b"\0\0\0\x20ftypisom"), Kind::Foreign(Format::Video));
        assert_eq!(of("a.webp", b"RIFF\0\0\0\0WEBP"), Kind::Picture);
        assert_eq!(of("a.webp", b"RIFF\0\0\0\0AVI "), Kind::Foreign(Format::Video));
    }

    #[test]
    fn what_cannot_be_opened_is_named() {
        let mut dicom = vec![0; 128];
        dicom.extend(b"DICM");
        assert_eq!(of("IM000001", &dicom), Kind::Foreign(Format::Dicom));
        assert_eq!(of("IM1.dcm", &[8, 0, 5, 0, 10]), Kind::Foreign(Format::Dicom));
        for (name, head, format) in [
            ("a.pdf", &b"%PDF-1.7"[..], Format::Pdf),
            ("a.tif", b"II*\0\x08", Format::OtherPicture("TIFF")),
            ("a.zip", b"PK\x03\x04", Format::Archive),
            ("gaze.xlsx", b"PK\x03\x04", Format::Office),
            ("t2.nii.gz", b"\x1f\x8b\x08", Format::Volume),
            ("a.tar.gz", b"\x1f\x8b\x08", Format::Archive),
            ("fovea.json", b"{\"state\": 1}", Format::Json),
            ("notes.md", b"# Notes", Format::Text),
            ("a.svg", b"<?xml version='1.0'?><svg/>", Format::OtherPicture("SVG")),
            ("page.html", b"<!DOCTYPE html><p>", Format::WebPage),
            ("a.npy", b"\x93NUMPY\x01", Format::Array),
        ] {
            assert_eq!(of(name, head), Kind::Foreign(format), "{name}");
        }
    }

    #[test]
    fn gaze_is_known_by_its_name_its_type_or_its_header() {
        let header = fovea_shared::gaze::HEADER.as_bytes();
        for name in ["gaze.csv", "gaze.txt", "gaze"] {
            assert_eq!(of(name, header), Kind::Gaze, "{name}");
        }
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("a;b".bytes().flat_map(|b| [b, 0])).collect();
        assert_eq!(of("Gaze.CSV", &wide), Kind::Gaze);
        assert_eq!(of("gaze.csv", b"Blickdauer;H\xf6he\n"), Kind::Gaze, "letters of an older code page");
        assert_eq!(of("gaze.txt", format!("sep=;\n{}", fovea_shared::gaze::HEADER).as_bytes()), Kind::Gaze);
        assert_eq!(kind("table", "text/csv", 3, b"a,b"), Kind::Gaze);
        // Cut in the middle of a letter.
        assert_eq!(of("gaze.csv", &"é".as_bytes()[..1]), Kind::Gaze);
    }

    #[test]
    fn the_rest_is_left_to_the_decoder() {
        assert_eq!(of("text.png", b"this is a text"), Kind::Unknown);
        assert_eq!(of("noise.bin", &[7, 1, 2, 3]), Kind::Unknown);
        assert_eq!(kind("a.jpg", "image/jpeg", 0, b""), Kind::Empty);
    }
}
