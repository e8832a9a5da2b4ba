//! Claims: at most one process works on a thing. A claim is a lock file, created so that only one can; its holder touches it now
//! and then, and one whose holder is dead, or silent for long, is taken over.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use super::holder::Holder;

/// How often a claim is touched, and after how long a silence it counts as left behind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// Between two touches.
    pub(crate) heartbeat: Duration,
    /// Silence of a holder on another machine; far above a hiccup of a network file system.
    pub(crate) stale: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self { heartbeat: Duration::from_secs(10), stale: Duration::from_secs(180) }
    }
}

/// The claims of one folder.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    folder: PathBuf,
    timing: Timing,
}

/// What came of trying.
pub(crate) enum Attempt {
    /// It is ours.
    Mine(Claim),
    /// Somebody else's; unknown in the moment in which a claim is made.
    Held(Option<Holder>),
}

/// A thing that is ours until this is dropped.
pub(crate) struct Claim {
    path: PathBuf,
    text: String,
    lost: Arc<AtomicBool>,
    beat: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Claims {
    /// The claims in `folder`, which is made when the first is taken.
    pub(crate) fn of(folder: PathBuf, timing: Timing) -> Self {
        Self { folder, timing }
    }

    /// Who holds the claim, if anybody does that is not known to be dead.
    pub(crate) fn holder(&self, name: &str) -> Option<Holder> {
        read(&self.path(name)).filter(|holder| holder.lives() != Some(false))
    }

    /// Takes the claim, if nobody holds it or its holder is gone.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub(crate) fn take(&self, name: &str) -> Result<Attempt> {
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("the folder {} cannot be made", self.folder.display()))?;
        let path = self.path(name);
        if let Some(claim) = self.create(&path)? {
            return Ok(Attempt::Mine(claim));
        }
        let holder = read(&path);
        if !self.is_left_behind(&path, holder.as_ref())? {
            return Ok(Attempt::Held(holder));
        }
        // One at a time looks again and removes: a claim that another has just taken over must not be removed.
        let gate = self.folder.join("takeover");
        let gate = File::create(&gate).with_context(|| format!("{} cannot be written", gate.display()))?;
        if gate.lock().is_err() {
            bail!(
                "{} was left behind ({}), and its file system knows no file locks: remove it by hand when that process is gone",
                path.display(),
                holder.map_or_else(|| "by an unknown process".into(), |h| h.words())
            );
        }
        let holder = read(&path);
        if !self.is_left_behind(&path, holder.as_ref())? {
            return Ok(Attempt::Held(holder));
        }
        match fs::remove_file(&path) {
            Err(e) if e.kind() != ErrorKind::NotFound => {
                return Err(e).with_context(|| format!("{} cannot be removed", path.display()));
            }
            _ => {}
        }
        Ok(match self.create(&path)? {
            Some(claim) => Attempt::Mine(claim),
            None => Attempt::Held(read(&path)),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.lock"))
    }

    /// Makes the lock file and keeps it alive; `None` when it is there.
    fn create(&self, path: &Path) -> Result<Option<Claim>> {
        let text = serde_json::to_string(&Holder::this())?;
        let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::AlreadyExists => return Ok(None),
            Err(e) => return Err(e).with_context(|| format!("the lock {} cannot be made", path.display())),
        };
        file.write_all(text.as_bytes()).with_context(|| format!("the lock {} cannot be written", path.display()))?;
        Ok(Some(Claim::start(path.to_path_buf(), text, self.timing.heartbeat)))
    }

    /// Dead on this machine, or silent for long on another.
    fn is_left_behind(&self, path: &Path, holder: Option<&Holder>) -> Result<bool> {
        if let Some(lives) = holder.and_then(Holder::lives) {
            return Ok(!lives);
        }
        let Ok(touched) = fs::metadata(path).and_then(|m| m.modified()) else { return Ok(false) };
        // Machines' clocks differ: both times are told by the clock that stamps this folder's files.
        let clock = self.folder.join(format!("clock-{}", std::process::id()));
        let now = fs::write(&clock, "").and_then(|()| fs::metadata(&clock)).and_then(|m| m.modified());
        let now = now.with_context(|| format!("{} cannot be written", clock.display()))?;
        // Nothing is lost if the next process finds it.
        let _ = fs::remove_file(&clock);
        Ok(now.duration_since(touched).is_ok_and(|silence| silence > self.timing.stale))
    }
}

impl Claim {
    fn start(path: PathBuf, text: String, heartbeat: Duration) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let (sender, receiver) = mpsc::channel::<()>();
        let (file, own, flag) = (path.clone(), text.clone(), Arc::clone(&lost));
        let thread = std::thread::spawn(move || {
            while receiver.recv_timeout(heartbeat) == Err(RecvTimeoutError::Timeout) {
                if fs::read_to_string(&file).is_ok_and(|now| now != own) || !file.exists() {
                    flag.store(true, Ordering::SeqCst);
                    return;
                }
                // A touch that fails is a heartbeat missed, and the next may succeed.
                let _ = OpenOptions::new().write(true).open(&file).and_then(|mut f| f.write_all(own.as_bytes()));
            }
        });
        Self { path, text, lost, beat: Some((sender, thread)) }
    }

    /// Refuses to go on when the claim was taken over, because this process was silent for long (suspended, say).
    ///
    /// # Errors
    /// As said.
    pub(crate) fn check(&self) -> Result<()> {
        if self.lost.load(Ordering::SeqCst) {
            bail!("another process took {} over while this one was silent", self.path.display());
        }
        Ok(())
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.beat.take() {
            drop(sender);
            // The thread only reads and writes a file; were it to panic, the lock would still have to go.
            let _ = thread.join();
        }
        if fs::read_to_string(&self.path).is_ok_and(|now| now == self.text) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn read(path: &Path) -> Option<Holder> {
    serde_json::from_str(&fs::read_to_string(path).ok()?).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::atomic::AtomicUsize;

    fn claims(folder: &Path, stale: u64) -> Claims {
        let timing = Timing { heartbeat: Duration::from_millis(20), stale: Duration::from_millis(stale) };
        Claims::of(folder.join("locks"), timing)
    }

    fn mine(attempt: Attempt) -> Option<Claim> {
        match attempt {
            Attempt::Mine(claim) => Some(claim),
            Attempt::Held(_) => None,
        }
    }

    /// A lock as a process of another machine would have left it.
    fn foreign(claims: &Claims, name: &str) -> PathBuf {
        let path = claims.path(name);
        fs::create_dir_all(&claims.folder).unwrap();
        let text = serde_json::to_string(&Holder::this()).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value["machine"] = "another".into();
        value["host"] = "far-away".into();
        fs::write(&path, value.to_string()).unwrap();
        path
    }

    #[test]
    fn a_claim_is_one_processs_until_it_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let claims = claims(folder.path(), 60_000);
        let first = mine(claims.take("a").unwrap()).unwrap();
        assert!(mine(claims.take("a").unwrap()).is_none(), "taken twice");
        assert!(mine(claims.take("b").unwrap()).is_some());
        assert_eq!(claims.holder("a").unwrap().pid, std::process::id());
        drop(first);
        assert!(claims.holder("a").is_none());
        assert!(mine(claims.take("a").unwrap()).is_some());
    }

    #[test]
    fn of_many_at_once_one_gets_it() {
        let folder = tempfile::tempdir().unwrap();
        let claims = claims(folder.path(), 60_000);
        for name in ["fresh", "left"] {
            if name == "left" {
                // Somebody of this machine who is dead: all see it, one takes it over.
                drop(mine(claims.take(name).unwrap()));
                let path = foreign(&claims, name);
                let mut value: serde_json::Value =
                    serde_json::from_str(&serde_json::to_string(&Holder::this()).unwrap()).unwrap();
                value["started"] = "1".into();
                fs::write(&path, value.to_string()).unwrap();
            }
            let (won, barrier) = (AtomicUsize::new(0), std::sync::Barrier::new(8));
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| {
                        barrier.wait();
                        let claim = mine(claims.take(name).unwrap());
                        won.fetch_add(usize::from(claim.is_some()), Ordering::SeqCst);
                        barrier.wait();
                    });
                }
            });
            assert_eq!(won.load(Ordering::SeqCst), 1, "{name}");
        }
    }

    #[test]
    fn the_silent_lose_their_claim_and_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let patient = claims(folder.path(), 60_000);
        foreign(&patient, "far");
        let Attempt::Held(Some(holder)) = patient.take("far").unwrap() else { panic!("a living claim was taken") };
        assert_eq!(holder.host, "far-away");
        std::thread::sleep(Duration::from_millis(80));
        let claim = mine(claims(folder.path(), 40).take("far").unwrap()).unwrap();
        claim.check().unwrap();
        // A heartbeat keeps the file young, so that nobody else gets it.
        std::thread::sleep(Duration::from_millis(120));
        assert!(fs::metadata(patient.path("far")).unwrap().modified().unwrap().elapsed().unwrap().as_millis() < 100);
        let path = foreign(&patient, "far");
        std::thread::sleep(Duration::from_millis(120));
        assert!(claim.check().is_err());
        drop(claim);
        assert!(path.exists(), "a claim that is another's by now stays");
    }

    #[test]
    fn a_lock_without_words_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let claims = claims(folder.path(), 60_000);
        fs::create_dir_all(&claims.folder).unwrap();
        fs::write(claims.path("torn"), "").unwrap();
        assert!(mine(claims.take("torn").unwrap()).is_none());
    }
}
