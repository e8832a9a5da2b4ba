//! SIGKILL and SIGTERM at any moment of a training with its preparation.

use std::{
    fs,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use super::{
    count,
    lab::{Lab, confirmed, outcome, said, same},
    random::Random,
};

/// The longest that a program may take to stop.
const LIMIT: Duration = Duration::from_secs(5);

/// Lets a program run until a moment; gives whether it still runs then.
fn runs_until(child: &mut Child, moment: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < moment {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    child.try_wait().unwrap().is_none()
}

/// How long an undisturbed training takes, with its preparation.
fn undisturbed(lab: &Lab) -> Duration {
    let start = Instant::now();
    let cache = lab.at("empty");
    let output = lab.command(&lab.train(&lab.at("timed"), 5, &cache)).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    fs::remove_dir_all(cache).unwrap();
    start.elapsed()
}

/// Stops trainings at random moments with `stop`, which gets the program and gives how long it took
/// to end, and goes on with each.
fn disturb(name: &str, trials: usize, purpose: u64, stop: impl Fn(Child, &str) -> Duration) {
    let lab = Lab::new();
    let (expected, whole) = (lab.whole(), undisturbed(&lab));
    let (mut random, mut slowest, mut stopped) = (Random::new(purpose), Duration::ZERO, 0);
    for trial in 0..trials {
        let folder = lab.at("trial");
        let (run, cache) = (folder.join("run"), folder.join("cache"));
        // Again and again, until the training has come to its end in between.
        for sitting in 0..20 {
            let mut child = lab.command(&lab.go_on(&run, 5, &cache)).spawn().unwrap();
            let moment = whole.mul_f64(random.below(1000) as f64 / 900.0);
            let about = format!("{name} {trial}, sitting {sitting}, after {moment:?}");
            if !runs_until(&mut child, moment) {
                let output = child.wait_with_output().unwrap();
                assert!(output.status.success(), "{about}: {}", said(&output));
                break;
            }
            slowest = slowest.max(stop(child, &about));
            stopped += 1;
            confirmed(&run, &about);
        }
        let last = lab.command(&lab.go_on(&run, 5, &cache)).output().unwrap();
        assert!(last.status.success(), "{name} {trial}: does not go on: {}", said(&last));
        same(&outcome(&run), &expected, &format!("{name} {trial}"));
        fs::remove_dir_all(folder).unwrap();
    }
    println!(
        "{name}: {trials} trainings of {whole:.1?}, stopped {stopped} times, the slowest in {slowest:.2?}; all ended \
         alike, bit for bit"
    );
}

#[test]
fn a_training_that_is_killed_at_any_moment_ends_as_one_that_is_not() {
    disturb("kills", count("FOVEA_KILLS", 2), 12, |mut child, _| {
        child.kill().unwrap();
        child.wait().unwrap();
        Duration::ZERO
    });
}

#[test]
fn sigterm_is_obeyed_in_time_at_any_moment() {
    disturb("terms", count("FOVEA_TERMS", 3), 13, |child, about| {
        let start = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let took = start.elapsed();
        assert!(matches!(output.status.code(), Some(143 | 0)), "{about}: {:?}: {}", output.status, said(&output));
        assert!(took < LIMIT, "{about}: took {took:?}: {}", said(&output));
        took
    });
}
