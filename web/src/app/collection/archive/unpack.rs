//! Reading a ZIP of which only a part is in memory: first its end with the directory, then one entry
//! after the other.

use std::{
    cell::RefCell,
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    rc::Rc,
};

use zip::{ZipArchive, result::ZipError};

use crate::text::{Message, message};

/// Bytes of the end that hold the directory of a few thousand entries.
pub const TAIL: u64 = 1 << 20;

/// Bytes that are asked for where an entry begins: its head, and small entries as a whole.
const HEAD: u64 = 1 << 16;

/// Most bytes of an entry that are read.
const LARGEST: u64 = 1 << 28;

/// A part of a file, and the place that was looked for outside of it.
#[derive(Default)]
struct Part {
    start: u64,
    bytes: Vec<u8>,
    missed: Option<u64>,
}

/// A file of which a part is here; reading the rest fails and says where.
struct Window {
    part: Rc<RefCell<Part>>,
    length: u64,
    at: u64,
}

impl Read for Window {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || into.is_empty() {
            return Ok(0);
        }
        let mut part = self.part.borrow_mut();
        let here = self.at.checked_sub(part.start).and_then(|from| part.bytes.get(from as usize..));
        let Some(here) = here.filter(|here| !here.is_empty()) else {
            part.missed = Some(self.at);
            return Err(io::Error::other("this part of the file is not here"));
        };
        let count = here.len().min(into.len());
        into[..count].copy_from_slice(&here[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// How far an entry is read.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// These bytes of the file are needed: [`Unpack::give`] takes them.
    Needs(Range<u64>),
    /// Its content.
    Done(Vec<u8>),
}

/// A ZIP.
pub struct Unpack {
    part: Rc<RefCell<Part>>,
    archive: ZipArchive<Window>,
    length: u64,
}

impl Unpack {
    /// Of a file of this length and its last [`TAIL`] bytes.
    ///
    /// # Errors
    /// In plain words: it is no ZIP, or a damaged one.
    pub fn open(tail: Vec<u8>, length: u64) -> Result<Self, Message> {
        let start = length.saturating_sub(tail.len() as u64);
        let part = Rc::new(RefCell::new(Part { start, bytes: tail, missed: None }));
        let window = Window { part: part.clone(), length, at: 0 };
        let archive = ZipArchive::new(window).map_err(|e| why(&e))?;
        Ok(Self { part, archive, length })
    }

    /// The names of its entries.
    pub fn names(&self) -> Vec<String> {
        self.archive.file_names().map(str::to_owned).collect()
    }

    /// Takes the bytes of the file from this place on, in place of those that it had.
    pub fn give(&mut self, start: u64, bytes: Vec<u8>) {
        *self.part.borrow_mut() = Part { start, bytes, missed: None };
    }

    /// Reads an entry, as far as its bytes are here.
    ///
    /// # Errors
    /// In plain words: there is no such entry, it is too large, packed in a way that is not read here, or
    /// damaged.
    pub fn read(&mut self, name: &str) -> Result<Step, Message> {
        self.part.borrow_mut().missed = None;
        let mut data = None;
        let found = self.archive.by_name(name).and_then(|mut entry| {
            // The head is read each time.
            let range = entry.header_start()..entry.data_start().saturating_add(entry.compressed_size());
            if entry.size() > LARGEST {
                return Ok(None);
            }
            data = Some(range);
            let mut found = Vec::with_capacity(entry.size() as usize);
            entry.read_to_end(&mut found)?;
            Ok(Some(found))
        });
        match (found, self.part.borrow_mut().missed.take()) {
            (Ok(Some(found)), _) => Ok(Step::Done(found)),
            (Ok(None), _) => Err(message!("file-too-large", file = name)),
            (Err(_), Some(at)) => {
                let needed = data.unwrap_or(at..at + HEAD);
                Ok(Step::Needs(needed.start.min(self.length)..needed.end.min(self.length)))
            }
            (Err(ZipError::FileNotFound), None) => Err(message!("own-zip-lacks", file = name)),
            (Err(error), None) => Err(why(&error)),
        }
    }
}

/// Why a ZIP cannot be read.
fn why(error: &ZipError) -> Message {
    match error {
        ZipError::UnsupportedArchive(_) => message!("own-zip-packed"),
        other => message!("own-zip-damaged", cause = other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::app::collection::archive::pack::Pack;

    #[test]
    fn a_large_zip_is_read_piece_by_piece() {
        let entries: Vec<(String, Vec<u8>)> =
            (0..40).map(|i| (format!("images/{i}.jpg"), (0..90_000).map(|b| (b * i) as u8).collect())).collect();
        let (mut pack, mut file) = (Pack::default(), Vec::new());
        for (name, bytes) in &entries {
            file.extend(pack.add(name, bytes).unwrap());
        }
        file.extend(pack.add("small.json", b"{}").unwrap());
        file.extend(pack.finish().unwrap());
        let length = file.len() as u64;
        let mut zip = Unpack::open(file[file.len() - TAIL as usize..].to_vec(), length).unwrap();
        assert_eq!(zip.names().len(), 41);
        for (name, bytes) in entries.iter().rev().chain([&("small.json".to_owned(), b"{}".to_vec())]) {
            let mut asked = 0;
            let found = loop {
                match zip.read(name).unwrap() {
                    Step::Done(found) => break found,
                    Step::Needs(range) => {
                        asked += range.end - range.start;
                        zip.give(range.start, file[range.start as usize..range.end as usize].to_vec());
                    }
                }
                assert!(asked < 400_000, "it ends: {name}");
            };
            assert_eq!(found, *bytes, "{name}");
        }
        assert!(zip.read("other").unwrap_err().to_string().contains("other"));
    }

    #[test]
    fn what_is_no_zip_says_so() {
        for bytes in [vec![], b"PK\x03\x04 and no more".to_vec(), vec![7; 5000]] {
            let length = bytes.len() as u64;
            assert!(Unpack::open(bytes, length).is_err());
        }
        assert!(Unpack::open(vec![0; 100], 1 << 40).is_err());
    }
}
