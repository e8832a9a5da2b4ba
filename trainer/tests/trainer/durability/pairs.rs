//! Two starts, and two resumes, at the same moment: one runs, the other says who does.

use std::{fs, process::Output};

use super::{
    count,
    lab::{Lab, outcome, said, same},
};

/// Runs two commands at once; gives the one that ran and the one that was refused.
fn both(lab: &Lab, commands: [Vec<String>; 2], about: &str) -> [(usize, Output); 2] {
    let children = commands.map(|arguments| lab.command(&arguments).spawn().unwrap());
    let ids = children.each_ref().map(std::process::Child::id);
    let [first, second] = children.map(|child| child.wait_with_output().unwrap());
    let texts = [said(&first), said(&second)];
    let outputs = [(0, first), (1, second)];
    let [ran, refused] = match outputs.each_ref().map(|(_, output)| output.status.code()) {
        [Some(0), Some(1)] => outputs,
        [Some(1), Some(0)] => {
            let [first, second] = outputs;
            [second, first]
        }
        codes => panic!("{about}: {codes:?}: {texts:?}"),
    };
    let told = said(&refused.1);
    assert!(told.contains(&format!("process {} on ", ids[ran.0])), "{about}: {told}");
    [ran, refused]
}

#[test]
fn of_two_starts_or_resumes_at_once_one_runs() {
    let (lab, pairs) = (Lab::new(), count("FOVEA_PAIRS", 2));
    let cache = lab.at("cache");
    let six = lab.command(&lab.train(&lab.at("six"), 6, &cache)).output().unwrap();
    assert!(six.status.success(), "{}", said(&six));
    let expected = [lab.whole(), outcome(&lab.at("six"))];
    let run = lab.at("trial");
    for pair in 0..pairs {
        let about = format!("start {pair}");
        let [(ran, _), _] = both(&lab, [5, 6].map(|seed| lab.train(&run, seed, &cache)), &about);
        same(&outcome(&run), &expected[ran], &about);
        let config = fs::read_to_string(run.join("config.toml")).unwrap();
        assert!(config.contains(&format!("seed = {}", ran + 5)), "{about}: {config}");
        fs::remove_dir_all(&run).unwrap();

        let about = format!("resume {pair}");
        lab.half(&run);
        both(&lab, [0; 2].map(|_| lab.go_on(&run, 5, &cache)), &about);
        same(&outcome(&run), &expected[0], &about);
        fs::remove_dir_all(&run).unwrap();
    }
    println!("pairs: {pairs} starts and {pairs} resumes, of each exactly one ran, and the other named it");
}
