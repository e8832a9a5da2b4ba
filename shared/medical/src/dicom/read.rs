//! From bytes to a data set in memory, within the length of the bytes.
//!
//! `dicom-object` reserves what an element claims, up to 4 GiB, before it sees that the file ends,
//! and calls itself for every sequence in a sequence. So the headers are passed over first, with
//! the reader that it uses itself, and held against the bytes.

use std::io::{Cursor, Read};

use dicom_core::{Length, Tag, VR};
use dicom_dictionary_std::{tags, uids};
use dicom_encoding::TransferSyntaxIndex;
use dicom_encoding::transfer_syntax::TransferSyntax;
use dicom_object::InMemDicomObject;
use dicom_parser::{
    StatefulDecode,
    dataset::{LazyDataToken, lazy_read::LazyDataSetReader},
};
use dicom_transfer_syntax_registry::{TransferSyntaxRegistry, entries};
use flate2::read::DeflateDecoder;

use super::{DicomError, is_dicom};

/// Explicit VR Big Endian, retired and still met.
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// Sequences in sequences; the standard's own stay below ten.
const MAX_DEPTH: usize = 32;

/// The largest deflated data set, in bytes.
const MAX_INFLATED: usize = 1 << 30;

/// The data set and the UID of its transfer syntax.
pub(super) fn object(bytes: &[u8]) -> Result<(InMemDicomObject, String), DicomError> {
    if !is_dicom(bytes) {
        return Err(DicomError::NotDicom);
    }
    let (uid, start) = meta(bytes)?;
    let mut body = bytes.get(start..).unwrap_or_default();
    let inflated;
    let syntax = match uid.as_str() {
        uids::IMPLICIT_VR_LITTLE_ENDIAN => entries::IMPLICIT_VR_LITTLE_ENDIAN.erased(),
        BIG_ENDIAN => entries::EXPLICIT_VR_BIG_ENDIAN.erased(),
        uids::DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN => {
            inflated = inflate(body)?;
            body = &inflated;
            entries::EXPLICIT_VR_LITTLE_ENDIAN.erased()
        }
        // All compressed syntaxes of the standard write their data sets so.
        other if other.starts_with("1.2.840.10008.1.2.") => entries::EXPLICIT_VR_LITTLE_ENDIAN.erased(),
        other => return Err(unread(other)),
    };
    walk(body, &syntax, |_, _, _| true)?;
    let object = InMemDicomObject::read_dataset_with_ts(Cursor::new(body), &syntax).map_err(|e| damaged(&e))?;
    Ok((object, uid))
}

/// The refusal of a transfer syntax, by its name.
pub(super) fn unread(uid: &str) -> DicomError {
    let name = TransferSyntaxRegistry.get(uid).map_or("private or unknown", |syntax| syntax.name());
    let remedy = match name.to_ascii_lowercase() {
        name if name.contains("mpeg") || name.contains("hevc") => "ffmpeg -i IN frame-%03d.png",
        name if name.contains("jpeg") || name.contains("rle") => "gdcmconv --raw IN OUT",
        _ => "dcmconv +te IN OUT",
    };
    DicomError::Syntax { name: name.to_owned(), uid: uid.to_owned(), remedy }
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, DicomError> {
    let mut bytes = Vec::new();
    let read = DeflateDecoder::new(packed).take(MAX_INFLATED as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|e| DicomError::Damaged(e.to_string()))?;
    if bytes.len() > MAX_INFLATED { Err(DicomError::Large(MAX_INFLATED >> 20)) } else { Ok(bytes) }
}

/// The UID of the transfer syntax, and where the data set begins: behind the elements of group 2.
fn meta(bytes: &[u8]) -> Result<(String, usize), DicomError> {
    let body = bytes.get(132..).unwrap_or_default();
    let (mut uid, mut end) = (None, 0);
    let syntax = entries::EXPLICIT_VR_LITTLE_ENDIAN.erased();
    let group_2 = |at: usize| body.get(at..at + 2) == Some(&[2, 0]);
    if !group_2(0) {
        return Err(DicomError::Damaged("it has no file meta information".into()));
    }
    walk(body, &syntax, |tag, start, length| {
        end = start + length;
        if tag == tags::TRANSFER_SYNTAX_UID {
            let text = String::from_utf8_lossy(&body[start..end]);
            uid = Some(text.trim_matches(['\0', ' ']).to_owned());
        }
        group_2(end)
    })?;
    let uid = uid.ok_or(DicomError::Missing { tag: tags::TRANSFER_SYNTAX_UID, name: "TransferSyntaxUID" })?;
    Ok((uid, 132 + end))
}

/// Passes over all elements. `value` gets the tag, place and length of every plain value and says
/// whether to go on.
fn walk(
    body: &[u8],
    syntax: &TransferSyntax,
    mut value: impl FnMut(Tag, usize, usize) -> bool,
) -> Result<(), DicomError> {
    let mut reader = LazyDataSetReader::new_with_ts(Cursor::new(body), syntax).map_err(|e| damaged(&e))?;
    let (mut depth, mut table) = (0usize, false);
    while let Some(token) = reader.advance() {
        let token = token.map_err(|e| damaged(&e))?;
        table |= matches!(token, LazyDataToken::PixelSequenceStart);
        let (tag, claimed, start) = match token {
            LazyDataToken::SequenceStart { .. } | LazyDataToken::PixelSequenceStart => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(DicomError::Deep(depth));
                }
                continue;
            }
            LazyDataToken::SequenceEnd => {
                depth = depth.saturating_sub(1);
                continue;
            }
            LazyDataToken::LazyValue { header, decoder } => {
                let (claimed, start) = (header.len.0, decoder.position());
                fits(header.tag, claimed, start, body)?;
                whole(header.tag, claimed, unit(header.vr))?;
                decoder.skip_bytes(claimed).map_err(|e| damaged(&e))?;
                (header.tag, claimed, start)
            }
            LazyDataToken::LazyItemValue { len, decoder } => {
                fits(tags::PIXEL_DATA, len, decoder.position(), body)?;
                // The first item of packed pixels is the table of offsets, of four bytes each.
                if std::mem::take(&mut table) {
                    whole(tags::PIXEL_DATA, len, 4)?;
                }
                decoder.skip_bytes(len).map_err(|e| damaged(&e))?;
                continue;
            }
            // An empty table has no value of its own.
            LazyDataToken::ItemStart { len: Length(0) } => {
                table = false;
                continue;
            }
            _ => continue,
        };
        if !value(tag, start as usize, claimed as usize) {
            break;
        }
    }
    Ok(())
}

/// Bytes of one number. `dicom-object` reads whole numbers only and goes on behind the last, so a
/// rest would be read as a header.
fn unit(vr: VR) -> u32 {
    match vr {
        VR::US | VR::SS | VR::OW => 2,
        VR::UL | VR::SL | VR::FL | VR::OF | VR::OL | VR::AT => 4,
        VR::FD | VR::OD | VR::SV | VR::UV | VR::OV => 8,
        _ => 1,
    }
}

fn whole(tag: Tag, claimed: u32, unit: u32) -> Result<(), DicomError> {
    match claimed.is_multiple_of(unit) {
        true => Ok(()),
        false => {
            Err(DicomError::Damaged(format!("its element {tag} has {claimed} bytes, not whole numbers of {unit}")))
        }
    }
}

fn fits(tag: Tag, claimed: u32, start: u64, body: &[u8]) -> Result<(), DicomError> {
    let (claimed, left) = (u64::from(claimed), (body.len() as u64).saturating_sub(start));
    if claimed > left { Err(DicomError::Cut { tag, claimed, left }) } else { Ok(()) }
}

/// The innermost cause, which says most.
fn damaged(error: &dyn std::error::Error) -> DicomError {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    DicomError::Damaged(cause.to_string())
}
