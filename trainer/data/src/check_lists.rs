//! Split lists that nothing can be done with: without an id, or of true masks that tell nothing.

use std::fs;

use super::Dataset;
use super::defect::{Defect, DefectKind};
use super::splits::{List, Lists, Role};
use super::truth::{Degenerate, Truth};
use super::verdict::nothing_to_train_on;

/// A list without an id: for training an error, unless a comment in it shows that this is meant.
pub(super) fn check_empty(name: &str, role: Role, list: &List, file: String) -> Option<Defect> {
    let meant = || fs::read(&list.path).is_ok_and(|bytes| bytes.contains(&b'#'));
    match role {
        _ if !list.entries.is_empty() => None,
        Role::Validation | Role::Test if meant() => None,
        Role::Train if !meant() => Some(Defect::error(DefectKind::EmptyList, file, nothing_to_train_on(name))),
        _ => Some(Defect::warning(DefectKind::EmptyList, file, "holds no id")),
    }
}

/// Lists whose true masks are all empty or full.
pub(super) fn check_truths(data: &Dataset, name: &str, lists: &Lists, truths: &[Truth], defects: &mut Vec<Defect>) {
    // Where no list is left for validation, it is drawn from the training list.
    let drawn = !lists.contains_key(&Role::Validation) || !lists.contains_key(&Role::Test);
    for (role, list) in lists.iter().filter(|(role, _)| **role != Role::Train || drawn) {
        let of_list = list.entries.iter().filter_map(|(_, id)| data.place(id).map(|place| truths[place]));
        let named = if *role == Role::Test { "test" } else { "validation" };
        if let Some(found) = Degenerate::of(named, of_list) {
            defects.push(Defect::error(DefectKind::DegenerateTruth, format!("split {name}"), found.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::check::{Report, check_folder};
    use super::super::fixture;
    use super::*;

    /// Four images, of which some have an empty mask, and a split of these lists.
    fn with(lists: &[(&str, &str)], empty: &[&str]) -> Report {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b", "c", "d"]);
        for (role, text) in lists {
            fs::write(folder.path().join(format!("splits/x-{role}.txt")), text).unwrap();
        }
        for id in empty {
            image::GrayImage::new(24, 16).save(folder.path().join(format!("masks/{id}.png"))).unwrap();
        }
        check_folder(folder.path()).unwrap()
    }

    fn can(report: &Report) -> [bool; 3] {
        let uses = &report.uses[0];
        [&uses.train, &uses.validate, &uses.evaluate].map(|one| one.possible)
    }

    #[test]
    fn an_empty_training_list_is_an_error_unless_it_is_meant() {
        let report = with(&[("train", " \n\n"), ("test", "a\n")], &[]);
        assert_eq!((report.errors, report.defects[0].kind), (1, DefectKind::EmptyList), "{:?}", report.defects);
        assert!(report.defects[0].subject == "splits/x-train.txt" && report.defects[0].message.contains("# none"));
        assert_eq!(can(&report), [false, false, true]);
        let meant = with(&[("train", "# none\n"), ("test", "a\n")], &[]);
        assert_eq!((meant.errors, meant.warnings, can(&meant)), (0, 1, [false, false, true]));
    }

    #[test]
    fn lists_without_any_lesion_are_errors_and_single_images_are_not() {
        let lists = [("train", "a\nb\n"), ("val", "c\n"), ("test", "d\n")];
        assert_eq!(can(&with(&lists, &[])), [true; 3]);
        let report = with(&lists, &["c"]);
        assert_eq!((report.errors, report.defects[0].kind), (1, DefectKind::DegenerateTruth), "{:?}", report.defects);
        assert_eq!(can(&report), [true, false, true]);
        assert_eq!(can(&with(&lists, &["d"])), [true, true, false]);
        // Weights are chosen on the validation list, so the masks of training images do not matter.
        assert_eq!((with(&lists, &["a", "b"]).errors, can(&with(&lists, &["a", "b"]))), (0, [true; 3]));
        // Without one, validation images are drawn from those that train.
        let drawn = with(&[("train", "a\nb\n"), ("test", "c\nd\n")], &["a", "b", "d"]);
        assert_eq!((drawn.errors, can(&drawn)), (1, [true, false, true]));
        let words = drawn.uses[0].evaluate.words();
        assert!(words.contains("1 images without a lesion are counted apart"), "{words}");
    }

    #[test]
    fn what_is_wrong_with_one_split_does_not_stop_another() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a", "b", "c"]);
        for (file, text) in [
            ("x-train", "a\nb\n"),
            ("x-test", "c\n"),
            ("y-train", "a\nstranger\n"),
            ("y-test", "c\n"),
            ("train", "c\nc\n"),
        ] {
            fs::write(folder.path().join(format!("splits/{file}.txt")), text).unwrap();
        }
        let report = check_folder(folder.path()).unwrap();
        let trains = report.uses.iter().map(|uses| (uses.split.as_deref().unwrap(), uses.train.possible));
        assert_eq!(trains.collect::<Vec<_>>(), [("default", false), ("x", true), ("y", false)]);
        let because = report.uses[2].train.words();
        assert!(because.contains("splits/y-train.txt:2") && because.contains("`stranger`"), "{because}");
    }
}
