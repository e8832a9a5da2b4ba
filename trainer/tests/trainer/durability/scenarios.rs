//! The five commands that confirm work: how a trial of each begins, goes on, and what it must come to.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::lab::{Lab, Outcome, confirmed, copy, copy_with, outcome, text};

/// A command in a folder of its own.
pub(super) trait Scenario {
    fn name(&self) -> &'static str;
    /// What is there before the command starts.
    fn begin(&self, lab: &Lab, folder: &Path);
    /// The command; after a fault, the one that goes on.
    fn arguments(&self, lab: &Lab, folder: &Path) -> Vec<String>;
    /// What it comes to.
    fn outcome(&self, folder: &Path) -> Outcome;
    /// Refuses a folder in which something is lost that was confirmed.
    fn confirmed(&self, folder: &Path, about: &str);
}

/// All of them.
pub(super) fn all() -> Vec<Box<dyn Scenario>> {
    vec![Box::new(Train), Box::new(Resume), Box::new(Ablate), Box::new(Describe), Box::new(Export)]
}

/// The lab's cache without a few entries of every kind, which are made again.
fn gappy_cache(lab: &Lab, folder: &Path) -> PathBuf {
    let cache = folder.join("cache");
    if !cache.exists() {
        copy_with(&lab.at("cache"), &cache, true);
        for kind in fs::read_dir(&cache).unwrap() {
            let mut entries: Vec<PathBuf> =
                fs::read_dir(kind.unwrap().path()).unwrap().map(|e| e.unwrap().path()).collect();
            entries.sort();
            entries.iter().step_by(16).for_each(|entry| fs::remove_file(entry).unwrap());
        }
    }
    cache
}

struct Train;

impl Scenario for Train {
    fn name(&self) -> &'static str {
        "train"
    }

    fn begin(&self, lab: &Lab, folder: &Path) {
        gappy_cache(lab, folder);
    }

    fn arguments(&self, lab: &Lab, folder: &Path) -> Vec<String> {
        lab.go_on(&folder.join("run"), 5, &gappy_cache(lab, folder))
    }

    fn outcome(&self, folder: &Path) -> Outcome {
        outcome(&folder.join("run"))
    }

    fn confirmed(&self, folder: &Path, about: &str) {
        confirmed(&folder.join("run"), about);
    }
}

struct Resume;

impl Scenario for Resume {
    fn name(&self) -> &'static str {
        "resume"
    }

    fn begin(&self, lab: &Lab, folder: &Path) {
        lab.half(&folder.join("run"));
    }

    fn arguments(&self, lab: &Lab, folder: &Path) -> Vec<String> {
        lab.go_on(&folder.join("run"), 5, &lab.at("cache"))
    }

    fn outcome(&self, folder: &Path) -> Outcome {
        outcome(&folder.join("run"))
    }

    fn confirmed(&self, folder: &Path, about: &str) {
        confirmed(&folder.join("run"), about);
    }
}

struct Ablate;

const GRID: &str = "study = \"tiny\"\ndata = \"DATA\"\nsplit = \"phantom\"\nseeds = [5]\n[base]\nteacher-epochs = \
                    1\nstudent-epochs = 1\n\
                    batch = 3\ntext = \"none\"\nlooks.pictures = 0.0\n[[row]]\nname = \"one\"\n[[row]]\nname \
                    = \"two\"\n\
                    distill.student_dice = 0.1\n";

impl Scenario for Ablate {
    fn name(&self) -> &'static str {
        "ablate"
    }

    fn begin(&self, lab: &Lab, folder: &Path) {
        fs::write(folder.join("grid.toml"), GRID.replace("DATA", &lab.path("data"))).unwrap();
    }

    fn arguments(&self, lab: &Lab, folder: &Path) -> Vec<String> {
        let mut all: Vec<String> =
            ["ablate", "--device", "cpu", "-q", "--checkpoint-every", "1"].map(String::from).into();
        for (flag, path) in [("--grid", "grid.toml"), ("--out", "out"), ("--results", "results")] {
            all.extend([flag.to_owned(), text(&folder.join(path))]);
        }
        all.extend(["--cache".into(), lab.path("cache")]);
        all
    }

    fn outcome(&self, folder: &Path) -> Outcome {
        let mut found = Outcome::new();
        for row in ["one", "two"] {
            let weights = folder.join(format!("out/cells/{row}-s5/run/best-student.safetensors"));
            found.insert(row.into(), fs::read(weights).unwrap_or_default());
        }
        let study = fs::read_to_string(folder.join("results/tiny.json")).unwrap_or_default();
        let rows = serde_json::from_str::<Value>(&study).map(|study| study["rows"].to_string());
        found.insert("rows".into(), rows.unwrap_or_default().into());
        for file in ["tiny-images.csv", "tiny.csv"] {
            found.insert(file.into(), fs::read(folder.join("results").join(file)).unwrap_or_default());
        }
        found
    }

    fn confirmed(&self, folder: &Path, about: &str) {
        for teacher in fs::read_dir(folder.join("out/teachers")).into_iter().flatten() {
            confirmed(&teacher.unwrap().path(), about);
        }
        for row in ["one", "two"] {
            let cell = folder.join(format!("out/cells/{row}-s5"));
            // A cell begins with the events of the teacher that it starts from, whose checkpoints are the teacher's.
            let begun = fs::read_dir(cell.join("run/checkpoints")).is_ok_and(|mut all| all.next().is_some());
            if begun {
                confirmed(&cell.join("run"), about);
            }
            if let Ok(result) = fs::read_to_string(cell.join("cell.json")) {
                assert!(serde_json::from_str::<Value>(&result).is_ok(), "{about}: the result of {row} is not whole");
            }
        }
    }
}

struct Describe;

impl Scenario for Describe {
    fn name(&self) -> &'static str {
        "describe"
    }

    fn begin(&self, _: &Lab, _: &Path) {}

    fn arguments(&self, lab: &Lab, folder: &Path) -> Vec<String> {
        let mut all: Vec<String> = ["describe", "--source", "measured", "--quiet"].map(String::from).into();
        all.extend(["--data".into(), lab.path("data"), "--out".into(), text(&folder.join("words.jsonl"))]);
        all
    }

    fn outcome(&self, folder: &Path) -> Outcome {
        let text = fs::read_to_string(folder.join("words.jsonl")).unwrap_or_default();
        // Threads finish in any order.
        text.lines().map(|line| (line.to_owned(), Vec::new())).collect()
    }

    fn confirmed(&self, folder: &Path, about: &str) {
        let text = fs::read_to_string(folder.join("words.jsonl")).unwrap_or_default();
        let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
        for line in whole.lines() {
            assert!(serde_json::from_str::<Value>(line).is_ok(), "{about}: a line is not whole: {line}");
        }
    }
}

/// A bundle over an older one.
struct Export;

impl Scenario for Export {
    fn name(&self) -> &'static str {
        "export"
    }

    fn begin(&self, lab: &Lab, folder: &Path) {
        let older = lab.at("older");
        if !older.exists() {
            let output = lab.command(&export(lab, &older, "older")).output().unwrap();
            assert!(output.status.success(), "{}", super::lab::said(&output));
        }
        copy(&older, &folder.join("bundles"));
    }

    fn arguments(&self, lab: &Lab, folder: &Path) -> Vec<String> {
        export(lab, &folder.join("bundles"), "newer")
    }

    fn outcome(&self, folder: &Path) -> Outcome {
        let (bundle, mut found) = (folder.join("bundles/polyp"), Outcome::new());
        let Some(manifest) = whole(&bundle) else { return found };
        for name in manifest["files"].as_object().unwrap().keys() {
            found.insert(name.clone(), fs::read(bundle.join(name)).unwrap());
        }
        found.insert("name".into(), manifest["name"].to_string().into());
        let index = index(&folder.join("bundles"));
        let index: Value = serde_json::from_str(&index.unwrap_or_default()).unwrap_or_default();
        let bytes = fs::read(bundle.join("manifest.json")).unwrap();
        let listed = index[0]["manifest_sha256"] == fovea_shared::bundle::sha256(&bytes);
        found.insert("listed".into(), listed.to_string().into());
        let mut left: Vec<String> = fs::read_dir(folder.join("bundles"))
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into())
            .collect();
        left.sort();
        found.insert("left".into(), left.join(" ").into());
        found
    }

    fn confirmed(&self, folder: &Path, about: &str) {
        let bundles = folder.join("bundles");
        let any = ["polyp", ".polyp.old"].iter().any(|name| whole(&bundles.join(name)).is_some());
        assert!(any, "{about}: no whole bundle is left");
    }
}

fn export(lab: &Lab, out: &Path, name: &str) -> Vec<String> {
    let mut all: Vec<String> = ["export", "--phantoms", "3", "--name", name].map(String::from).into();
    all.extend(["--run".into(), lab.path("whole"), "--out".into(), text(out)]);
    all
}

fn index(bundles: &Path) -> std::io::Result<String> {
    fs::read_to_string(bundles.join(fovea_shared::bundle::INDEX))
}

/// The manifest of a bundle of which every byte is there.
fn whole(bundle: &Path) -> Option<Value> {
    let manifest: Value = serde_json::from_slice(&fs::read(bundle.join("manifest.json")).ok()?).ok()?;
    let files = manifest["files"].as_object()?;
    let good = |(name, entry): (&String, &Value)| {
        fs::read(bundle.join(name)).is_ok_and(|bytes| entry["sha256"] == fovea_shared::bundle::sha256(&bytes))
    };
    files.iter().all(good).then_some(manifest)
}
