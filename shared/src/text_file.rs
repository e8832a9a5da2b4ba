//! Bytes of a text file as text, however it was saved: split lists, gaze tables, `dataset.json`, configurations.

use thiserror::Error;

/// How much of a wrong line an error repeats.
const SHOWN_CHARS: usize = 80;

/// The part of the 16-bit units that hold a NUL byte in text that is UTF-16 without a mark. Commas,
/// digits and line ends have
/// one in any language.
const NUL_SHARE: f64 = 0.3;

/// Why bytes are not a text that can be read. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Bytes that are not UTF-8, mostly a code page of Windows. Which one is not guessed: a name would come out wrong.
    #[error(
        "line {line} is not UTF-8 (`{found}`): it was saved in a code page of its own, such as Windows-1252. Save the \
         file as UTF-8 (in Excel `CSV UTF-8`, in an editor `Save with encoding`)"
    )]
    CodePage {
        /// Number of the first line that is not UTF-8.
        line: usize,
        /// That line, shortened, with U+FFFD for every byte that is wrong.
        found: String,
    },
    /// UTF-16 with half a character in it.
    #[error("line {line} is not whole UTF-16: the file is damaged or cut short. Write it again, if possible as UTF-8")]
    BrokenUtf16 {
        /// Number of the line with the half character.
        line: usize,
    },
    /// UTF-32, by its mark.
    #[error("the file is UTF-32; save it as UTF-8")]
    Utf32,
    /// NUL bytes that no text has.
    #[error("line {line} holds a NUL byte, so this is not a text file (or a damaged one)")]
    NotText {
        /// Number of the line with the first NUL.
        line: usize,
    },
}

/// The text of a file: UTF-8 with or without byte order mark, or UTF-16 of either byte order, with
/// a mark or so full of NUL
/// bytes that it can be nothing else. Line ends become `\n`, whether they are `\r\n`, `\r` or mixed.
///
/// # Errors
/// [`TextError`]: what the bytes are instead, with the line and what to do.
pub fn decode(bytes: &[u8]) -> Result<String, TextError> {
    let text = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Err(TextError::Utf32),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest)?,
        _ => match order_by_nuls(bytes) {
            Some(unit) => utf16(bytes, unit)?,
            None => utf8(bytes)?,
        },
    };
    match text.find('\0') {
        Some(at) => Err(TextError::NotText { line: line_at(&text[..at]) }),
        None => Ok(unix_lines(text)),
    }
}

/// How two bytes become a unit.
type Unit = fn([u8; 2]) -> u16;

/// The byte order of UTF-16 without a mark: every ASCII character has a NUL, always on the same side.
fn order_by_nuls(bytes: &[u8]) -> Option<Unit> {
    let nuls = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let enough = |count: usize| count > 0 && count as f64 >= NUL_SHARE * (bytes.len() / 2) as f64;
    match (nuls(0), nuls(1)) {
        (0, low) if enough(low) => Some(u16::from_le_bytes),
        (high, 0) if enough(high) => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn utf16(bytes: &[u8], unit: Unit) -> Result<String, TextError> {
    let (pairs, half) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(character.map_err(|_| TextError::BrokenUtf16 { line: line_at(&text) })?);
    }
    if half.is_empty() { Ok(text) } else { Err(TextError::BrokenUtf16 { line: line_at(&text) }) }
}

fn utf8(bytes: &[u8]) -> Result<String, TextError> {
    let error = match str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error.valid_up_to(),
    };
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let start = bytes[..error].iter().rposition(is_end).map_or(0, |end| end + 1);
    let end = bytes[error..].iter().position(is_end).map_or(bytes.len(), |length| error + length);
    let before = String::from_utf8_lossy(&bytes[..error]);
    let line = String::from_utf8_lossy(&bytes[start..end]);
    let found: String = line.chars().filter(|c| !c.is_control()).take(SHOWN_CHARS).collect();
    Err(TextError::CodePage { line: line_at(&before), found })
}

/// The number of the line that begins after this text.
fn line_at(before: &str) -> usize {
    let ends = before.matches('\n').count() + before.matches('\r').count() - before.matches("\r\n").count();
    ends + 1
}

fn unix_lines(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn big(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn every_dress_is_the_same_text() {
        let text = "bïld0.jpg\n图像1,0.5\nz\u{308}\n";
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], text.into()),
            marked(&[0xff, 0xfe], little(text)),
            marked(&[0xfe, 0xff], big(text)),
            little(text),
            big(text),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{bytes:?}");
        }
        for ends in ["a\r\nb\r\n", "a\rb\r", "a\r\nb\n"] {
            assert_eq!(decode(ends.as_bytes()).unwrap(), "a\nb\n");
            assert_eq!(decode(&little(ends)).unwrap(), "a\nb\n");
        }
        assert_eq!(decode(b"").unwrap(), "");
        assert_eq!(decode(&[0xff, 0xfe]).unwrap(), "");
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        let error = decode(b"IMAGE\r\na.jpg\rb\xefld0.jpg,1\nc\xe4\n").unwrap_err();
        assert_eq!(error, TextError::CodePage { line: 3, found: "b\u{fffd}ld0.jpg,1".into() });
        assert!(error.to_string().contains("UTF-8") && error.to_string().contains("Save"), "{error}");
        let mut cut = little("a\nb");
        cut.pop();
        assert_eq!(decode(&[&[0xff, 0xfe], &cut[..]].concat()), Err(TextError::BrokenUtf16 { line: 2 }));
        assert_eq!(decode(&[0xff, 0xfe, 0x00, 0xd8, b'a', 0]), Err(TextError::BrokenUtf16 { line: 1 }));
        assert_eq!(decode(&[0xff, 0xfe, 0, 0, b'a', 0, 0, 0]), Err(TextError::Utf32));
        assert_eq!(decode(b"a,b,c,d,e,f\ng\0h"), Err(TextError::NotText { line: 2 }));
        assert_eq!(decode(&[0; 6]), Err(TextError::NotText { line: 1 }));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn utf16_is_the_text_that_was_written(text in "[ -~äöüßéñ中文\n]{0,40}") {
            for (mark, bytes) in [([0xff, 0xfe], little(&text)), ([0xfe, 0xff], big(&text))] {
                prop_assert_eq!(decode(&[&mark[..], &bytes].concat()).unwrap(), text.clone());
            }
            prop_assert_eq!(decode(text.as_bytes()).unwrap(), text);
        }

        #[test]
        fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode(&bytes);
        }
    }
}
