//! What a file is: by its first bytes, and by its name and type where these do not tell. Pure.

use fovea_shared::image::Format;

use crate::glances::file::{EXTENSION, KIND};

/// How many bytes of a file are looked at.
pub const HEAD: usize = 4096;

/// What a file can be used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JPEG, PNG or WebP.
    Picture,
    /// DICOM, of which the engine makes a picture.
    Dicom,
    /// A table of fixations, by its name or its header.
    Gaze,
    /// Glances of a lesson, by its name or its beginning.
    Glances,
    /// Something that is known and cannot be opened here.
    Foreign(Foreign),
    /// None of these. Its decoder says what is wrong.
    Unknown,
}

/// A file that cannot be opened here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// What decoding would find too.
    Format(Format),
    /// A document of an office program, which is an archive by its first bytes: tables of gaze come so.
    Office,
    /// Sound.
    Sound,
}

/// What a file with this name, this media type (may be empty) and these first bytes is.
pub fn kind(name: &str, media: &str, head: &[u8]) -> Kind {
    let name = name.to_lowercase();
    let at = |place: usize, mark: &[u8]| head.get(place..).is_some_and(|rest| rest.starts_with(mark));
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    // What comes before the mark may be anything, the beginning of a TIFF too.
    if at(128, b"DICM") {
        return Kind::Dicom;
    }
    if at(0, b"\xff\xd8\xff") || at(0, b"\x89PNG\r\n\x1a\n") || at(0, b"RIFF") && at(8, b"WEBP") {
        return Kind::Picture;
    }
    if at(0, b"\xd0\xcf\x11\xe0") || at(0, b"PK\x03\x04") && ends(&OFFICE) {
        return Kind::Foreign(Foreign::Office);
    }
    if at(0, b"RIFF") && at(8, b"WAVE") || [&b"ID3"[..], b"fLaC", b"OggS"].iter().any(|mark| at(0, mark)) {
        return Kind::Foreign(Foreign::Sound);
    }
    let found = Format::of(head).map(|found| match found {
        Format::Archive if ends(&[".nii.gz"]) => Format::Nifti,
        other => other,
    });
    match found {
        Some(Format::Empty) => Kind::Foreign(Foreign::Format(Format::Empty)),
        Some(Format::Text | Format::Html | Format::Svg | Format::LfsPointer) | None => {
            text(head, &name, media, found).or_else(|| by_name(&name)).unwrap_or(Kind::Unknown)
        }
        Some(format) => Kind::Foreign(Foreign::Format(format)),
    }
}

/// Ends of names of documents of office programs.
const OFFICE: [&str; 7] = [".docx", ".xlsx", ".xlsm", ".pptx", ".odt", ".ods", ".odp"];

/// What a text is, where the first bytes are text; `found` is what decoding would call it.
fn text(head: &[u8], name: &str, media: &str, found: Option<Format>) -> Option<Kind> {
    let begins = legible(head)?.to_lowercase();
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    // A spreadsheet's own line about the separator comes first.
    let line = begins.lines().find(|line| !line.starts_with("sep=")).unwrap_or_default();
    // Most of it is numbers; the kind stands at its beginning, whatever the file is called.
    if ends(&[EXTENSION]) || begins.starts_with('{') && begins.chars().take(200).collect::<String>().contains(KIND) {
        return Some(Kind::Glances);
    }
    if ends(&[".csv", ".tsv"]) || media == "text/csv" || line.contains("current_fix") {
        return Some(Kind::Gaze);
    }
    // A text under the name of a picture: the decoder says so.
    if ends(&[".jpg", ".jpeg", ".png", ".webp"]) {
        return None;
    }
    Some(Kind::Foreign(Foreign::Format(found.unwrap_or(Format::Text))))
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

/// By the end of a name, where the first bytes say nothing: DICOM without its mark, of which its reader says so, videos
/// without one.
fn by_name(name: &str) -> Option<Kind> {
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    let format = if ends(&[".dcm", ".dicom", ".ima"]) {
        return Some(Kind::Dicom);
    } else if ends(&[".heic", ".heif"]) {
        Format::Heif
    } else if ends(&[".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg"]) {
        Format::Video
    } else if ends(&[".csv", ".tsv"]) {
        return Some(Kind::Gaze);
    } else {
        return None;
    };
    Some(Kind::Foreign(Foreign::Format(format)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, head: &[u8]) -> Kind {
        kind(name, "", head)
    }

    fn format(format: Format) -> Kind {
        Kind::Foreign(Foreign::Format(format))
    }

    #[test]
    fn content_goes_before_the_name() {
        assert_eq!(of("IMG_1.HEIC", b"\xff\xd8\xff\xe1"), Kind::Picture);
        assert_eq!(of("photo.jpg", b"\0\0\0\x18ftypheic"), format(Format::Heif));
        assert_eq!(of("a.csv", b"\x89PNG\r\n\x1a\n"), Kind::Picture);
        assert_eq!(of("clip", b"\0\0\0\x20ftypisom"), format(Format::Video));
        assert_eq!(of("a.webp", b"RIFF\0\0\0\0WEBP"), Kind::Picture);
        assert_eq!(of("a.webp", b"RIFF\0\0\0\0AVI "), format(Format::Video));
    }

    #[test]
    fn dicom_is_known_by_its_mark_or_its_name() {
        let dicom = [vec![0; 128], b"DICM".to_vec()].concat();
        assert_eq!(of("IM000001", &dicom), Kind::Dicom);
        assert_eq!(of("slice.png", &dicom), Kind::Dicom);
        let two_in_one = [b"II*\0".to_vec(), vec![0; 124], b"DICM".to_vec()].concat();
        assert_eq!(of("slice.tif", &two_in_one), Kind::Dicom);
        assert_eq!(of("IM1.DCM", &[8, 0, 5, 0, 10]), Kind::Dicom, "without its mark");
        assert_eq!(of("IM1", &[8, 0, 5, 0, 10]), Kind::Unknown);
        assert_eq!(of("photo.dcm", b"\xff\xd8\xff\xe1"), Kind::Picture);
        assert_eq!(of("notes.dcm", b"a text"), format(Format::Text));
    }

    #[test]
    fn what_cannot_be_opened_is_named() {
        assert_eq!(of("empty.jpg", b""), format(Format::Empty));
        assert_eq!(of("gaze.xlsx", b"PK\x03\x04"), Kind::Foreign(Foreign::Office));
        assert_eq!(of("gaze.zip", b"PK\x03\x04"), format(Format::Zip));
        assert_eq!(of("t2.nii.gz", b"\x1f\x8b\x08"), format(Format::Nifti));
        assert_eq!(of("a.wav", b"RIFF\0\0\0\0WAVE"), Kind::Foreign(Foreign::Sound));
        assert_eq!(of("notes.md", b"# Notes"), format(Format::Text));
        assert_eq!(of("page.html", b"<!DOCTYPE html><p>"), format(Format::Html));
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
        assert_eq!(kind("table", "text/csv", b"a,b"), Kind::Gaze);
        // Cut in the middle of a letter.
        assert_eq!(of("gaze.csv", &"é".as_bytes()[..1]), Kind::Gaze);
    }

    #[test]
    fn glances_are_known_by_their_name_or_their_beginning() {
        let text = br#"{
  "kind": "fovea-glances",
  "version": 9"#;
        assert_eq!(of("ann.json", text), Kind::Glances);
        assert_eq!(of("ann", text), Kind::Glances);
        assert_eq!(of("polyp-pointer.fovea-glances.json", b"no JSON"), Kind::Glances, "it says what is wrong");
        assert_eq!(of("other.json", br#"{"kind": "fovea"}"#), format(Format::Text));
        assert_eq!(of("a.fovea-glances.json", b"\xff\xd8\xff"), Kind::Picture);
    }

    #[test]
    fn the_rest_is_left_to_the_decoder() {
        assert_eq!(of("text.png", b"this is a text"), Kind::Unknown);
        assert_eq!(of("noise.bin", &[7, 1, 2, 3]), Kind::Unknown);
    }
}
