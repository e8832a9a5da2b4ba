//! Looks for everything that is wrong with a data set, images and masks decoded.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fovea_shared::description::Modality;
use serde::Serialize;

use super::check_case::{Looked, check_case};
use super::check_gaze_images::{check_sizes, check_strangers};
use super::check_lists::{check_empty, check_truths};
use super::defect::{Defect, DefectKind, Severity};
use super::error::{Result, told};
use super::layout::Layout;
use super::scan::{Scan, scan};
use super::splits::{List, Lists, Role, leaks, list_files, names};
use super::text_form::unusual;
use super::verdict::{Uses, uses};
use super::{Case, Dataset, GazeOrigin, MaskFile, nci_isbi, parallel};

/// What was found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The data set's name.
    pub name: String,
    /// Its layout.
    pub layout: Layout,
    /// What its images show, as in descriptions; `None` where nobody has said it.
    pub modality: Option<&'static str>,
    /// Number of images.
    pub images: usize,
    /// Number of images with a mask.
    pub masks: usize,
    /// Number of images with gaze.
    pub gaze: usize,
    /// Where the gaze comes from.
    pub gaze_origin: Option<GazeOrigin>,
    /// Names of the splits.
    pub splits: Vec<String>,
    /// What can be done with the data, split by split; one entry without a name where there is no split.
    pub uses: Vec<Uses>,
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
/// A folder that is not a data set at all. Everything else is in the report.
pub fn check(found: Scan, done: impl Fn() + Sync) -> Result<Report> {
    let data = &found.dataset;
    let lists = read_lists(data)?;
    let mut defects = found.defects.clone();
    for (_, problems) in lists.values() {
        defects.extend_from_slice(problems);
    }
    let mut hashes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let look = |case: &Case| {
        let mask = case.mask.as_ref().map(|mask| mask_name(data, mask));
        check_case(case, relative(data, &case.image), mask)
    };
    let mut truths = Vec::with_capacity(data.cases.len());
    for (case, looked) in data.cases.iter().zip(parallel::map(&data.cases, look, done)) {
        let Looked { hash, truth, defects: found } = looked;
        defects.extend(found);
        truths.push(truth);
        if let Some(hash) = hash {
            hashes.entry(hash).or_default().push(&case.id);
        }
    }
    check_pairs(&found, &lists, &mut defects);
    for (name, (lists, _)) in &lists {
        check_split(data, name, lists, &mut defects);
        check_truths(data, name, lists, &truths, &mut defects);
    }
    check_same_content(&hashes, &lists, &mut defects);
    defects.sort_by(|a, b| (a.severity, a.kind, &a.subject).cmp(&(b.severity, b.kind, &b.subject)));
    let errors = defects.iter().filter(|d| d.severity == Severity::Error).count();
    let mut can: Vec<Uses> =
        lists.iter().map(|(name, (lists, _))| uses(data, Some((name, lists)), &truths, &defects)).collect();
    if can.is_empty() {
        can.push(uses(data, None, &truths, &defects));
    }
    Ok(Report {
        name: data.name.clone(),
        layout: data.layout,
        modality: data.modality.map(Modality::name),
        images: data.cases.len(),
        masks: data.cases.iter().filter(|c| c.mask.is_some()).count(),
        gaze: data.cases.iter().filter(|c| c.gaze.is_some()).count(),
        gaze_origin: Dataset::gaze_origin(&data.cases),
        splits: lists.into_keys().collect(),
        uses: can,
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
    let mut splits = Splits::new();
    if !data.split_folder.is_dir() {
        return Ok(splits);
    }
    for (name, files) in list_files(&data.split_folder)? {
        let (mut lists, mut problems) = (Lists::new(), Vec::new());
        if !files.contains_key(&Role::Train) {
            let message = format!("there is no training list ({name}-train.txt), so `--split {name}` cannot be used");
            problems.push(Defect::warning(DefectKind::SplitList, format!("split {name}"), message));
        }
        for (role, path) in files {
            match List::read(&path) {
                Ok(list) => {
                    problems.extend(check_empty(&name, role, &list, relative(data, &path)));
                    lists.insert(role, list);
                }
                Err(e) => problems.push(Defect::error(DefectKind::SplitList, relative(data, &path), told(&e))),
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

/// A mask as seen from the data set's folder.
pub(super) fn mask_name(data: &Dataset, mask: &MaskFile) -> String {
    match mask {
        MaskFile::Picture(path) => relative(data, path),
        MaskFile::Label { path, slice, .. } => format!("{}, slice {}", relative(data, path), slice + 1),
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
        let subject = relative(&found.dataset, &case.image);
        if reported.contains(&&case.id) {
            let message = "has no mask and is in a list for test or validation, so it cannot be scored";
            defects.push(Defect::error(DefectKind::MissingMask, subject, message));
        } else {
            defects.push(Defect::warning(DefectKind::MissingMask, subject, "has no mask: good for training only"));
        }
    }
    for mask in &found.masks_without_image {
        let subject = mask_name(&found.dataset, mask);
        defects.push(Defect::warning(DefectKind::MaskWithoutImage, subject, "there is no image with this id"));
    }
    if cases.iter().all(|c| c.gaze.is_none()) {
        let message =
            "no image has gaze (gaze/*.csv): nothing to train from. `fovea data gaze` simulates some from the masks";
        defects.push(Defect::warning(DefectKind::MissingGaze, "gaze", message));
    } else {
        for case in cases.iter().filter(|c| c.gaze.is_none()) {
            let subject = relative(&found.dataset, &case.image);
            defects.push(Defect::warning(DefectKind::MissingGaze, subject, "has no gaze: cannot be trained on"));
        }
    }
    defects.extend(check_strangers(found));
    defects.extend(check_sizes(found));
}

fn check_split(data: &Dataset, name: &str, lists: &Lists, defects: &mut Vec<Defect>) {
    for list in lists.values() {
        let file = relative(data, &list.path);
        defects.extend(unusual(&list.path, &file));
        for stranger in list.unknown(data) {
            let subject = format!("{file}:{}", stranger.line);
            defects.push(Defect::error(DefectKind::SplitUnknownId, subject, stranger.to_string()));
        }
        for (line, id) in list.repeated() {
            let message = format!("`{id}` stands in {} already: remove this line", list.place(id, &data.root));
            defects.push(Defect::error(DefectKind::SplitTwice, format!("{file}:{line}"), message));
        }
    }
    for (a, b, ids) in leaks(lists) {
        for id in ids {
            let place = |role| lists.get(&role).map_or_else(String::new, |list: &List| list.place(id, &data.root));
            let message = format!(
                "`{id}` is in the {} list ({}) and in the {} list ({})",
                a.word(),
                place(a),
                b.word(),
                place(b)
            );
            defects.push(Defect::error(DefectKind::SplitLeak, format!("split {name}"), message));
        }
    }
    if data.layout == Layout::NciIsbi {
        check_patients(name, lists, defects);
    }
}

/// Slices of one patient are alike, so that a patient in two lists is a leak too.
fn check_patients(name: &str, lists: &Lists, defects: &mut Vec<Defect>) {
    let patients = |list: &List| -> BTreeSet<String> {
        list.entries.iter().filter_map(|(_, id)| Some(nci_isbi::split_id(id)?.0.to_owned())).collect()
    };
    let all: Vec<(Role, BTreeSet<String>)> = lists.iter().map(|(role, list)| (*role, patients(list))).collect();
    for (i, (a, first)) in all.iter().enumerate() {
        for (b, second) in &all[i + 1..] {
            for patient in first.intersection(second) {
                let message =
                    format!("slices of `{patient}` are in the {} list and in the {} list", a.word(), b.word());
                defects.push(Defect::error(DefectKind::SplitLeak, format!("split {name}"), message));
            }
        }
    }
}

/// Images that are the same: a warning, and an error where they stand in two lists of one split.
fn check_same_content(hashes: &BTreeMap<String, Vec<&str>>, splits: &Splits, defects: &mut Vec<Defect>) {
    for ids in hashes.values().filter(|ids| ids.len() > 1) {
        let all = names(ids.iter());
        let message = format!("{all}: the pictures are the same, pixel for pixel");
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
    use std::fs;

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
    fn the_same_picture_in_another_format_is_found() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b"]);
        image::open(folder.path().join("images/a.png")).unwrap().save(folder.path().join("images/b.webp")).unwrap();
        fs::remove_file(folder.path().join("images/b.png")).unwrap();
        let report = check_folder(folder.path()).unwrap();
        assert_eq!((report.errors, report.warnings), (0, 1), "{:?}", report.defects);
        assert_eq!(report.defects[0].kind, DefectKind::DuplicateContent);
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
}
