//! `fovea data fixations` through the binary.

use std::{fmt::Write as _, fs};

use crate::binary::{fails, passes};

/// Samples at 50 Hz: each place for so many ms.
fn samples(image: &str, places: &[(&str, &str, u32)]) -> String {
    let mut text = String::new();
    let mut time = 0;
    for (x, y, ms) in places {
        for _ in 0..ms / 20 {
            writeln!(text, "{image},{time},{x},{y}").unwrap();
            time += 20;
        }
    }
    text
}

#[test]
fn samples_become_a_gaze_file_that_the_check_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let drawn = ["data", "phantom", "--count", "2", "--seed", "4", "--size", "96x80", "--out", &path("set")];
    passes(&drawn);
    fs::remove_dir_all(folder.path().join("set/gaze")).unwrap();
    let mut ids: Vec<String> = fs::read_dir(folder.path().join("set/images"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    ids.sort();
    let header = "image,time_ms,x,y\n";
    let first = samples(&ids[0], &[("0.25", "0.5", 300), ("", "", 100), ("0.75", "0.5", 200)]);
    let second = samples(&ids[1], &[("0.5", "0.5", 60), ("1.5", "0.5", 400)]);
    fs::write(path("samples.csv"), format!("{header}{first}{second}")).unwrap();
    let out = path("set/gaze/pointer.csv");
    let run = ["data", "fixations", &path("samples.csv"), "--data", &path("set"), "--out", &out];
    let said = passes(&run);
    assert!(said.contains("2 fixations on 1 images") && said.contains("25 of 53 samples"), "{said}");
    let written = fs::read_to_string(&out).unwrap();
    assert_eq!(written.lines().count(), 3, "{written}");
    assert!(
        written.contains(",1,0.25,0.5,280,0,0,80.0,96.0") && written.contains(",2,0.75,0.5,180,0,400,"),
        "{written}"
    );
    passes(&["data", "check", &path("set")]);

    let again = fails(&run);
    assert!(again.contains("pointer.csv exists already") && again.contains("--force"), "{again}");
    passes(&[&run[..], &["--force"]].concat());

    fs::write(path("samples.csv"), format!("{header}{}", samples("stranger.png", &[("0.5", "0.5", 300)]))).unwrap();
    let stranger = fails(&[&run[..], &["--force"]].concat());
    assert!(stranger.contains("`stranger`"), "{stranger}");
    fs::write(path("samples.csv"), format!("{header}{}", samples(&ids[0], &[("320", "200", 300)]))).unwrap();
    let pixels = fails(&[&run[..], &["--force"]].concat());
    assert!(pixels.contains("15 samples lie outside") && pixels.contains("0..1"), "{pixels}");
    assert_eq!(fs::read_to_string(&out).unwrap(), written, "a failed start changes nothing");
}
