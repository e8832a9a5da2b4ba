//! The file of descriptions that grows, and the count of what happened.

use std::{path::Path, process::ExitCode};

use anyhow::Result;

use crate::{
    data::Case,
    describe::{
        question::{Described, Failure},
        store::{Appender, Record},
        work::{Event, work},
    },
    run::Progress,
    signals,
};

/// Where records go, and the count of what happened.
pub(super) struct Output<'a> {
    out: &'a Path,
    /// What became of images, in one word: described or answered.
    done: &'static str,
    quiet: bool,
    file: Appender,
    wanted: usize,
    there: usize,
    new: usize,
    cached: usize,
    failures: Vec<(String, Failure)>,
}

impl<'a> Output<'a> {
    /// Opens the file `out` for records of so many images, `wanted`, beside those that are `there`.
    ///
    /// # Errors
    /// A file that cannot be appended to.
    pub(super) fn open(out: &'a Path, done: &'static str, quiet: bool, wanted: usize, there: usize) -> Result<Self> {
        let file = Appender::open(out)?;
        Ok(Self { out, done, quiet, file, wanted, there, new: 0, cached: 0, failures: Vec::new() })
    }

    /// Appends a record, which may come from the cache.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn keep(&mut self, record: &Record, cached: bool) -> Result<()> {
        self.file.append(record)?;
        *(if cached { &mut self.cached } else { &mut self.new }) += 1;
        Ok(())
    }

    /// Describes all cases; a failure that concerns all of them ends it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn all(
        mut self,
        cases: &[&Case],
        threads: usize,
        each: impl Fn(&Case, &dyn Fn(String)) -> Result<Described, Failure> + Sync,
    ) -> Result<ExitCode> {
        let mut bar = Progress::new(self.quiet).bar("describe", cases.len() as u64);
        let mut broken = None;
        work(
            cases,
            threads,
            |case, say| each(case, say),
            |event| {
                let (case, result) = match event {
                    Event::Note(_, text) => {
                        bar.say(&text);
                        return true;
                    }
                    Event::Done(case, result) => (case, result),
                };
                let mut go_on = broken.is_none() && !signals::stopping();
                match result {
                    Ok(described) => {
                        if let Err(error) = self.keep(&described.record, described.cached) {
                            broken = Some(error);
                            go_on = false;
                        }
                    }
                    Err(failure) => {
                        go_on &= !failure.concerns_all;
                        self.failures.push((case.id.clone(), failure));
                    }
                }
                bar.inc_with(
                    1,
                    &format!("{} answered, {} cached, {} failed", self.new, self.cached, self.failures.len()),
                );
                go_on
            },
        );
        bar.finish();
        match broken {
            Some(error) => Err(error),
            None => Ok(self.finish()),
        }
    }

    /// Says what happened; the exit code is 1 where an image got no description.
    pub(super) fn finish(mut self) -> ExitCode {
        let left = self.wanted - self.new - self.cached - self.failures.len();
        if !self.quiet {
            println!(
                "{} {}, {} from the cache, {} there already, {} failed: {}",
                self.new,
                self.done,
                self.cached,
                self.there,
                self.failures.len(),
                self.out.display()
            );
        }
        if signals::stopping() && left > 0 {
            eprintln!("stopped with {left} images left. What is described is kept, and the same command goes on");
            return ExitCode::from(signals::exit_code());
        }
        if self.failures.is_empty() {
            return ExitCode::SUCCESS;
        }
        self.failures.sort_by(|a, b| a.0.cmp(&b.0));
        eprintln!("fovea: {} images got no description:", self.failures.len());
        for (id, failure) in &self.failures {
            eprintln!("  {id}: {}", failure.cause);
        }
        if left > 0 {
            eprintln!("  {left} more were not tried, since they would fail in the same way.");
        }
        eprintln!("The others are kept. Run the same command again to do what is missing.");
        ExitCode::FAILURE
    }
}
