//! Which of the files that came are masks, and of which picture.

use std::collections::BTreeMap;

use fovea_shared::mask_names::SUFFIXES as OF_MASKS;

use super::names::{file_name, stem};

/// Folders in which masks lie.
const FOLDERS: [&str; 8] = ["masks", "mask", "labels", "label", "segmentations", "segmentation", "groundtruth", "gt"];

/// What files are; numbers are places in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paired {
    /// Pictures.
    pub pictures: Vec<usize>,
    /// Masks, each with the stem of its picture's file name, in lower case.
    pub masks: Vec<(usize, String)>,
    /// Masks by their folder without a picture of their name.
    pub alone: Vec<usize>,
    /// Several masks of one picture.
    pub several: Vec<usize>,
}

/// Sorts files by their paths. `known`: names of pictures that are there already. A file that is
/// named like a mask and has no picture is a picture itself, unless it lies in a folder of masks.
pub fn pair(paths: &[&str], known: &[&str]) -> Paired {
    let mut stems: Vec<String> = known.iter().map(|name| stem(name).to_lowercase()).collect();
    let in_folder = |path: &str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| file_name(folder));
        FOLDERS.iter().any(|name| folder.eq_ignore_ascii_case(name))
    };
    stems.extend(paths.iter().filter(|path| !in_folder(path)).map(|path| stem(path).to_lowercase()));
    let mut found = Paired::default();
    let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, path) in paths.iter().enumerate() {
        let name = stem(path).to_lowercase();
        let bare = OF_MASKS.iter().find_map(|suffix| name.strip_suffix(suffix)).filter(|bare| !bare.is_empty());
        let own = bare.map(str::to_owned).filter(|bare| stems.contains(bare));
        match (own, in_folder(path)) {
            (Some(of), _) => claims.entry(of).or_default().push(place),
            (None, true) if stems.contains(&name) => claims.entry(name).or_default().push(place),
            (None, true) => found.alone.push(place),
            (None, false) => found.pictures.push(place),
        }
    }
    for (of, places) in claims {
        match places[..] {
            [place] => found.masks.push((place, of)),
            _ => found.several.extend(places),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_are_found_by_their_names_or_their_folder() {
        let found = pair(&["a.jpg", "a_mask.png", "B.JPG", "b_Segmentation.png", "c.png", "c-gt.png"], &[]);
        assert_eq!(found.pictures, [0, 2, 4]);
        assert_eq!(found.masks, [(1, "a".into()), (3, "b".into()), (5, "c".into())]);
        let found = pair(&["set/images/a.jpg", "set/masks/a.png", "set/masks/z.png"], &[]);
        assert_eq!((found.pictures, found.masks, found.alone), (vec![0], vec![(1, "a".into())], vec![2]));
    }

    #[test]
    fn a_mask_may_follow_its_picture_later_and_one_without_a_picture_is_a_picture() {
        assert_eq!(pair(&["a_GT.png"], &["a.jpg"]).masks, [(0, "a".into())]);
        let found = pair(&["a_mask.png", "_mask.png"], &[]);
        assert_eq!((found.pictures, found.masks), (vec![0, 1], vec![]));
    }

    #[test]
    fn of_several_masks_of_one_picture_none_is_taken() {
        let found = pair(&["a.jpg", "a_mask.png", "a_gt.png"], &[]);
        assert_eq!((found.pictures, found.masks, found.several), (vec![0], vec![], vec![1, 2]));
    }
}
