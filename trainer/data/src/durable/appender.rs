//! Whole lines at the end of a file.

use std::{
    fs::{File, TryLockError},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use super::{WriteError, faults, faults::Operation, make_folder, sync, write_all};

/// A file that lines are appended to, by one process at a time.
#[derive(Debug)]
pub struct Appender {
    file: File,
    path: PathBuf,
    /// Where the last whole line ends, in bytes.
    end: u64,
    torn: bool,
}

impl Appender {
    /// Opens the file, or makes it and the folders above it. A last line without its end is cut
    /// away, since a kill has cut it short, unless
    /// `whole` says that nothing is missing: then it gets its end.
    ///
    /// # Errors
    /// A file that cannot be written, or that another process appends to now.
    pub fn open(path: &Path, whole: impl Fn(&str) -> bool) -> Result<Self, WriteError> {
        let failed = |cause| WriteError::of(path, cause);
        if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
            make_folder(folder)?;
        }
        faults::before(Operation::Create, path).map_err(failed)?;
        let file = File::options().read(true).append(true).create(true).open(path).map_err(failed)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(WriteError::Held(path.to_path_buf())),
            // A file system without locks: two writers cannot be noticed there.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut appender = Self { file, path: path.to_path_buf(), end: 0, torn: false };
        let last = appender.find_end().map_err(failed)?;
        match std::str::from_utf8(&last) {
            Ok(text) if !text.is_empty() && whole(text) => {
                appender.end += last.len() as u64;
                appender.append_bytes(b"\n", true).map_err(failed)?;
            }
            _ if last.is_empty() => {}
            _ => appender.cut().map_err(failed)?,
        }
        Ok(appender)
    }

    /// Appends a line, which has no end yet; `synced` when it has to be on the disk when this returns.
    ///
    /// # Errors
    /// A full disk, for instance. The file has whole lines then, too.
    pub fn append(&mut self, line: &str, synced: bool) -> Result<(), WriteError> {
        if self.torn {
            return Err(WriteError::Torn(self.path.clone()));
        }
        let written = self.append_bytes(format!("{line}\n").as_bytes(), synced);
        written.map_err(|cause| {
            self.torn = self.cut().is_err();
            WriteError::of(&self.path, cause)
        })
    }

    fn append_bytes(&mut self, bytes: &[u8], synced: bool) -> io::Result<()> {
        write_all(&mut self.file, bytes, &self.path)?;
        if synced {
            sync(&self.file, &self.path)?;
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Cuts the file back to its whole lines.
    fn cut(&mut self) -> io::Result<()> {
        self.file.set_len(self.end)
    }

    /// Finds where the last whole line ends; gives what stands behind it.
    fn find_end(&mut self) -> io::Result<Vec<u8>> {
        const BLOCK: u64 = 1 << 16;
        let mut last = Vec::new();
        let mut from = self.file.seek(SeekFrom::End(0))?;
        while from > 0 {
            let start = from.saturating_sub(BLOCK);
            let mut block = vec![0; (from - start) as usize];
            self.file.seek(SeekFrom::Start(start))?;
            self.file.read_exact(&mut block)?;
            if let Some(newline) = block.iter().rposition(|byte| *byte == b'\n') {
                self.end = start + newline as u64 + 1;
                last.splice(0..0, block[newline + 1..].iter().copied());
                return Ok(last);
            }
            last.splice(0..0, block);
            from = start;
        }
        self.end = 0;
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn half_a_line_is_cut_and_a_whole_one_without_its_end_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.jsonl");
        let whole = |line: &str| line.ends_with('}');
        Appender::open(&path, whole).unwrap().append("{1}", true).unwrap();
        fs::write(&path, "{1}\n{2").unwrap();
        Appender::open(&path, whole).unwrap().append("{3}", false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{1}\n{3}\n");
        fs::write(&path, "{1}\n{2}").unwrap();
        Appender::open(&path, whole).unwrap().append("{3}", false).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{1}\n{2}\n{3}\n");
        // Longer than a block, and no line end at all.
        let long = "x".repeat(200_000);
        fs::write(&path, format!("{{1}}\n{long}")).unwrap();
        drop(Appender::open(&path, whole).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "{1}\n");
        fs::write(&path, &long).unwrap();
        drop(Appender::open(&path, whole).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "");
    }

    #[test]
    fn of_two_writers_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("b.jsonl");
        let first = Appender::open(&path, |_| false).unwrap();
        assert!(matches!(Appender::open(&path, |_| false), Err(WriteError::Held(_))));
        drop(first);
        assert!(Appender::open(&path, |_| false).is_ok());
    }
}
