//! LLaVA's published answers as records.

mod import;

pub use import::{CAVEAT, FIELDS, Imported, LlavaError, MODEL, import};

use super::{DescribeError, store::Record};

/// The rows of `llava.csv` as records with their caveat, in the order of the file. The images are
/// not at hand here, so their hashes are left out; neither is anything known of the server that was
/// asked.
///
/// # Errors
/// A table that is not LLaVA's, with the line.
pub fn llava_records(csv_text: &str) -> Result<Vec<Record>, DescribeError> {
    let rows = import(csv_text)?;
    let record = |row: Imported| Record {
        id: row.id,
        image_sha256: None,
        description: row.description,
        caveat: Some(CAVEAT.into()),
        asked: None,
    };
    Ok(rows.into_iter().map(record).collect())
}
