//! What a file says of itself, without its pixels.

use dicom_core::Tag;
use dicom_dictionary_std::tags;

use super::{Attributes, DicomError};

/// More frames than any series of slices has.
const MAX_FRAMES: usize = 100_000;

/// What distinguishes images of one slice in one series.
const KINDS: [(Tag, &str); 7] = [
    (tags::DIFFUSION_B_VALUE, "DiffusionBValue"),
    (tags::TEMPORAL_POSITION_IDENTIFIER, "TemporalPositionIdentifier"),
    (tags::ECHO_NUMBERS, "EchoNumbers"),
    (tags::ECHO_TIME, "EchoTime"),
    (tags::TRIGGER_TIME, "TriggerTime"),
    (tags::IMAGE_TYPE, "ImageType"),
    (tags::ACQUISITION_NUMBER, "AcquisitionNumber"),
];

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// PatientID; TCIA writes the case there, like `Prostate3T-01-0001`.
    pub patient: Option<String>,
    /// SeriesInstanceUID; empty where it is missing.
    pub series: String,
    /// SeriesDescription.
    pub description: Option<String>,
    /// InstanceNumber.
    pub instance: Option<i64>,
    /// Columns and rows; 0 where they are missing.
    pub size: [usize; 2],
    /// Distance of columns and of rows, mm.
    pub spacing: Option<[f64; 2]>,
    /// Number of frames, at least 1.
    pub frames: usize,
    /// Where each frame lies; as many as there are frames.
    pub places: Vec<Place>,
    /// UID of the transfer syntax.
    pub syntax: String,
    /// Values that distinguish images of one slice, with their names: b-value, time point, echo.
    pub kinds: Vec<(&'static str, String)>,
}

/// Where a frame lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// ImagePositionPatient: the centre of the first pixel, mm, left-posterior-superior.
    pub position: Option<[f64; 3]>,
    /// ImageOrientationPatient: unit vectors along a row and down a column.
    pub orientation: Option<[[f64; 3]; 2]>,
}

impl Header {
    pub(super) fn of(attributes: Attributes, syntax: String) -> Result<Self, DicomError> {
        let side = |tag| attributes.whole(tag).and_then(|v| usize::try_from(v).ok()).unwrap_or(0);
        let frames = match attributes.text(tags::NUMBER_OF_FRAMES) {
            None => 1,
            Some(value) => value
                .parse()
                .ok()
                .filter(|frames| (1..=MAX_FRAMES).contains(frames))
                .ok_or(DicomError::Value { name: "NumberOfFrames", value })?,
        };
        let spacing = functional(attributes, 0, tags::PIXEL_MEASURES_SEQUENCE)
            .map(|item| item.numbers(tags::PIXEL_SPACING))
            .filter(|numbers| !numbers.is_empty())
            .unwrap_or_else(|| attributes.numbers(tags::PIXEL_SPACING));
        // Rows come first there.
        let spacing = <[f64; 2]>::try_from(spacing).ok().map(|[rows, columns]| [columns, rows]);
        let kinds = KINDS.iter().filter_map(|(tag, name)| Some((*name, attributes.text(*tag)?)));
        Ok(Self {
            patient: attributes.text(tags::PATIENT_ID),
            series: attributes.text(tags::SERIES_INSTANCE_UID).unwrap_or_default(),
            description: attributes.text(tags::SERIES_DESCRIPTION),
            instance: attributes.whole(tags::INSTANCE_NUMBER),
            size: [side(tags::COLUMNS), side(tags::ROWS)],
            spacing: spacing.filter(|spacing| spacing.iter().all(|v| *v > 0.0)),
            frames,
            places: places(attributes, frames),
            syntax,
            kinds: kinds.collect(),
        })
    }
}

/// The item of a functional group for a frame: its own, or the one that all frames share.
pub(super) fn functional(attributes: Attributes, frame: usize, group: Tag) -> Option<Attributes> {
    let own = attributes.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).nth(frame).and_then(|item| item.item(group));
    own.or_else(|| attributes.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE).and_then(|item| item.item(group)))
}

fn places(attributes: Attributes, frames: usize) -> Vec<Place> {
    let own = attributes.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).count().min(frames);
    // Frames without an item of their own lie where the file says it for all.
    let rest = place(attributes, own);
    (0..own).map(|frame| place(attributes, frame)).chain((own..frames).map(|_| rest)).collect()
}

/// Where a frame lies. What stands outside of the functional groups holds for a single frame only,
/// the orientation for all.
fn place(attributes: Attributes, frame: usize) -> Place {
    let whole = attributes.numbers(tags::IMAGE_POSITION_PATIENT);
    let single = attributes.whole(tags::NUMBER_OF_FRAMES).unwrap_or(1) == 1;
    let position = functional(attributes, frame, tags::PLANE_POSITION_SEQUENCE)
        .map(|item| item.numbers(tags::IMAGE_POSITION_PATIENT))
        .or(single.then_some(whole));
    let orientation = functional(attributes, frame, tags::PLANE_ORIENTATION_SEQUENCE)
        .map(|item| item.numbers(tags::IMAGE_ORIENTATION_PATIENT))
        .unwrap_or_else(|| attributes.numbers(tags::IMAGE_ORIENTATION_PATIENT));
    let orientation = <[f64; 6]>::try_from(orientation).ok().map(|[a, b, c, d, e, f]| [[a, b, c], [d, e, f]]);
    Place { position: position.and_then(|p| p.try_into().ok()), orientation: orientation.filter(upright) }
}

/// Whether two vectors are of unit length and at a right angle, but for rounding.
fn upright([row, column]: &[[f64; 3]; 2]) -> bool {
    use crate::geometry::{dot, norm};
    (norm(*row) - 1.0).abs() < 0.01 && (norm(*column) - 1.0).abs() < 0.01 && dot(*row, *column).abs() < 0.01
}
