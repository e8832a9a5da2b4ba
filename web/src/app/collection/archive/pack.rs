//! Writing a ZIP entry by entry, so that no more than one of them is in memory.

use std::{
    cell::RefCell,
    io::{self, Seek, SeekFrom, Write},
    rc::Rc,
};

use zip::{CompressionMethod, ZipWriter, result::ZipResult, write::FileOptions};

/// The bytes that were not handed over yet.
#[derive(Default)]
struct Tail {
    /// Place in the file of the first of them.
    start: u64,
    bytes: Vec<u8>,
    at: u64,
}

/// A file of which all but the end has gone.
#[derive(Clone, Default)]
struct Sink(Rc<RefCell<Tail>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut tail = self.0.borrow_mut();
        let at = tail.at.checked_sub(tail.start).ok_or(io::ErrorKind::InvalidInput)? as usize;
        let over = (tail.bytes.len().saturating_sub(at)).min(bytes.len());
        tail.bytes[at..at + over].copy_from_slice(&bytes[..over]);
        tail.bytes.extend_from_slice(&bytes[over..]);
        tail.at += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Sink {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut tail = self.0.borrow_mut();
        let end = tail.start + tail.bytes.len() as u64;
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => end.checked_add_signed(by),
            SeekFrom::Current(by) => tail.at.checked_add_signed(by),
        };
        tail.at = at.filter(|at| (tail.start..=end).contains(at)).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(tail.at)
    }
}

/// A ZIP that is being written, with entries as they are: pictures are packed already.
pub struct Pack {
    sink: Sink,
    writer: ZipWriter<Sink>,
}

impl Default for Pack {
    fn default() -> Self {
        let sink = Sink::default();
        Self { writer: ZipWriter::new(sink.clone()), sink }
    }
}

impl Pack {
    /// Adds an entry; gives bytes of the file that are finished, to be kept in their order.
    ///
    /// # Errors
    /// None that a file in memory has. Names must differ.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> ZipResult<Vec<u8>> {
        let end = {
            let tail = self.sink.0.borrow();
            tail.start + tail.bytes.len() as u64
        };
        let options = FileOptions::default().compression_method(CompressionMethod::Stored);
        // This ends the entry before, whose head says then how long it is.
        self.writer.start_file(name, options.large_file(bytes.len() as u64 >= u64::from(u32::MAX)))?;
        let finished = {
            let mut tail = self.sink.0.borrow_mut();
            let count = (end - tail.start) as usize;
            tail.start = end;
            tail.bytes.drain(..count).collect()
        };
        self.writer.write_all(bytes)?;
        Ok(finished)
    }

    /// The last bytes.
    ///
    /// # Errors
    /// None that a file in memory has.
    pub fn finish(mut self) -> ZipResult<Vec<u8>> {
        let sink = self.writer.finish()?;
        Ok(std::mem::take(&mut sink.0.borrow_mut().bytes))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::{Cursor, Read};

    use super::*;

    #[test]
    fn parts_make_a_zip_and_hold_one_entry_each() {
        let entries: Vec<(String, Vec<u8>)> =
            (0..5).map(|i| (format!("images/ü{i}.jpg"), vec![i as u8; 1000 * i])).collect();
        let (mut pack, mut file, mut largest) = (Pack::default(), Vec::new(), 0);
        for (name, bytes) in &entries {
            let part = pack.add(name, bytes).unwrap();
            largest = largest.max(part.len());
            file.extend(part);
        }
        assert!(largest < 4000, "{largest}");
        file.extend(pack.finish().unwrap());
        let mut zip = zip::ZipArchive::new(Cursor::new(file)).unwrap();
        assert_eq!(zip.len(), entries.len());
        for (name, bytes) in &entries {
            let mut found = Vec::new();
            zip.by_name(name).unwrap().read_to_end(&mut found).unwrap();
            assert_eq!(found, *bytes, "{name}");
        }
    }
}
