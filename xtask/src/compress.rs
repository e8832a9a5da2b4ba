//! Files as a web server sends them: gzip and brotli, ready beside the original.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context, Result};

use crate::seal::{files, sha256};

/// How many bytes a file has, and has compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// As it is.
    pub raw: u64,
    /// As gzip, or as it is where that is no smaller.
    pub gzip: u64,
    /// As brotli, or as it is where that is no smaller.
    pub brotli: u64,
}

impl std::ops::AddAssign for Sizes {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// For tests.
    Quick,
    /// For shipping: brotli 11 takes about a minute for ten megabytes.
    Best,
}

impl Effort {
    fn brotli(self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let quality = if self == Effort::Best { 11 } else { 4 };
        let mut out = Vec::new();
        let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, quality, 24);
        writer.write_all(bytes)?;
        drop(writer);
        Ok(out)
    }

    fn gzip(self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let level = if self == Effort::Best { flate2::Compression::best() } else { flate2::Compression::fast() };
        // Without a time or a name in it: the same file gives the same bytes.
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
        writer.write_all(bytes)?;
        writer.finish()
    }
}

/// Writes `NAME.gz` and `NAME.br` beside every file below `dir` that they make smaller by a
/// twentieth or more, and gives the sizes by name.
///
/// # Errors
/// A file cannot be read or written.
pub fn beside(dir: &Path, effort: Effort) -> Result<BTreeMap<String, Sizes>> {
    let names = files(dir)?;
    let mut by_hash: BTreeMap<(bool, String), Vec<String>> = BTreeMap::new();
    for name in &names {
        let bytes = fs::read(dir.join(name)).with_context(|| format!("cannot read {name}"))?;
        // What two bundles share is compressed once.
        by_hash.entry((is_picture(name), sha256(&bytes))).or_default().push(name.clone());
    }
    let mut queue: Vec<Vec<String>> = by_hash.into_values().collect();
    // The largest last, where work is taken from.
    queue.sort_by_key(|same| fs::metadata(dir.join(&same[0])).map(|data| data.len()).unwrap_or_default());
    let (queue, done) = (Mutex::new(queue), Mutex::new(BTreeMap::new()));
    let work = || -> Result<()> {
        loop {
            let next = queue.lock().ok().and_then(|mut queue| queue.pop());
            let Some(same) = next else { return Ok(()) };
            let sizes = file(dir, &same, effort)?;
            if let Ok(mut done) = done.lock() {
                done.extend(same.into_iter().map(|name| (name, sizes)));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })?;
    Ok(done.into_inner().unwrap_or_default())
}

/// Pictures are compressed already.
fn is_picture(name: &str) -> bool {
    [".jpg", ".png", ".webp"].iter().any(|end| name.ends_with(end))
}

/// Compresses files with the same bytes.
fn file(dir: &Path, names: &[String], effort: Effort) -> Result<Sizes> {
    let bytes = fs::read(dir.join(&names[0])).with_context(|| format!("cannot read {}", names[0]))?;
    let raw = bytes.len() as u64;
    let mut sizes = Sizes { raw, gzip: raw, brotli: raw };
    if is_picture(&names[0]) {
        return Ok(sizes);
    }
    let packed = [("gz", effort.gzip(&bytes)?, &mut sizes.gzip), ("br", effort.brotli(&bytes)?, &mut sizes.brotli)];
    for (end, packed, size) in packed {
        let length = packed.len() as u64;
        if length * 20 > raw * 19 {
            continue;
        }
        *size = length;
        for name in names {
            let path = dir.join(format!("{name}.{end}"));
            fs::write(&path, &packed).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Read;

    use super::*;

    #[test]
    fn texts_get_smaller_neighbours_that_unpack_to_them_and_pictures_get_none() {
        let dir = std::env::temp_dir().join(format!("fovea-compress-{}", std::process::id()));
        fs::create_dir_all(dir.join("in")).unwrap();
        let text = "a glance becomes a segmentation ".repeat(100);
        fs::write(dir.join("a.txt"), &text).unwrap();
        fs::write(dir.join("in/b.txt"), &text).unwrap();
        fs::write(dir.join("c.png"), &text).unwrap();
        let sizes = beside(&dir, Effort::Best).unwrap();
        assert_eq!(sizes["a.txt"], sizes["in/b.txt"]);
        assert!(sizes["a.txt"].brotli < 200 && sizes["a.txt"].gzip < 200 && sizes["a.txt"].raw == 3200, "{sizes:?}");
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(fs::File::open(dir.join("in/b.txt.gz")).unwrap())
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        unpacked.clear();
        brotli::Decompressor::new(fs::File::open(dir.join("a.txt.br")).unwrap(), 4096)
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, text);
        assert!(!dir.join("c.png.gz").exists() && !dir.join("c.png.br").exists());
        fs::remove_dir_all(dir).unwrap();
    }
}
