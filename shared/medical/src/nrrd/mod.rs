//! NRRD (<https://teem.sourceforge.net/nrrd/format.html>): volumes of two or three dimensions, raw,
//! gzip or ascii, with header and data in one file or in several.

mod data;
mod header;

pub use header::{DataFiles, Header, header};

use crate::volume::Volume;

/// Why bytes are not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NrrdError {
    /// No NRRD at all.
    #[error("it does not begin with `NRRD000`")]
    NotNrrd,
    /// A header without an empty line after it.
    #[error("its header does not end: the empty line before the data is missing")]
    NoEnd,
    /// A field that must be there.
    #[error("it has no field `{0}`")]
    Missing(&'static str),
    /// A number that is none.
    #[error("`{word}` in the field `{field}` is not a number")]
    Number {
        /// The field.
        field: &'static str,
        /// What is there.
        word: String,
    },
    /// A type that is not read.
    #[error("values of type `{0}` are not read: save it with integers or floating-point numbers")]
    Type(String),
    /// An encoding that is not read.
    #[error("the encoding `{0}` is not read: save it as gzip or raw")]
    Encoding(String),
    /// Values of several bytes in an unknown order.
    #[error("it has no field `endian`, which numbers of several bytes need")]
    Endian,
    /// More dimensions than columns, rows and slices.
    #[error("it has {0} dimensions, not 2 or 3: save one volume alone, for instance one segment as a label map")]
    Dimensions(usize),
    /// Sizes that cannot be.
    #[error("its sizes `{0}` cannot be")]
    Sizes(String),
    /// Data in other files, which were not given.
    #[error(
        "its data lie in another file ({0}), which is not here: put it beside the header, or save both as one .nrrd \
         file"
    )]
    Detached(String),
    /// Names of data files in a form that is not read.
    #[error("its `data file: {0}` is not read: save it as one .nrrd file")]
    Files(String),
    /// Fewer data than the header claims.
    #[error("its data end early: {found} of {wanted} {unit}")]
    Short {
        /// What is there.
        found: usize,
        /// What the header claims.
        wanted: usize,
        /// Bytes or numbers.
        unit: &'static str,
    },
    /// Packed data that are damaged.
    #[error("its gzip data are damaged ({0}): copy or save it again")]
    Gzip(String),
}

/// Reads a file that holds header and data.
///
/// # Errors
/// See [`NrrdError`].
pub fn read(bytes: &[u8]) -> Result<Volume, NrrdError> {
    let (header, start) = header(bytes)?;
    match &header.files {
        DataFiles::Attached => header.volume(&[&bytes[start..]]),
        files => Err(NrrdError::Detached(files.to_string())),
    }
}

/// Reads a header with its data in other files, in their order.
///
/// # Errors
/// See [`NrrdError`].
pub fn read_detached(bytes: &[u8], data: &[&[u8]]) -> Result<Volume, NrrdError> {
    header(bytes)?.0.volume(data)
}
