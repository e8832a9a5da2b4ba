//! Looks through a data set's folder, whatever its layout.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::defect::{Defect, DefectKind, Severity};
use super::domain::UnknownDomain;
use super::error::{FolderError, Result, told};
use super::gaze::{Look, read_gaze};
use super::layout::Layout;
use super::layouts::{Found, list_folder, list_isic, list_nci_isbi, recognise};
use super::pairing::pair;
use super::roots::Roots;
use super::{Case, Dataset, GazeOrigin, MaskFile, info};

/// What a folder holds and what is wrong with it, as far as can be told without decoding an image.
#[derive(Debug)]
pub struct Scan {
    /// The cases.
    pub dataset: Dataset,
    /// What is wrong with names and gaze files.
    pub defects: Vec<Defect>,
    /// The ids that have gaze and no image.
    pub gaze_without_image: Vec<String>,
    /// Width and height in pixels that gaze files say of the images, by id.
    pub gaze_sizes: BTreeMap<String, [f32; 2]>,
    /// The masks that have no image.
    pub masks_without_image: Vec<MaskFile>,
    /// Whether there is any place for masks.
    pub has_masks: bool,
}

/// Looks through a folder. No image is opened, and no mask but the label volumes of NCI-ISBI, which
/// are asked one thing: which slices show prostate, because only those are cases.
///
/// # Errors
/// A folder that is not there, or that has no images and nothing that could be images. Everything
/// else becomes a [`Defect`].
pub fn scan(root: &Path) -> Result<Scan> {
    let mut defects = Vec::new();
    let roots = match Roots::open(root) {
        Ok(roots) => roots,
        Err(e) if root.is_dir() => {
            defects.push(Defect::error(DefectKind::Info, info::FILE, told(&e)));
            Roots::alone(root)
        }
        Err(e) => return Err(e),
    };
    let layout = match roots.say(|info| info.layout) {
        Some(layout) => layout,
        None => recognise(&roots)?,
    };
    let Found { images, masks, has_masks, looked_in } = match layout {
        Layout::KvasirSeg | Layout::Folder => list_folder(&roots, &mut defects)?,
        Layout::Isic => list_isic(&roots, &mut defects)?,
        Layout::NciIsbi => list_nci_isbi(&roots, &mut defects)?,
    };
    // Where something is wrong with what is there, that is the better answer.
    let broken = defects.iter().any(|d| d.severity == Severity::Error);
    if images.is_empty() && !broken {
        return Err(no_images(layout, &roots, looked_in).into());
    }
    let drawn = roots.say(|info| Some(info.drawn)).unwrap_or(false);
    let modality = roots.say(|info| info.modality).or(layout.modality());
    if modality.is_none() {
        defects.push(Defect::warning(DefectKind::Info, info::FILE, UnknownDomain::of_folder(root).to_string()));
    }
    let mut masks = pair(&images, masks, &mut defects);
    let mut gaze = read_gaze(&roots, &mut defects)?;
    let gaze_sizes = gaze.iter().filter_map(|(id, look)| Some((id.clone(), look.size?))).collect();
    let cases = images
        .into_iter()
        .map(|(id, image)| {
            let (gaze, origin) = gaze.remove(&id).map(|Look { scanpath, origin, .. }| (scanpath, origin)).unzip();
            Case { mask: masks.remove(&id), gaze, id, image, origin: origin.unwrap_or(GazeOrigin::Recorded), modality }
        })
        .collect();
    let dataset = Dataset {
        name: roots.say(|info| Some(info.name.clone())).unwrap_or_else(|| folder_name(root)),
        root: root.to_path_buf(),
        split_folder: roots.folder("splits").unwrap_or_else(|| root.join("splits")),
        cases,
        drawn,
        layout,
        modality,
    };
    Ok(Scan {
        dataset,
        defects,
        gaze_without_image: gaze.into_keys().collect(),
        gaze_sizes,
        masks_without_image: masks.into_values().collect(),
        has_masks,
    })
}

fn no_images(layout: Layout, roots: &Roots, looked_in: Vec<PathBuf>) -> FolderError {
    let own = roots.own().to_path_buf();
    match layout {
        _ if !looked_in.is_empty() => FolderError::NoImages(looked_in),
        Layout::NciIsbi => FolderError::NoSlices(own),
        _ => FolderError::NoImageFolder(own),
    }
}

/// The last part of a path, also of one like `.` or `data/..`.
fn folder_name(root: &Path) -> String {
    let full = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    full.file_name().map_or_else(|| "data".into(), |n| n.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::fixture;
    use super::*;
    use fovea_shared::description::Modality;
    use std::fs;

    #[test]
    fn says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        assert!(scan(&folder.path().join("no")).unwrap_err().to_string().contains("there is no folder"));
        assert!(scan(folder.path()).unwrap_err().to_string().contains("no folder `images`"));
        fs::create_dir(folder.path().join("images")).unwrap();
        assert!(scan(folder.path()).unwrap_err().to_string().contains("holds no .jpg"));
    }

    #[test]
    fn a_folder_may_say_what_it_shows_and_where_the_rest_lies() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        fixture::write(&source, &["a", "b"]);
        fs::write(source.join("splits/x-train.txt"), "a\nb\n").unwrap();
        fs::remove_file(source.join("dataset.json")).unwrap();
        let plain = scan(&source).unwrap();
        assert!(plain.defects.iter().all(|defect| defect.kind == DefectKind::Info), "{:?}", plain.defects);
        let plain = plain.dataset;
        assert_eq!((plain.layout, plain.modality, plain.name.as_str()), (Layout::Folder, None, "source"));
        let asked = plain.modality().unwrap_err().to_string();
        assert!(asked.contains("source/dataset.json") && asked.contains("\"skin_lesion\""), "{asked}");
        assert!(plain.cases[0].modality().unwrap_err().to_string().contains("dataset.json"));

        let set = folder.path().join("set");
        fs::create_dir(&set).unwrap();
        let say = |text: &str| fs::write(set.join("dataset.json"), text).unwrap();
        say(r#"{"format": 1, "name": "mine", "modality": "skin_lesion", "source": "../source"}"#);
        let found = scan(&set).unwrap();
        assert_eq!(found.defects, []);
        let data = found.dataset;
        assert_eq!((data.name.as_str(), data.modality, data.cases.len()), ("mine", Some(Modality::SkinLesion), 2));
        assert!(
            data.cases.iter().all(|c| c.modality == Some(Modality::SkinLesion) && c.origin == GazeOrigin::Recorded)
        );
        assert!(data.cases[0].mask.is_some() && data.cases[0].gaze.is_some() && data.split_folder.is_dir());

        // Its own gaze counts instead of its source's, with its own origin.
        fs::create_dir(set.join("gaze")).unwrap();
        fs::copy(source.join("gaze/all.csv"), set.join("gaze/own.csv")).unwrap();
        say(r#"{"format": 1, "name": "mine", "gaze": "simulated", "layout": "folder", "source": "../source"}"#);
        let data = scan(&set).unwrap().dataset;
        assert!(data.cases.iter().all(|c| c.origin == GazeOrigin::Simulated));

        say(r#"{"format": 1, "name": "mine", "source": "../nowhere"}"#);
        assert!(scan(&set).unwrap_err().to_string().contains("no folder `images`"));
        fs::create_dir(set.join("images")).unwrap();
        fs::copy(source.join("images/a.png"), set.join("images/a.png")).unwrap();
        let defects = scan(&set).unwrap().defects;
        assert!(defects[0].message.contains("nowhere") && defects[0].kind == DefectKind::Info, "{defects:?}");
        say(r#"{"format": 1, "name": "mine", "source": "."}"#);
        assert!(scan(&set).unwrap().defects[0].message.contains("do not end"));
    }
}
