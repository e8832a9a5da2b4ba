//! Glances as a code that an address holds: about ten letters for a fixation.
//!
//! ```text
//! version, origin            a byte each
//! domain                     its name, with its length before it
//! pictures                   how many, and for each:
//!   id                       with its length before it
//!   fixations                how many, and for each:
//!     x, y                   the way from the fixation before, or from the middle (zigzag)
//!     pause, duration        in ms
//! checksum                   CRC-32 of all that, four bytes
//! ```
//! Numbers are LEB128. The bytes are written as base64url without padding (RFC 4648, section 5). A
//! letter that is lost or changed on the way is found by the checksum.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use fovea_shared::{description::Modality, gaze::GazeOrigin};

use super::{GlanceSet, PictureGlance, Quantised, STEPS};

/// Longest code that an address carries, in letters: chats and mails cut longer links.
pub const LONGEST: usize = 4096;

/// Version of the code.
const VERSION: u8 = 1;

/// The code of some glances. It may be longer than [`LONGEST`].
pub fn write(set: &GlanceSet) -> String {
    let mut bytes = vec![VERSION];
    number(&mut bytes, GazeOrigin::ALL.iter().position(|one| *one == set.origin).unwrap_or_default() as u32);
    words(&mut bytes, set.domain.name());
    number(&mut bytes, set.pictures.len() as u32);
    for picture in &set.pictures {
        words(&mut bytes, &picture.case);
        number(&mut bytes, picture.fixations.len() as u32);
        let (mut x, mut y) = (STEPS / 2, STEPS / 2);
        for f in &picture.fixations {
            number(&mut bytes, zigzag(i32::from(f.x) - i32::from(x)));
            number(&mut bytes, zigzag(i32::from(f.y) - i32::from(y)));
            number(&mut bytes, f.pause_ms);
            number(&mut bytes, f.ms);
            (x, y) = (f.x, f.y);
        }
    }
    let sum = crc32fast::hash(&bytes);
    bytes.extend(sum.to_be_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&bytes)
}

/// The glances of a code. Nothing where it is longer than [`LONGEST`], of another version, damaged,
/// or about a domain that is not known.
pub fn read(code: &str) -> Option<GlanceSet> {
    if code.len() > LONGEST {
        return None;
    }
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(code).ok()?;
    let (bytes, sum) = bytes.split_last_chunk::<4>()?;
    if crc32fast::hash(bytes) != u32::from_be_bytes(*sum) {
        return None;
    }
    let mut rest = Reader(bytes.strip_prefix(&[VERSION])?);
    let origin = *GazeOrigin::ALL.get(rest.number()? as usize)?;
    let domain = rest.words()?;
    let domain = Modality::ALL.into_iter().find(|one| one.name() == domain)?;
    let pictures = (0..rest.number()?).map(|_| rest.picture()).collect::<Option<_>>()?;
    GlanceSet::new(domain, origin, pictures).filter(|_| rest.0.is_empty())
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<u32> {
        let mut value = 0u64;
        for place in 0..5 {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 127) << (7 * place);
            if byte & 128 == 0 {
                return value.try_into().ok();
            }
        }
        None
    }

    fn words(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        let (words, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(words.to_vec()).ok()
    }

    fn picture(&mut self) -> Option<PictureGlance> {
        let case = self.words()?;
        let (mut x, mut y) = (STEPS / 2, STEPS / 2);
        let fixations = (0..self.number()?).map(|_| {
            x = moved(x, self.number()?)?;
            y = moved(y, self.number()?)?;
            Some(Quantised { x, y, pause_ms: self.number()?, ms: self.number()? })
        });
        let fixations = fixations.collect::<Option<_>>()?;
        PictureGlance::new(case, fixations)
    }
}

/// A place some way from another one.
fn moved(from: u16, way: u32) -> Option<u16> {
    let way = ((way >> 1) as i32) ^ -((way & 1) as i32);
    u16::try_from(i32::from(from).checked_add(way)?).ok()
}

/// Small numbers of either sign as small numbers: 0, -1, 1, -2, ...
fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)) as u32
}

fn number(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn words(bytes: &mut Vec<u8>, words: &str) {
    number(bytes, words.len() as u32);
    bytes.extend(words.as_bytes());
}
