//! Writes a data set of drawn images that the loader reads like any other.

use std::collections::BTreeMap;
use std::fs;
use std::io::BufWriter;
use std::path::Path;

use fovea_shared::description::Modality;
use fovea_shared::gaze::{Scanpath, write_csv};
use fovea_shared::plane::Mask;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, Luma};

use super::error::{DataError, OutputError, Result};
use super::info::{self, Info};
use super::{GazeOrigin, new_folder, parallel};

/// As good as the JPEGs of Kvasir-SEG; the compression is part of what the pictures imitate.
const JPEG_QUALITY: u8 = 92;

/// What to draw.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the images show.
    pub modality: Modality,
    /// Number of images.
    pub count: usize,
    /// Seed of the whole set; the same seed draws the same set.
    pub seed: u64,
    /// Width of every image, in pixels.
    pub width: u32,
    /// Height of every image, in pixels.
    pub height: u32,
    /// Share of the images that goes into the test list, 0 to 1.
    pub test_fraction: f64,
}

impl Plan {
    /// Name of the image with this index. It carries the seed, so that sets of several seeds can lie in one folder.
    fn id(&self, index: usize) -> String {
        format!("{}-{}-{index:05}", domain(self.modality), self.seed)
    }

    /// The seed of one image.
    fn seed_of(&self, index: usize) -> u64 {
        picture_seed(self.seed, index)
    }

    fn command(&self) -> String {
        format!(
            "fovea data phantom --domain {} --count {} --seed {} --size {}x{} --test-fraction {}",
            domain(self.modality),
            self.count,
            self.seed,
            self.width,
            self.height,
            self.test_fraction
        )
    }
}

/// What images show, as `--domain` and file names call it.
pub fn domain(modality: Modality) -> &'static str {
    match modality {
        Modality::Polyp => "polyp",
        Modality::SkinLesion => "skin",
        Modality::Prostate => "prostate",
    }
}

/// Width and height at which a phantom looks its best, in pixels: about those of the data sets that it imitates.
pub fn best_size(modality: Modality) -> (u32, u32) {
    match modality {
        Modality::Polyp => (622, 528),
        Modality::SkinLesion => (600, 450),
        Modality::Prostate => (384, 384),
    }
}

/// The seed of one picture of a set: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) of set seed and index, so that
/// neighbouring sets share no picture.
pub fn picture_seed(set: u64, index: usize) -> u64 {
    let mix = |v: u64| {
        let v = v.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let v = (v ^ (v >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let v = (v ^ (v >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        v ^ (v >> 31)
    };
    mix(mix(set) ^ index as u64)
}

/// Draws the set into `out`. `done` is called after every image, from any thread.
///
/// Everything is written beside `out` first and moved there in one step, so a stopped run leaves no half set. With
/// `replace`, a set that an earlier run drew is replaced; any other folder with content is never touched.
///
/// # Errors
/// A folder with content, and whatever the file system refuses.
pub fn write(out: &Path, plan: &Plan, replace: bool, done: impl Fn() + Sync) -> Result<()> {
    if plan.count == 0 {
        return Err(OutputError::NoImages.into());
    }
    if new_folder::is_occupied(out)? {
        let path = out.to_path_buf();
        let ours = info::read(out).ok().flatten().is_some_and(|i| i.drawn && i.source.is_none());
        if !ours {
            return Err(OutputError::Foreign { path, command: "fovea data phantom" }.into());
        }
        if !replace {
            return Err(OutputError::Occupied { path, what: "a phantom set" }.into());
        }
    }
    new_folder::write(out, |partial| draw(partial, plan, done))
}

fn draw(root: &Path, plan: &Plan, done: impl Fn() + Sync) -> Result<()> {
    for folder in ["images", "masks", "gaze", "splits"] {
        let path = root.join(folder);
        fs::create_dir_all(&path).map_err(|source| DataError::Create { path, source })?;
    }
    let indices: Vec<usize> = (0..plan.count).collect();
    let looks = parallel::map(&indices, |index| draw_one(root, plan, *index), done);
    let mut gaze = BTreeMap::new();
    for (index, look) in indices.iter().zip(looks) {
        gaze.insert(plan.id(*index), (look?, (plan.width, plan.height)));
    }
    // Every picture is drawn independently of the others, so the last ones are as good a test as any.
    let test = (plan.count as f64 * plan.test_fraction).round() as usize;
    let list = |range: std::ops::Range<usize>| match range.is_empty() {
        // A list that is meant to be empty says so.
        true => "# none\n".to_owned(),
        false => range.map(|i| plan.id(i) + "\n").collect(),
    };
    let info = Info {
        format: info::FORMAT,
        name: "phantom".into(),
        layout: None,
        modality: Some(plan.modality),
        source: None,
        drawn: true,
        simulation: None,
        gaze: GazeOrigin::Simulated,
        command: plan.command(),
    };
    for (file, text) in [
        ("gaze/phantom_fixation.csv", write_csv(&gaze)),
        ("splits/phantom-train.txt", list(0..plan.count - test)),
        ("splits/phantom-test.txt", list(plan.count - test..plan.count)),
        ("README.txt", readme(plan)),
        (info::FILE, serde_json::to_string_pretty(&info).map_err(DataError::WriteInfo)? + "\n"),
    ] {
        let path = root.join(file);
        fs::write(&path, text).map_err(|source| DataError::WriteFile { path, source })?;
    }
    Ok(())
}

/// Draws one image and its mask; returns the gaze.
fn draw_one(root: &Path, plan: &Plan, index: usize) -> Result<Scanpath> {
    let phantom = fovea_phantom::draw(plan.modality, plan.seed_of(index), plan.width, plan.height);
    let path = root.join("images").join(plan.id(index) + ".jpg");
    let file = match fs::File::create(&path) {
        Ok(file) => file,
        Err(source) => return Err(DataError::Create { path, source }),
    };
    JpegEncoder::new_with_quality(BufWriter::new(file), JPEG_QUALITY)
        .encode_image(&phantom.image)
        .map_err(|source| DataError::WritePicture { path, source })?;
    let path = root.join("masks").join(plan.id(index) + ".png");
    mask_image(&phantom.mask).save(&path).map_err(|source| DataError::WritePicture { path, source })?;
    Ok(phantom.gaze)
}

/// The mask as a grey image, 255 inside and 0 outside.
pub fn mask_image(mask: &Mask) -> GrayImage {
    GrayImage::from_fn(mask.width as u32, mask.height as u32, |x, y| {
        Luma([if mask.at(x as usize, y as usize) { 255 } else { 0 }])
    })
}

fn readme(plan: &Plan) -> String {
    let kind = match plan.modality {
        Modality::Polyp => "Polyp phantoms: {count} drawn pictures, not photographs of patients.",
        Modality::SkinLesion => "Skin-lesion phantoms: {count} drawn pictures, not photographs of patients.",
        Modality::Prostate => {
            "Prostate phantoms: {count} drawn MR slices, not images of patients. The masks are the whole gland."
        }
    };
    let kind = kind.replace("{count}", &plan.count.to_string());
    format!(
        "{kind}\n\
         The gaze is simulated from the mask, so results on this set say nothing about recorded gaze.\n\
         For tests, demonstrations and teaching; not for medical use.\n\n\
         Written by: {command}\n\n\
         images/*.jpg                   {width}x{height} pixels\n\
         masks/*.png                    the true outline, 255 inside and 0 outside\n\
         gaze/phantom_fixation.csv      one simulated fixation a row\n\
         splits/phantom-train.txt       one id a line\n\
         splits/phantom-test.txt\n\
         dataset.json                   the same in a form that `fovea` reads\n",
        command = plan.command(),
        width = plan.width,
        height = plan.height,
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Dataset, splits::split};
    use super::*;

    fn plan(count: usize, seed: u64) -> Plan {
        Plan { modality: Modality::Polyp, count, seed, width: 96, height: 80, test_fraction: 0.4 }
    }

    #[test]
    fn every_domain_says_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for modality in Modality::ALL {
            let out = folder.path().join(domain(modality));
            write(&out, &Plan { modality, ..plan(2, 5) }, false, || ()).unwrap();
            assert_eq!(info::read(&out).unwrap().unwrap().modality, Some(modality));
            let readme = fs::read_to_string(out.join("README.txt")).unwrap();
            assert!(
                readme.contains("2 drawn") && readme.contains(&format!("--domain {}", domain(modality))),
                "{readme}"
            );
            let data = Dataset::open(&out).unwrap();
            assert_eq!(data.cases[1].id, format!("{}-5-00001", domain(modality)));
            let image = data.cases[1].load_image().unwrap();
            let grey = image.pixels().all(|p| p[0].abs_diff(p[1]) < 3 && p[1].abs_diff(p[2]) < 3);
            assert_eq!(grey, modality == Modality::Prostate);
            assert!(!data.cases[1].load_mask(96, 80).unwrap().is_empty());
        }
    }

    #[test]
    fn the_loader_reads_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("set");
        write(&out, &plan(5, 3), false, || ()).unwrap();
        let data = Dataset::open(&out).unwrap();
        assert_eq!((data.name.as_str(), data.drawn, data.cases.len()), ("phantom", true, 5));
        for case in &data.cases {
            assert_eq!(case.origin, GazeOrigin::Simulated);
            assert!(!case.gaze.as_ref().unwrap().fixations.is_empty());
            let image = case.load_image().unwrap();
            assert_eq!(image.dimensions(), (96, 80));
            assert!(!case.load_mask(96, 80).unwrap().is_empty());
        }
        let split = split(&data, "phantom", 0.3, 1).unwrap();
        assert_eq!((split.train.len(), split.validation.len(), split.test.len()), (2, 1, 2));
        assert!(!folder.path().join(".set.partial").exists());
    }

    #[test]
    fn the_seed_decides_and_nothing_foreign_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str, id: &str| fs::read(folder.path().join(name).join("images").join(id)).unwrap();
        for (name, seed) in [("a", 1), ("b", 1), ("c", 2)] {
            write(&folder.path().join(name), &plan(2, seed), false, || ()).unwrap();
        }
        assert_eq!(read("a", "polyp-1-00000.jpg"), read("b", "polyp-1-00000.jpg"));
        assert_ne!(read("a", "polyp-1-00000.jpg"), read("a", "polyp-1-00001.jpg"));
        assert_ne!(read("a", "polyp-1-00000.jpg"), read("c", "polyp-2-00000.jpg"));

        let again = write(&folder.path().join("a"), &plan(3, 9), false, || ()).unwrap_err();
        assert!(matches!(again, DataError::Output(OutputError::Occupied { .. })), "{again:?}");
        assert!(again.to_string().contains("--force"), "{again}");
        write(&folder.path().join("a"), &plan(3, 9), true, || ()).unwrap();
        assert_eq!(Dataset::open(&folder.path().join("a")).unwrap().cases.len(), 3);

        let foreign = folder.path().join("mine");
        fs::create_dir(&foreign).unwrap();
        write(&foreign, &plan(1, 1), false, || ()).unwrap();
        fs::remove_file(foreign.join("dataset.json")).unwrap();
        assert!(write(&foreign, &plan(1, 1), true, || ()).unwrap_err().to_string().contains("not written by"));
        assert!(foreign.join("images").is_dir());
        assert!(write(Path::new("/"), &plan(1, 1), true, || ()).is_err());
    }
}
