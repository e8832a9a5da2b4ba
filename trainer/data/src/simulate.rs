//! Gaze for images that nobody has looked at: a small data set that refers to the images of another
//! and holds simulated gaze.
//!
//! ```text
//! gaze/simulated.csv      as fovea_shared::gaze writes it; the name alone makes every reader take it for simulated
//! dataset.json            "source": the folder of images, masks and lists; "gaze": "simulated"; observer and seed
//! README.txt              the same for people
//! ```
//! **The simulator uses the true masks**, of training images too: what is trained with this gaze
//! has seen them through it, and every result says "simulated".

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fovea_shared::gaze::{Observer, Scanpath, simulate, write_csv};
use sha2::{Digest, Sha256};

use super::error::{DataError, OutputError, Result};
use super::info::{self, Info, Simulation};
use super::{Case, Dataset, GazeOrigin, new_folder, parallel};

/// The gaze file in the folder.
const FILE: &str = "simulated.csv";

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What records the gaze.
    pub observer: Observer,
    /// Seed of the set.
    pub seed: u64,
    /// The command, for `dataset.json`.
    pub command: String,
}

/// The observer in `dataset.json` and on the command line.
pub fn observer_name(observer: Observer) -> &'static str {
    match observer {
        Observer::EyeTracker => "eye-tracker",
        Observer::Webcam => "webcam",
    }
}

/// The seed of one image: the first eight bytes of the SHA-256 of set seed and id, so that an image
/// is looked at alike whatever other images are.
pub fn image_seed(set: u64, id: &str) -> u64 {
    let digest = Sha256::digest(format!("fovea-gaze-1 {set} {id}"));
    digest.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

/// Simulates gaze on `cases` of `dataset` and writes the folder. `done` is called after every
/// image, from any thread. With `replace`, a folder that an earlier call wrote is replaced; any
/// other folder with content is never touched.
///
/// # Errors
/// A case without a mask or with one that cannot be read, a folder with content, and whatever the file system refuses.
pub fn write(
    out: &Path,
    dataset: &Dataset,
    cases: &[&Case],
    plan: &Plan,
    replace: bool,
    done: impl Fn() + Sync,
) -> Result<()> {
    if new_folder::is_occupied(out)? {
        let ours = info::read(out).ok().flatten().is_some_and(|i| i.simulation.is_some());
        let path = out.to_path_buf();
        if !ours {
            return Err(OutputError::Foreign { path, command: "fovea data gaze" }.into());
        }
        if !replace {
            return Err(OutputError::Occupied { path, what: "simulated gaze" }.into());
        }
    }
    let found = dataset.root.canonicalize();
    let source = found.map_err(|source| DataError::Find { path: dataset.root.clone(), source })?;
    if out.canonicalize().is_ok_and(|out| out == source) {
        return Err(OutputError::OwnSource(out.to_path_buf()).into());
    }
    let looks = parallel::map(cases, |case| scanpath(case, plan), done);
    let mut gaze = BTreeMap::new();
    for (case, look) in cases.iter().zip(looks) {
        gaze.insert(case.id.clone(), look?);
    }
    let info = Info {
        format: info::FORMAT,
        name: dataset.name.clone(),
        layout: Some(dataset.layout),
        modality: dataset.modality,
        source: Some(source),
        drawn: dataset.drawn,
        gaze: GazeOrigin::Simulated,
        simulation: Some(Simulation { observer: observer_name(plan.observer).into(), seed: plan.seed }),
        command: plan.command.clone(),
    };
    new_folder::write(out, |folder| {
        let path = folder.join("gaze");
        fs::create_dir_all(&path).map_err(|source| DataError::Create { path, source })?;
        for (file, text) in [
            (format!("gaze/{FILE}"), write_csv(&gaze)),
            ("README.txt".into(), readme(&info, gaze.len())),
            (info::FILE.into(), serde_json::to_string_pretty(&info).map_err(DataError::WriteInfo)? + "\n"),
        ] {
            let path = folder.join(file);
            fs::write(&path, text).map_err(|source| DataError::WriteFile { path, source })?;
        }
        Ok(())
    })
}

/// The simulated look at one image, and the image's size.
fn scanpath(case: &Case, plan: &Plan) -> Result<(Scanpath, (u32, u32))> {
    let [width, height] = case.image_size()?;
    let mask = case.load_mask(width as usize, height as usize);
    let mask = mask.map_err(|source| DataError::NoGazeWithoutMask { source: Box::new(source) })?;
    Ok((simulate(&mask, plan.observer, image_seed(plan.seed, &case.id)), (width, height)))
}

fn readme(info: &Info, images: usize) -> String {
    let simulation = info.simulation.as_ref().map_or(String::new(), |s| format!("{}, seed {}", s.observer, s.seed));
    format!(
        "Simulated gaze on {images} images of {name}: nobody has looked at them.\n\
         The simulator used the true masks, so whatever is trained or measured with this gaze has seen them through \
         it.\n\
         Say \"simulated gaze\" wherever its numbers appear. For research and teaching; not for medical use.\n\n\
         Observer: {simulation}\n\
         Written by: {command}\n\n\
         gaze/{FILE}    one simulated fixation a row\n\
         dataset.json          refers to the images, masks and lists in {source}\n",
        name = info.name,
        command = info.command,
        source = info.source.as_deref().unwrap_or(Path::new("")).display(),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::error::told;
    use super::super::fixture;
    use super::*;

    fn plan(observer: Observer, seed: u64) -> Plan {
        Plan { observer, seed, command: "fovea data gaze ...".into() }
    }

    fn gaze(set: &Path) -> BTreeMap<String, Scanpath> {
        Dataset::open(set).unwrap().cases.into_iter().filter_map(|c| Some((c.id, c.gaze?))).collect()
    }

    #[test]
    fn every_image_has_its_own_seed_whatever_the_others_are() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        fixture::write(&source, &["a", "b", "c"]);
        fs::remove_dir_all(source.join("gaze")).unwrap();
        let data = Dataset::open(&source).unwrap();
        let make = |name: &str, ids: &[&str], observer, seed| {
            let out = folder.path().join(name);
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            write(&out, &data, &data.select(&ids).unwrap(), &plan(observer, seed), false, || ()).unwrap();
            gaze(&out)
        };
        let all = make("all", &["a", "b", "c"], Observer::EyeTracker, 1);
        assert_eq!(all.len(), 3);
        assert_ne!(all["a"], all["b"]);
        assert_eq!(make("one", &["b"], Observer::EyeTracker, 1), BTreeMap::from([("b".into(), all["b"].clone())]));
        assert_ne!(make("other", &["b"], Observer::EyeTracker, 2)["b"], all["b"]);
        assert_ne!(make("webcam", &["b"], Observer::Webcam, 1)["b"], all["b"]);

        let set = Dataset::open(&folder.path().join("all")).unwrap();
        assert!(set.cases.iter().all(|c| c.origin == GazeOrigin::Simulated && c.mask.is_some()));
        assert_eq!(Dataset::gaze_origin(&set.cases), Some(GazeOrigin::Simulated));
        assert_eq!(set.name, "source");
        let info = info::read(&folder.path().join("webcam")).unwrap().unwrap();
        assert_eq!(info.simulation, Some(Simulation { observer: "webcam".into(), seed: 1 }));
    }

    #[test]
    fn nothing_foreign_is_replaced_and_no_mask_is_no_gaze() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        fixture::write(&source, &["a", "b"]);
        fs::remove_file(source.join("masks/b.png")).unwrap();
        let data = Dataset::open(&source).unwrap();
        let cases: Vec<&Case> = data.cases.iter().collect();
        let out = folder.path().join("out");
        let write = |out: &Path, cases: &[&Case], replace| {
            write(out, &data, cases, &plan(Observer::EyeTracker, 1), replace, || ()).map_err(|e| told(&e))
        };
        let error = write(&out, &cases, false).unwrap_err();
        assert!(error.contains("true mask") && error.contains("`b`"), "{error}");
        assert!(!out.exists());
        write(&out, &cases[..1], false).unwrap();
        assert!(write(&out, &cases[..1], false).unwrap_err().contains("--force"));
        write(&out, &cases[..1], true).unwrap();
        assert!(write(&source, &cases[..1], true).unwrap_err().contains("not written by"));
        assert!(source.join("images/a.png").is_file());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
