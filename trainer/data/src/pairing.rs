//! Masks that are not named like their images: `a_mask.png` for `a.jpg`, `a.png` for nnU-Net's `a_0000.png`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fovea_shared::mask_names::SUFFIXES as OF_MASKS;

use super::MaskFile;
use super::defect::{Defect, DefectKind};
use super::files::file_name;

/// What tools append to the names of images, in lower case. nnU-Net numbers the channels of an
/// image, `_0000` being the first.
const OF_IMAGES: [&str; 4] = ["_0000", "_image", "_img", "-image"];

/// nnU-Net's second channel: with one of these, the first is not the whole image.
const SECOND_CHANNEL: &str = "_0001";

/// Gives every mask the id of its image, as far as that is clear, and says by which names.
pub(super) fn pair(
    images: &BTreeMap<String, PathBuf>,
    masks: BTreeMap<String, MaskFile>,
    defects: &mut Vec<Defect>,
) -> BTreeMap<String, MaskFile> {
    let (mut paired, others): (BTreeMap<String, MaskFile>, BTreeMap<String, MaskFile>) =
        masks.into_iter().partition(|(id, _)| images.contains_key(id));
    let mut stems: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for id in images.keys().filter(|id| !paired.contains_key(*id)) {
        stems.entry(stem(id, &OF_IMAGES).0.to_owned()).or_default().push(id);
    }
    let mut claims: BTreeMap<&String, Vec<(String, MaskFile)>> = BTreeMap::new();
    let mut unpaired = Vec::new();
    for (id, mask) in others {
        let found = stems.get(stem(&id, &OF_MASKS).0).or_else(|| stems.get(&id));
        match found.map(Vec::as_slice) {
            Some([image]) if !images.contains_key(&format!("{}{SECOND_CHANNEL}", stem(image, &OF_IMAGES).0)) => {
                claims.entry(image).or_default().push((id, mask));
            }
            _ => unpaired.push((id, mask)),
        }
    }
    let mut said: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (image, claim) in claims {
        match <[_; 1]>::try_from(claim) {
            Ok([(id, mask)]) => {
                let names = [(image.as_str(), &OF_IMAGES[..]), (id.as_str(), &OF_MASKS)];
                let [of_image, of_mask] = names.map(|(name, suffixes)| stem(name, suffixes).1.to_owned());
                *said.entry((of_image, of_mask)).or_default() += 1;
                paired.insert(image.clone(), mask);
            }
            Err(several) => {
                let names: Vec<String> = several.iter().map(|(_, mask)| file_name(mask.path())).collect();
                let message = format!("{} all look like its mask; remove or rename all but one", names.join(", "));
                defects.push(Defect::error(DefectKind::DuplicateId, image.clone(), message));
                unpaired.extend(several);
            }
        }
    }
    for ((of_image, of_mask), count) in said {
        let message = format!("{count} masks are named <id>{of_mask} and taken for the images <id>{of_image}");
        defects.push(Defect::warning(DefectKind::MaskNames, "masks", message));
    }
    for id in images.keys() {
        let (of, suffix) = stem(id, &OF_MASKS);
        if !suffix.is_empty() && images.contains_key(of) {
            let message = format!("looks like the mask of `{of}` and is among the images: move it to masks/");
            defects.push(Defect::warning(DefectKind::ForeignFile, id.clone(), message));
        }
    }
    paired.extend(unpaired);
    paired
}

/// A name without a suffix, and the suffix, as it is written.
fn stem<'a>(name: &'a str, suffixes: &[&str]) -> (&'a str, &'a str) {
    let ends = |suffix: &&&str| {
        let at = name.len().checked_sub(suffix.len()).filter(|at| *at > 0 && name.is_char_boundary(*at));
        at.is_some_and(|at| name[at..].eq_ignore_ascii_case(suffix))
    };
    let length = suffixes.iter().find(ends).map_or(0, |suffix| suffix.len());
    name.split_at(name.len() - length)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn paired(images: &[&str], masks: &[&str]) -> (Vec<(String, String)>, Vec<String>) {
        let images = images.iter().map(|id| ((*id).to_owned(), PathBuf::from(format!("images/{id}.png")))).collect();
        let file = |id: &str| MaskFile::Picture(format!("masks/{id}.png").into());
        let masks = masks.iter().map(|id| ((*id).to_owned(), file(id))).collect();
        let mut defects = Vec::new();
        let found = pair(&images, masks, &mut defects).into_iter();
        let found = found.filter(|(id, _)| images.contains_key(id)).map(|(id, mask)| (id, file_name(mask.path())));
        (found.collect(), defects.into_iter().map(|defect| defect.message).collect())
    }

    #[test]
    fn suffixes_are_found_and_said() {
        for suffix in ["_mask", "-mask", "_segmentation", "_Segmentation", "_GT", "_gt", "_label", "_seg", "_Mask"] {
            let (found, said) = paired(&["a", "b_1"], &[&format!("a{suffix}"), &format!("b_1{suffix}")]);
            assert_eq!(found, [("a".into(), format!("a{suffix}.png")), ("b_1".into(), format!("b_1{suffix}.png"))]);
            assert_eq!(said, [format!("2 masks are named <id>{suffix} and taken for the images <id>")]);
        }
        let (found, said) = paired(&["a_0000", "b_0000"], &["a", "b"]);
        assert_eq!(found.len(), 2);
        assert_eq!(said, ["2 masks are named <id> and taken for the images <id>_0000"]);
        assert_eq!(paired(&["a_img"], &["a_mask"]).0.len(), 1);
        // Names that fit as they are stay as they are.
        assert_eq!(paired(&["a_mask", "b"], &["a_mask", "b"]).1, Vec::<String>::new());
    }

    #[test]
    fn what_is_not_clear_is_left_alone() {
        assert_eq!(paired(&["a"], &["b_mask", "_mask", "a_mask_1"]), (vec![], vec![]));
        assert_eq!(paired(&["a_0000", "a_0001"], &["a"]).0, [], "two channels");
        let (found, said) = paired(&["a"], &["a_mask", "a_gt"]);
        assert!(found.is_empty() && said[0].contains("a_gt.png, a_mask.png all look like its mask"), "{said:?}");
        assert_eq!(paired(&["a"], &["a", "a_mask"]).0, [("a".into(), "a.png".into())]);
        assert!(paired(&["a", "a_mask"], &[]).1[0].contains("looks like the mask of `a`"));
    }
}
