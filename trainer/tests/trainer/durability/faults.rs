//! Faults of the file system at any operation of the five commands.

use std::fs;

use super::{
    count,
    lab::{Lab, said, same},
    random::Random,
    scenarios::{Scenario, all},
};

/// See `durable/faults.rs` of the data crate.
const KINDS: [&str; 6] = ["full", "short", "io", "denied", "kill", "torn"];

#[test]
fn no_fault_loses_what_was_confirmed_or_passes_for_success() {
    let (lab, trials) = (Lab::new(), count("FOVEA_FAULTS", 30));
    let mut random = Random::new(11);
    let mut scenarios = all();
    if let Ok(only) = std::env::var("FOVEA_FAULTS_COMMAND") {
        scenarios.retain(|scenario| scenario.name() == only);
        assert!(!scenarios.is_empty(), "FOVEA_FAULTS_COMMAND={only} is not one of the commands");
    }
    let each = trials.div_ceil(scenarios.len());
    let (mut done, mut struck) = (0, 0);
    for scenario in &scenarios {
        let folder = lab.at("undisturbed").join(scenario.name());
        fs::create_dir_all(&folder).unwrap();
        scenario.begin(&lab, &folder);
        let operations = lab.operations(&scenario.arguments(&lab, &folder));
        let expected = scenario.outcome(&folder);
        assert!(operations > 3 && !expected.is_empty(), "{}", scenario.name());
        for trial in 0..each.min(trials - done) {
            let kind = KINDS[trial % KINDS.len()];
            // A little further than the last operation, too: without a fault all must be well.
            let place = random.below(operations + 1) + 1;
            struck += usize::from(strike(&lab, scenario.as_ref(), kind, place, &expected));
            done += 1;
        }
        fs::remove_dir_all(folder).unwrap();
    }
    println!("faults: {done} over {} commands, {struck} of them ended the command; nothing was lost", scenarios.len());
    assert!(struck * 2 > done, "only {struck} of {done} faults were felt");
}

/// Lets one operation of a command fail, and then goes on. Gives whether the command failed by it.
fn strike(lab: &Lab, scenario: &dyn Scenario, kind: &str, place: u64, expected: &super::lab::Outcome) -> bool {
    let about = format!("{} with FOVEA_TEST_FAULT={kind}@{place}", scenario.name());
    let folder = lab.at("trial");
    fs::create_dir_all(&folder).unwrap();
    scenario.begin(lab, &folder);
    let arguments = scenario.arguments(lab, &folder);
    let struck = lab.command(&arguments).env("FOVEA_TEST_FAULT", format!("{kind}@{place}")).output().unwrap();
    let told = said(&struck);
    assert!(!told.contains("panicked"), "{about}: {told}");
    scenario.confirmed(&folder, &about);
    match struck.status.code() {
        Some(0) => same(&scenario.outcome(&folder), expected, &about),
        Some(1) => assert!(told.contains("fovea: ") || told.contains("failed"), "{about}: {told}"),
        None => assert!(["kill", "torn"].contains(&kind), "{about}: {told}"),
        other => panic!("{about}: exit code {other:?}: {told}"),
    }
    let again = lab.command(&scenario.arguments(lab, &folder)).output().unwrap();
    assert!(again.status.success(), "{about}: does not go on: {}", said(&again));
    same(&scenario.outcome(&folder), expected, &about);
    fs::remove_dir_all(&folder).unwrap();
    !struck.status.success()
}
