//! Looks for everything that is wrong with a data set, images and masks decoded.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::Result;
use fovea_shared::image::{RgbImage, decode};
use serde::Serialize;

use super::defect::{Defect, DefectKind, Severity};
use super::hash::sha256;
use super::kvasir::{Scan, scan};
use super::splits::{List, Lists, Role, leaks, list_files, names};
use super::{Case, Dataset, grey, parallel};

/// Levels of a mask that are neither clearly outside nor clearly inside.
const GREY: std::ops::RangeInclusive<u8> = 30..=225;

/// The largest accepted share of grey pixels. The JPEG masks of Kvasir-SEG stay below it: their grey is a thin line of
/// compression noise along the outline.
const MAX_GREY_SHARE: f64 = 0.03;

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The data set's name.
    pub name: String,
    /// Number of images.
    pub images: usize,
    /// Number of images with a mask.
    pub masks: usize,
    /// Number of images with gaze.
    pub gaze: usize,
    /// Names of the splits.
    pub splits: Vec<String>,
    /// Number of defects that are errors.
    pub errors: usize,
    /// Number of defects that are warnings.
    pub warnings: usize,
    /// The defects: errors first, then by sort and subject.
    pub defects: Vec<Defect>,
}

/// Checks a folder. `done` is called after every case, from any thread.
///
/// # Errors
/// A folder that is no data set at all. Everything else is in the report.
pub fn check(found: Scan, done: impl Fn() + Sync) -> Result<Report> {
    let data = &found.dataset;
    let lists = read_lists(data)?;
    let mut defects = found.defects.clone();
    for (_, problems) in lists.values() {
        defects.extend_from_slice(problems);
    }
    let mut hashes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let contents = parallel::map(&data.cases, check_case, done);
    for (case, (hash, problems)) in data.cases.iter().zip(contents) {
        defects.extend(problems);
        if let Some(hash) = hash {
            hashes.entry(hash).or_default().push(&case.id);
        }
    }
    check_pairs(&found, &lists, &mut defects);
    for (name, (lists, _)) in &lists {
        check_split(data, name, lists, &mut defects);
    }
    check_same_content(&hashes, &lists, &mut defects);
    defects.sort_by(|a, b| (a.severity, a.kind, &a.subject).cmp(&(b.severity, b.kind, &b.subject)));
    let errors = defects.iter().filter(|d| d.severity == Severity::Error).count();
    Ok(Report {
        name: data.name.clone(),
        images: data.cases.len(),
        masks: data.cases.iter().filter(|c| c.mask.is_some()).count(),
        gaze: data.cases.iter().filter(|c| c.gaze.is_some()).count(),
        splits: lists.into_keys().collect(),
        errors,
        warnings: defects.len() - errors,
        defects,
    })
}

/// Opens a folder and checks it; see [`check`].
///
/// # Errors
/// As [`scan`] and [`check`].
pub fn check_folder(root: &Path) -> Result<Report> {
    check(scan(root)?, || ())
}

/// The lists of every split by its name, each with what is wrong with the files.
type Splits = BTreeMap<String, (Lists, Vec<Defect>)>;

fn read_lists(data: &Dataset) -> Result<Splits> {
    let folder = data.root.join("splits");
    let mut splits = Splits::new();
    if !folder.is_dir() {
        return Ok(splits);
    }
    for (name, files) in list_files(&folder)? {
        let (mut lists, mut problems) = (Lists::new(), Vec::new());
        if !files.contains_key(&Role::Train) {
            let message = format!("there is no training list ({name}-train.txt), so `--split {name}` cannot be used");
            problems.push(Defect::warning(DefectKind::SplitList, format!("split {name}"), message));
        }
        for (role, path) in files {
            match List::read(&path) {
                Ok(list) => _ = lists.insert(role, list),
                Err(e) => problems.push(Defect::error(DefectKind::SplitList, relative(data, &path), format!("{e:#}"))),
            }
        }
        splits.insert(name, (lists, problems));
    }
    Ok(splits)
}

/// A path as seen from the data set's folder.
fn relative(data: &Dataset, path: &Path) -> String {
    path.strip_prefix(&data.root).unwrap_or(path).display().to_string()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Decodes a case's image and mask. Returns the hash of the image file, where it could be read.
fn check_case(case: &Case) -> (Option<String>, Vec<Defect>) {
    let mut defects = Vec::new();
    let subject = format!("images/{}", file_name(&case.image));
    let bytes = match fs::read(&case.image) {
        Ok(bytes) => bytes,
        Err(e) => {
            defects.push(Defect::error(DefectKind::UnreadableImage, subject, format!("cannot be read: {e}")));
            return (None, defects);
        }
    };
    let image = decode(&bytes).map_err(|e| e.to_string());
    if let Err(e) = &image {
        defects.push(Defect::error(DefectKind::UnreadableImage, subject, e));
    }
    if let Some(path) = &case.mask {
        let subject = format!("masks/{}", file_name(path));
        let mask = fs::read(path).map_err(|e| format!("cannot be read: {e}"));
        match mask.and_then(|bytes| decode(&bytes).map_err(|e| e.to_string())) {
            Ok(mask) => check_mask(subject, &mask, image.as_ref().ok(), &mut defects),
            Err(e) => defects.push(Defect::error(DefectKind::UnreadableMask, subject, e)),
        }
    }
    (Some(sha256(&bytes)), defects)
}

fn check_mask(subject: String, mask: &RgbImage, image: Option<&RgbImage>, defects: &mut Vec<Defect>) {
    if let Some(image) = image.filter(|i| i.dimensions() != mask.dimensions()) {
        let ((mask_w, mask_h), (image_w, image_h)) = (mask.dimensions(), image.dimensions());
        let message = format!("is {mask_w}x{mask_h} pixels, its image {image_w}x{image_h}");
        defects.push(Defect::error(DefectKind::SizeMismatch, subject.clone(), message));
    }
    let total = f64::from(mask.width()) * f64::from(mask.height());
    let (mut between, mut inside, mut brightest) = (0u32, 0u32, 0);
    for level in grey(mask) {
        between += u32::from(GREY.contains(&level));
        inside += u32::from(level > super::MASK_THRESHOLD);
        brightest = brightest.max(level);
    }
    let share = f64::from(between) / total;
    if share > MAX_GREY_SHARE {
        let message = format!("{:.1} % of its pixels are between 30 and 225: a mask is black and white", 100.0 * share);
        defects.push(Defect::warning(DefectKind::MaskNotBinary, subject.clone(), message));
    }
    if inside == 0 {
        let message = if brightest == 0 {
            "no pixel is inside".to_owned()
        } else {
            format!(
                "no pixel is above 127, the brightest is {brightest}: masks must hold 0 and 255, not 0 and {brightest}"
            )
        };
        defects.push(Defect::warning(DefectKind::UniformMask, subject, message));
    } else if f64::from(inside) == total {
        defects.push(Defect::warning(DefectKind::UniformMask, subject, "every pixel is inside"));
    }
}

/// Images, masks and gaze that lack their counterpart.
fn check_pairs(found: &Scan, lists: &Splits, defects: &mut Vec<Defect>) {
    let reported: Vec<&String> = lists
        .values()
        .flat_map(|(lists, _)| [Role::Test, Role::Validation].into_iter().filter_map(|r| lists.get(&r)))
        .flat_map(|list| list.entries.iter().map(|(_, id)| id))
        .collect();
    let cases = &found.dataset.cases;
    if !found.has_masks {
        let message = "there is no such folder: training works, evaluation does not";
        defects.push(Defect::warning(DefectKind::MissingMask, "masks", message));
    }
    for case in cases.iter().filter(|c| c.mask.is_none() && found.has_masks) {
        let subject = format!("images/{}", file_name(&case.image));
        if reported.contains(&&case.id) {
            let message = "has no mask and is in a list for test or validation, so it cannot be scored";
            defects.push(Defect::error(DefectKind::MissingMask, subject, message));
        } else {
            defects.push(Defect::warning(DefectKind::MissingMask, subject, "has no mask: good for training only"));
        }
    }
    for path in &found.masks_without_image {
        let subject = format!("masks/{}", file_name(path));
        defects.push(Defect::warning(DefectKind::MaskWithoutImage, subject, "there is no image with this id"));
    }
    if cases.iter().all(|c| c.gaze.is_none()) {
        let message = "no image has gaze (gaze/*.csv): nothing to train from";
        defects.push(Defect::warning(DefectKind::MissingGaze, "gaze", message));
    } else {
        for case in cases.iter().filter(|c| c.gaze.is_none()) {
            let subject = format!("images/{}", file_name(&case.image));
            defects.push(Defect::warning(DefectKind::MissingGaze, subject, "has no gaze: cannot be trained on"));
        }
    }
    for id in &found.gaze_without_image {
        defects.push(Defect::warning(DefectKind::GazeWithoutImage, id.clone(), "has gaze and no image"));
    }
}

fn check_split(data: &Dataset, name: &str, lists: &Lists, defects: &mut Vec<Defect>) {
    for list in lists.values() {
        let file = relative(data, &list.path);
        for (line, id) in list.unknown(data) {
            let message = format!("`{id}` is not in the data");
            defects.push(Defect::error(DefectKind::SplitUnknownId, format!("{file}:{line}"), message));
        }
        for (line, id) in list.repeated() {
            let message = format!("`{id}` stands further up already");
            defects.push(Defect::error(DefectKind::SplitTwice, format!("{file}:{line}"), message));
        }
    }
    for (a, b, ids) in leaks(lists) {
        for id in ids {
            let message = format!("`{id}` is in the {} list and in the {} list", a.word(), b.word());
            defects.push(Defect::error(DefectKind::SplitLeak, format!("split {name}"), message));
        }
    }
}

/// Images with the same bytes: a warning, and an error where they stand in two lists of one split.
fn check_same_content(hashes: &BTreeMap<String, Vec<&str>>, splits: &Splits, defects: &mut Vec<Defect>) {
    for ids in hashes.values().filter(|ids| ids.len() > 1) {
        let all = names(ids.iter());
        let message = format!("{all}: the image files are the same, byte for byte");
        defects.push(Defect::warning(DefectKind::DuplicateContent, ids[0], message));
        for (name, (lists, _)) in splits {
            let roles: Vec<&str> = lists
                .iter()
                .filter(|(_, list)| list.entries.iter().any(|(_, id)| ids.contains(&id.as_str())))
                .map(|(role, _)| role.word())
                .collect();
            if roles.len() > 1 {
                let message =
                    format!("the same image under several ids ({all}) is in the lists {}", roles.join(" and "));
                defects.push(Defect::error(DefectKind::SplitLeak, format!("split {name}"), message));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture;
    use super::*;

    #[test]
    fn a_sound_folder_has_no_defect() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b", "c"]);
        fs::write(folder.path().join("splits/x-train.txt"), "a\nb\n").unwrap();
        fs::write(folder.path().join("splits/x-test.txt"), "c\n").unwrap();
        let report = check_folder(folder.path()).unwrap();
        assert_eq!(report.defects, []);
        assert_eq!((report.images, report.masks, report.gaze, report.splits), (3, 3, 3, vec!["x".to_owned()]));
    }

    #[test]
    fn the_same_image_in_two_lists_is_a_leak() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b", "c"]);
        fs::copy(folder.path().join("images/a.png"), folder.path().join("images/c.png")).unwrap();
        fs::write(folder.path().join("splits/x-train.txt"), "a\nb\n").unwrap();
        fs::write(folder.path().join("splits/x-test.txt"), "c\n").unwrap();
        let report = check_folder(folder.path()).unwrap();
        assert_eq!((report.errors, report.warnings), (1, 1));
        assert_eq!(report.defects[0].kind, DefectKind::SplitLeak);
        assert!(report.defects[0].message.contains("train and test"), "{:?}", report.defects);
    }

    #[test]
    fn masks_of_zero_and_one_are_explained() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a"]);
        image::GrayImage::from_fn(24, 16, |x, _| image::Luma([u8::from(x > 9)]))
            .save(folder.path().join("masks/a.png"))
            .unwrap();
        let report = check_folder(folder.path()).unwrap();
        assert_eq!((report.errors, report.warnings), (0, 1));
        assert!(report.defects[0].message.contains("0 and 255, not 0 and 1"), "{:?}", report.defects);
    }
}
