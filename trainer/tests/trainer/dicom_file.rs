//! Writes DICOM slices for tests: the MR images of NCI-ISBI are not at hand.
#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "the library's own tests include this file too, and neither uses all of it"
)]

use std::path::Path;

use dicom_core::{DataElement, PrimitiveValue, VR};
use dicom_dictionary_std::tags;
use dicom_object::{FileMetaTableBuilder, InMemDicomObject, Tag};

pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(crate) const IMPLICIT: &str = "1.2.840.10008.1.2";
pub(crate) const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

/// A grey slice of unsigned 12-bit words.
#[derive(Clone, Debug, Default)]
pub(crate) struct DicomSlice<'a> {
    pub(crate) patient: Option<&'a str>,
    pub(crate) series: &'a str,
    pub(crate) instance: Option<i64>,
    pub(crate) position: Option<[f64; 3]>,
    pub(crate) orientation: Option<[[f64; 3]; 2]>,
    /// Columns and rows.
    pub(crate) size: [usize; 2],
    pub(crate) pixels: &'a [u16],
}

/// Writes a slice; `change` may alter the object before.
pub(crate) fn write(path: &Path, slice: &DicomSlice, syntax: &str, change: impl FnOnce(&mut InMemDicomObject)) {
    let us = |v: usize| PrimitiveValue::from(v as u16);
    let mut object = InMemDicomObject::from_element_iter([
        DataElement::new(tags::SOP_CLASS_UID, VR::UI, "1.2.840.10008.5.1.4.1.1.4"),
        DataElement::new(tags::SOP_INSTANCE_UID, VR::UI, "2.25.1"),
        DataElement::new(tags::SERIES_INSTANCE_UID, VR::UI, slice.series),
        DataElement::new(tags::SAMPLES_PER_PIXEL, VR::US, us(1)),
        DataElement::new(tags::PHOTOMETRIC_INTERPRETATION, VR::CS, "MONOCHROME2"),
        DataElement::new(tags::ROWS, VR::US, us(slice.size[1])),
        DataElement::new(tags::COLUMNS, VR::US, us(slice.size[0])),
        DataElement::new(tags::BITS_ALLOCATED, VR::US, us(16)),
        DataElement::new(tags::BITS_STORED, VR::US, us(12)),
        DataElement::new(tags::HIGH_BIT, VR::US, us(11)),
        DataElement::new(tags::PIXEL_REPRESENTATION, VR::US, us(0)),
        DataElement::new(tags::PIXEL_DATA, VR::OW, PrimitiveValue::U16(slice.pixels.into())),
    ]);
    if let Some(patient) = slice.patient {
        object.put(DataElement::new(tags::PATIENT_ID, VR::LO, patient));
    }
    if let Some(instance) = slice.instance {
        object.put(DataElement::new(tags::INSTANCE_NUMBER, VR::IS, instance.to_string()));
    }
    let decimals = |values: &[f64]| values.iter().map(|v| format!("{v:.6}")).collect::<Vec<_>>().join("\\");
    if let Some(position) = &slice.position {
        object.put(DataElement::new(tags::IMAGE_POSITION_PATIENT, VR::DS, decimals(position)));
    }
    if let Some(orientation) = &slice.orientation {
        object.put(DataElement::new(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, decimals(&orientation.concat())));
    }
    change(&mut object);
    let meta = FileMetaTableBuilder::new().transfer_syntax(syntax);
    object.with_meta(meta).unwrap().write_to_file(path).unwrap();
}

pub(crate) fn set(object: &mut InMemDicomObject, tag: Tag, value: u16) {
    object.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
}
