//! Inflates no more than is asked for, whatever the packed bytes hold.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

/// Whether bytes begin as gzip does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The first `most` bytes of what is packed, fewer where it ends before.
pub(crate) fn inflate(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(packed).take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
