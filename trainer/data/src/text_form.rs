//! Text files in another form than this project writes. They are read all the same, and the check says so, because
//! other programs may not read them.

use std::{fs, path::Path};

use super::defect::{Defect, DefectKind};

/// What is unusual about a list or a table in the file `path`; `None` too where the file cannot be read.
pub(super) fn unusual(path: &Path, subject: &str) -> Option<Defect> {
    let bytes = fs::read(path).ok()?;
    let message = if is_utf16(&bytes) {
        "is in UTF-16, and was read so. Save it as UTF-8 for other programs".to_owned()
    } else {
        separator(bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default())?
    };
    Some(Defect::warning(DefectKind::TextForm, subject, message))
}

/// Text in UTF-16 has a byte order mark, or zeros beside its letters.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..])
}

/// What the header of a table says of its separator, where that is not a comma.
fn separator(header: &[u8]) -> Option<String> {
    let name = match header {
        _ if header.contains(&b';') => "semicolons",
        _ if header.contains(&b'\t') => "tabs",
        _ => return None,
    };
    Some(format!("has {name} as separator in place of commas, and was read so (decimal commas too)"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn forms_are_named_and_the_usual_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        for (bytes, word) in [
            (&b"\xff\xfea\0"[..], Some("UTF-16")),
            (b"a\0b\0", Some("UTF-16")),
            (b"IMAGE;X\n1,5", Some("semicolons")),
            (b"IMAGE\tX\r\n1;2", Some("tabs")),
            (b"IMAGE,X\na;b", None),
            (b"\xef\xbb\xbfa\nb", None),
            (b"", None),
        ] {
            fs::write(&path, bytes).unwrap();
            let found = unusual(&path, "a.csv").map(|defect| defect.message);
            assert_eq!(found.is_some(), word.is_some(), "{found:?}");
            assert!(word.is_none_or(|word| found.unwrap().contains(word)));
        }
    }
}
