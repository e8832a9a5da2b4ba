//! Values of a data set.

use dicom_core::Tag;
use dicom_object::InMemDicomObject;

use super::DicomError;

/// A data set that is asked for values.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'a>(pub(super) &'a InMemDicomObject);

impl<'a> Attributes<'a> {
    /// A text without padding; `None` where it is missing or empty.
    pub(super) fn text(self, tag: Tag) -> Option<String> {
        let value = self.0.get(tag)?.to_str().ok()?;
        let value = value.trim_matches([' ', '\0']);
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// Numbers that are finite; empty where they are missing.
    pub(super) fn numbers(self, tag: Tag) -> Vec<f64> {
        let numbers = self.0.get(tag).and_then(|e| e.to_multi_float64().ok()).unwrap_or_default();
        if numbers.iter().all(|v| v.is_finite()) { numbers } else { Vec::new() }
    }

    /// The first of several numbers.
    pub(super) fn number(self, tag: Tag) -> Option<f64> {
        self.numbers(tag).first().copied()
    }

    /// A whole number.
    pub(super) fn whole(self, tag: Tag) -> Option<i64> {
        self.0.get(tag).and_then(|e| e.to_int().ok())
    }

    /// A number of things, which must be there.
    pub(super) fn count(self, tag: Tag, name: &'static str) -> Result<usize, DicomError> {
        if self.0.get(tag).is_none() {
            return Err(DicomError::Missing { tag, name });
        }
        let count = self.whole(tag).and_then(|v| usize::try_from(v).ok());
        count.ok_or_else(|| DicomError::Value { name, value: self.text(tag).unwrap_or_default() })
    }

    /// Bytes of a plain value.
    pub(super) fn bytes(self, tag: Tag) -> Option<Vec<u8>> {
        Some(self.0.get(tag)?.value().primitive()?.to_bytes().into_owned())
    }

    /// The items of a sequence.
    pub(super) fn items(self, tag: Tag) -> impl Iterator<Item = Attributes<'a>> {
        self.0.get(tag).and_then(|e| e.items()).unwrap_or_default().iter().map(Attributes)
    }

    /// The first item of a sequence.
    pub(super) fn item(self, tag: Tag) -> Option<Attributes<'a>> {
        self.items(tag).next()
    }
}
