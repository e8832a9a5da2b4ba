#![allow(clippy::unwrap_used)]
use super::super::fixture;
use super::*;

const IDS: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

fn data() -> (tempfile::TempDir, Dataset) {
    let folder = tempfile::tempdir().unwrap();
    fixture::write(folder.path(), &IDS);
    write(&folder, "x-train", "a\nb\nc\nd\ne\nf\ng\nh\n");
    write(&folder, "x-test", "# the last two\ni.jpg\n\nj\n");
    let dataset = Dataset::open(folder.path()).unwrap();
    (folder, dataset)
}

fn write(folder: &tempfile::TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(format!("splits/{name}.txt")), text).unwrap();
}

#[test]
fn validation_comes_from_the_training_list_whatever_its_order() {
    let (folder, data) = data();
    let first = split(&data, "x", 0.25, 7).unwrap();
    assert_eq!((first.train.len(), first.validation.len()), (6, 2));
    assert_eq!(first.test, ["i", "j"]);
    assert!(first.drawn && first.validation.iter().all(|id| !first.train.contains(id) && !first.test.contains(id)));
    write(&folder, "x-train", "h\ng\nf\ne\nd\nc\nb\na");
    assert_eq!(split(&data, "x", 0.25, 7).unwrap(), first);
    assert!((0..20).any(|seed| split(&data, "x", 0.25, seed).unwrap().validation != first.validation));
    assert_eq!(split(&data, "x", 0.0, 7).unwrap().train.len(), 8);
    assert_eq!(split(&data, "x", 0.001, 7).unwrap().validation.len(), 1);
    assert!(split(&data, "x", 1.0, 7).is_err());
    assert!(split(&data, "x", 0.99, 7).unwrap_err().to_string().contains("cannot give"));
}

#[test]
fn images_to_measure_on_alone_have_an_empty_training_list() {
    let (folder, data) = data();
    write(&folder, "real-train", "");
    assert!(split(&data, "real", 0.25, 7).unwrap_err().to_string().contains("is empty"));
    write(&folder, "real-test", "a\nb\n");
    let real = split(&data, "real", 0.25, 7).unwrap();
    assert_eq!((real.train.len(), real.validation.len(), real.test.len(), real.drawn), (0, 0, 2, false));
}

#[test]
fn a_split_of_the_data_set_comes_before_a_folder_of_its_name() {
    // Tests run in the crate's folder, which has a folder `src`.
    let (folder, data) = data();
    assert!(Path::new("src").is_dir());
    write(&folder, "src-train", "a\nb\n");
    assert_eq!(split(&data, "src", 0.0, 7).unwrap().train, ["a", "b"]);
}

#[test]
fn lists_of_their_own_folders_and_files() {
    let (folder, data) = data();
    write(&folder, "o-train", "a\nb\nc\n");
    write(&folder, "o-val", "d\ne\n");
    let official = split(&data, "o", 0.3, 1).unwrap();
    assert_eq!((official.test, official.drawn), (vec!["d".into(), "e".into()], true));
    write(&folder, "o-test", "f\n");
    let three = split(&data, "o", 0.3, 1).unwrap();
    assert_eq!((three.validation.len(), three.test.len(), three.drawn), (2, 1, false));
    let root = folder.path().display();
    let files = format!("train={root}/splits/o-train.txt, test={root}/splits/o-test.txt");
    assert_eq!(split(&data, &files, 0.3, 1).unwrap().test, ["f"]);
    let own = tempfile::tempdir().unwrap();
    fs::write(own.path().join("train.txt"), "a\nb\n").unwrap();
    fs::write(own.path().join("test.txt"), "c\n").unwrap();
    assert_eq!(split(&data, own.path().to_str().unwrap(), 0.5, 1).unwrap().test, ["c"]);
    let message = split(&data, folder.path().join("splits").to_str().unwrap(), 0.5, 1).unwrap_err().to_string();
    assert!(message.contains("several") && message.contains("o, x"), "{message}");
}

#[test]
fn without_a_name_gaze_or_the_only_split_is_meant() {
    let (folder, data) = data();
    assert_eq!(default_name(&data).unwrap(), "x");
    write(&folder, "train", "a\n");
    assert!(default_name(&data).unwrap_err().to_string().contains("default, x"));
    write(&folder, "gaze-train", "a\n");
    assert_eq!(default_name(&data).unwrap(), "gaze");
    fs::remove_dir_all(folder.path().join("splits")).unwrap();
    assert!(split(&data, &default_name(&data).unwrap(), 0.1, 1).unwrap_err().to_string().contains("`gaze`"));
}

#[test]
fn refuses_leaks_repeats_strangers_and_unknown_names() {
    let (folder, data) = data();
    let message = |name: &str| split(&data, name, 0.2, 1).unwrap_err().to_string();
    write(&folder, "x-test", "i\nc\na\n");
    assert!(message("x").contains("train list and in its test list: a, c"), "{}", message("x"));
    write(&folder, "x-test", "i\nj\ni\n");
    assert!(message("x").contains("`i` (line 3)"), "{}", message("x"));
    write(&folder, "x-test", "i\nq1\nq2\nq3\nq4\nq5\nq6\nq7\n");
    let strangers = message("x");
    assert!(strangers.contains("7 ids") && strangers.contains("x-test.txt"), "{strangers}");
    assert!(strangers.contains("`q1` (line 2)") && strangers.contains("2 more"), "{strangers}");
    assert!(
        message("gaze").contains("there is no split `gaze`") && message("gaze").contains(": x"),
        "{}",
        message("gaze")
    );
    assert!(message("train=a.txt,tset=b.txt").contains("tset"));
    write(&folder, "train", "a\nb\n");
    assert_eq!(split(&data, "default", 0.5, 1).unwrap().train.len(), 1);
    write(&folder, "y-test", "i\n");
    assert!(message("y").contains("no training list"));
}
