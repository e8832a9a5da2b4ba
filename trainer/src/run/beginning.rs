//! The beginning of a run: its folder is ours from the first look, and holds the whole beginning or nothing of it.
//!
//! The lock stands in the folder itself, which is made for it where it is not there, so a folder
//! that is mounted, linked to or in a folder of
//! root's serves as well. Files are written in a folder inside and moved out one by one, run.json
//! last. A start that fails removes all of this;
//! one that is killed leaves what the next start removes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};

use super::{
    folder::{self, RunFolder},
    leftovers::{INSIDE, MOVING, ours, sweep},
    names::{CONFIG, ENCODER, LOCK, RUN},
    provenance::Provenance,
};
use crate::{
    config::TrainConfig,
    data::durable,
    features::Encoder,
    lock::{self, Lock, Taken},
};

/// Where checkpoints go.
const CHECKPOINTS: &str = "checkpoints";

/// A folder that is ours and holds no run yet. Dropped, it is as it was before.
#[derive(Debug)]
pub(crate) struct Beginning {
    path: PathBuf,
    lock: Option<Lock>,
    /// The folders that were made for it, the outermost first.
    made: Vec<PathBuf>,
}

impl Beginning {
    /// Takes a folder for a new run: one that is not there yet, or is empty.
    ///
    /// # Errors
    /// A folder that holds something, that another process uses, or that cannot be made.
    pub(crate) fn claim(path: &Path) -> Result<Self> {
        loop {
            refuse_taken(path)?;
            let made = missing(path);
            durable::make_folder(path).with_context(|| format!("the run folder {} cannot be made", path.display()))?;
            let mut beginning = Self { path: path.to_path_buf(), lock: None, made };
            match lock::exclusive(&path.join(LOCK)) {
                Ok(Taken::Mine(lock)) => beginning.lock = Some(lock),
                Ok(Taken::Held(holder)) => {
                    // What was made is the other's now.
                    beginning.made.clear();
                    bail!(folder::busy(path, holder.as_ref()))
                }
                // The other has failed, and has removed the folder in between.
                Ok(Taken::NoFolder) => continue,
                Err(error) => {
                    return Err(error.context(format!("the run folder {} cannot be used", path.display())));
                }
            }
            sweep(path);
            refuse_taken(path)?;
            return Ok(beginning);
        }
    }

    /// Writes what a run has from the start. Its heads learn on `encoder` where that is not the built-in backbone.
    ///
    /// # Errors
    /// A disk that fails; the folder is as it was before then.
    pub(crate) fn create(
        mut self,
        config: &TrainConfig,
        from: &Provenance,
        encoder: Option<&Encoder>,
    ) -> Result<RunFolder> {
        let inside = self.path.join(INSIDE);
        durable::make_folder(&inside)?;
        let text = toml::to_string(config)?;
        let mut names = vec![CONFIG, CHECKPOINTS];
        durable::write_inside(&inside.join(CONFIG), text.as_bytes())?;
        durable::make_folder(&inside.join(CHECKPOINTS))?;
        if let Some(encoder) = encoder {
            durable::write_inside(&inside.join(ENCODER), &encoder.bytes)?;
            names.push(ENCODER);
        }
        let from = Provenance { config_sha256: Some(super::names::hash(&text)?), ..from.clone() };
        durable::write_inside(&inside.join(RUN), serde_json::to_string_pretty(&from)?.as_bytes())?;
        // A run is a run with run.json: it comes last.
        names.push(RUN);
        durable::write(&inside.join(MOVING), names.join("\n").as_bytes())?;
        for name in names {
            durable::rename(&inside.join(name), &self.path.join(name))?;
        }
        let lock = self.lock.take().context("a folder that is begun is locked")?;
        self.made.clear();
        // What cannot be removed now is removed by who opens the folder next.
        sweep(&self.path);
        Ok(RunFolder::held(self.path.clone(), lock))
    }
}

impl Drop for Beginning {
    fn drop(&mut self) {
        if let Some(lock) = self.lock.take() {
            sweep(&self.path);
            lock.remove();
        }
        // Only folders that are empty go.
        while let Some(folder) = self.made.pop() {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
}

/// Refuses a folder that holds a run or anything of the user's.
///
/// # Errors
/// Says what to do instead.
fn refuse_taken(path: &Path) -> Result<()> {
    let shown = path.display();
    if fs::exists(path.join(RUN)).with_context(|| format!("the run folder {shown} cannot be looked at"))? {
        if let Taken::Held(holder @ Some(_)) = lock::shared(&path.join(LOCK))? {
            bail!(folder::busy(path, holder.as_ref()));
        }
        bail!(
            "{shown} already holds a run. Continue it with `fovea train --resume {shown}`, or name another folder with \
             --out"
        );
    }
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.with_context(|| format!("the run folder {shown} cannot be used"))?,
    };
    let ours = ours(path);
    let mut others = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name != LOCK && name != INSIDE && !ours.contains(&name) {
            others.push(name);
        }
    }
    others.sort();
    ensure!(
        others.is_empty(),
        "the folder {shown} is not empty and holds no run: there is `{}` in it{}. Nothing of it was touched. Name a \
         new or an empty folder with --out",
        others[0],
        if others.len() > 1 { format!(" and {} more", others.len() - 1) } else { String::new() }
    );
    Ok(())
}

/// The folders that are not there on the way to `path`, the outermost first.
fn missing(path: &Path) -> Vec<PathBuf> {
    let mut missing: Vec<PathBuf> =
        path.ancestors().take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect();
    missing.retain(|folder| !folder.as_os_str().is_empty());
    missing.reverse();
    missing
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn from() -> Provenance {
        let text = r#"{"command": "", "git_sha": "", "device": "cpu", "data": "d", "data_folder": "/d", "extra_folders": [],
            "split": "s", "data_sha256": "", "counts": [1, 1, 1]}"#;
        serde_json::from_str(text).unwrap()
    }

    fn refused(path: &Path) -> String {
        format!("{:#}", Beginning::claim(path).unwrap_err())
    }

    #[test]
    fn a_start_that_fails_leaves_nothing_and_one_that_does_not_leaves_a_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs/a");
        drop(Beginning::claim(&path).unwrap());
        assert!(!folder.path().join("runs").exists());
        let config = TrainConfig { batch: 3, ..TrainConfig::default() };
        let run = Beginning::claim(&path).unwrap().create(&config, &from(), None).unwrap();
        assert!(refused(&path).contains("is in use: process"), "{}", refused(&path));
        drop(run);
        assert!(refused(&path).contains("--resume"));
        let (_, read, from) = RunFolder::open(&path).unwrap();
        assert_eq!(read, config);
        assert!(from.config_sha256.is_some() && !path.join(INSIDE).exists());
        // An empty folder serves, and stays when the start fails.
        let empty = folder.path().join("empty");
        fs::create_dir(&empty).unwrap();
        drop(Beginning::claim(&empty).unwrap());
        assert_eq!(fs::read_dir(&empty).unwrap().count(), 0);
    }

    #[test]
    fn nothing_of_the_users_is_touched() {
        let folder = tempfile::tempdir().unwrap();
        for name in [CONFIG, "notes.txt", CHECKPOINTS, ".hidden"] {
            let path = folder.path().join(name);
            fs::create_dir(&path).unwrap();
            fs::write(path.join(name), "mine").unwrap();
            assert!(refused(&path).contains(name), "{}", refused(&path));
            assert_eq!(fs::read_to_string(path.join(name)).unwrap(), "mine");
            assert_eq!(fs::read_dir(&path).unwrap().count(), 1, "no lock is left");
        }
        let file = folder.path().join("file");
        fs::write(&file, "mine").unwrap();
        assert!(refused(&file).contains("file"));
    }

    #[test]
    fn a_start_that_was_killed_anywhere_blocks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let names = [CONFIG, CHECKPOINTS, RUN];
        for moved in 0..names.len() {
            let path = folder.path().join(format!("run-{moved}"));
            fs::create_dir_all(path.join(INSIDE)).unwrap();
            fs::write(path.join(LOCK), "{").unwrap();
            fs::write(path.join(INSIDE).join(MOVING), names.join("\n")).unwrap();
            for (place, name) in names.iter().enumerate() {
                let at = if place < moved { path.join(name) } else { path.join(INSIDE).join(name) };
                if *name == CHECKPOINTS { fs::create_dir(at).unwrap() } else { fs::write(at, "old").unwrap() }
            }
            let run = Beginning::claim(&path).unwrap().create(&TrainConfig::default(), &from(), None).unwrap();
            drop(run);
            assert!(RunFolder::open(&path).is_ok());
        }
    }

    #[test]
    fn of_two_at_once_one_begins() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..20 {
            let path = folder.path().join(format!("run-{round}"));
            let barrier = std::sync::Barrier::new(4);
            let begun = std::thread::scope(|scope| {
                let start = || {
                    barrier.wait();
                    let begun = Beginning::claim(&path).and_then(|b| b.create(&TrainConfig::default(), &from(), None));
                    barrier.wait();
                    begun.is_ok()
                };
                let all = [0; 4].map(|_| scope.spawn(start));
                all.map(|one| one.join().unwrap()).into_iter().filter(|begun| *begun).count()
            });
            assert_eq!(begun, 1);
        }
    }
}
