//! Steps that announce themselves, take their time and end up in a table.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

/// What a step brought about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
}

impl Count {
    /// The figures of one line as libtest and wasm-bindgen-test write it
    /// (`test result: ok. 3 passed; 0 failed; 0 ignored; ..`), or nothing.
    pub fn parse(line: &str) -> Option<Count> {
        let rest = line.trim_start().strip_prefix("test result: ")?.split_once(". ")?.1;
        let figure = |what: &str| {
            let (number, _) =
                rest.split(';').filter_map(|part| part.trim().split_once(' ')).find(|(_, is)| *is == what)?;
            number.parse().ok()
        };
        Some(Count { passed: figure("passed")?, failed: figure("failed")? })
    }

    /// Adds the figures of another count.
    pub fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// One line of the table.
struct Row {
    name: String,
    time: Duration,
    count: Count,
    ok: bool,
}

/// The steps of one command, in order.
#[derive(Default)]
pub struct Steps {
    rows: Vec<Row>,
}

impl Steps {
    /// Announces `name`, runs it and notes how long it took. The work returns how many tests ran; an error stops the
    /// command, after the table was printed by the caller.
    ///
    /// # Errors
    /// The error of the work, with the name of the step. A step that ran tests and has failed ones fails too.
    pub fn run(&mut self, name: &str, work: impl FnOnce(&mut Count) -> Result<()>) -> Result<()> {
        println!("\n==> {name}");
        let start = Instant::now();
        let mut count = Count::default();
        let mut done = work(&mut count);
        if done.is_ok() && count.failed > 0 {
            done = Err(anyhow!("{} tests failed", count.failed));
        }
        // A step that broke without a failed test (a lint, a compile error, a crash) is one failure: the last line must
        // never claim that all is well.
        if done.is_err() && count.failed == 0 {
            count.failed = 1;
        }
        let time = start.elapsed();
        println!("    {name}: {} in {}", if done.is_ok() { "done" } else { "FAILED" }, seconds(time));
        self.rows.push(Row { name: name.to_owned(), time, count, ok: done.is_ok() });
        done.map_err(|error| error.context(format!("step `{name}` failed")))
    }

    /// All counts together.
    pub fn total(&self) -> Count {
        let mut total = Count::default();
        self.rows.iter().for_each(|row| total.add(row.count));
        total
    }

    /// Prints steps, times and tests.
    pub fn print_table(&self) {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(4);
        println!("\n{:width$}  {:>10}  {:>6}", "step", "time", "tests");
        for row in &self.rows {
            let tests = if row.count.passed > 0 { row.count.passed.to_string() } else { String::new() };
            let mark = if row.ok { "" } else { "  FAILED" };
            println!("{:width$}  {:>10}  {tests:>6}{mark}", row.name, seconds(row.time));
        }
        let all: Duration = self.rows.iter().map(|row| row.time).sum();
        println!("{:width$}  {:>10}", "all", seconds(all));
    }
}

/// A time as people read it: `0.4 s`, `12 s`, `3 min 05 s`.
pub fn seconds(time: Duration) -> String {
    let s = time.as_secs_f64();
    if s < 10.0 {
        format!("{s:.1} s")
    } else if s < 60.0 {
        format!("{s:.0} s")
    } else {
        let whole = s.round() as u64;
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_result_lines() {
        let line = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Count::parse(line), Some(Count { passed: 12, failed: 0 }));
        let line = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out; finished in 1.20s";
        assert_eq!(Count::parse(line), Some(Count { passed: 3, failed: 2 }));
        assert_eq!(Count::parse("test reads_result_lines ... ok"), None);
        assert_eq!(Count::parse("test result: "), None);
    }

    #[test]
    fn a_broken_step_counts_as_a_failure() {
        let mut steps = Steps::default();
        steps
            .run("well", |count| {
                count.passed = 4;
                Ok(())
            })
            .unwrap();
        assert!(steps.run("lint", |_| Err(anyhow!("exit status 101"))).is_err());
        assert!(
            steps
                .run("tests", |count| {
                    count.add(Count { passed: 1, failed: 2 });
                    Ok(())
                })
                .is_err()
        );
        assert_eq!(steps.total(), Count { passed: 5, failed: 3 });
    }

    #[test]
    fn times_read_well() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
