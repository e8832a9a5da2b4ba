#![allow(clippy::unwrap_used)]
use super::super::fixture;
use std::fs;

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
    let leak = message("x");
    assert!(leak.contains("train list and in its test list: `a` (splits/x-train.txt, line 1 and"), "{leak}");
    assert!(leak.contains("splits/x-test.txt, line 3)") && leak.contains("`c`"), "{leak}");
    write(&folder, "x-test", "i\nj\ni\n");
    assert!(message("x").contains("`i` (line 3)"), "{}", message("x"));
    write(&folder, "x-test", "i\nq1\nq2\nq3\nq4\nq5\nq6\nq7\n");
    let strangers = message("x");
    assert!(strangers.contains("7 lines") && strangers.contains("x-test.txt"), "{strangers}");
    assert!(strangers.contains("line 2: `q1` is not in the data") && strangers.contains("2 more"), "{strangers}");
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

#[test]
fn a_line_that_is_no_id_says_what_it_must_be() {
    let (folder, data) = data();
    for (line, why) in [
        ("images/c.png", Why::Path("c".into())),
        ("C:\\data\\images\\c.png", Why::Path("c".into())),
        ("./c.png", Why::Path("c".into())),
        ("images/c.png masks/c.png", Why::Columns("c".into())),
        ("c.png\tc_mask.png", Why::Columns("c".into())),
        ("c,1", Why::Columns("c".into())),
        ("c;train", Why::Columns("c".into())),
        ("\"c\"", Why::Quotes("c".into())),
        ("C.PNG", Why::Case("c".into())),
        ("c.tif", Why::Extension("c".into())),
        ("id", Why::Unknown),
        ("17", Why::Unknown),
    ] {
        write(&folder, "y-train", &format!("a\n# note\n{line}\n"));
        let list = List::read(&folder.path().join("splits/y-train.txt")).unwrap();
        let strangers = list.unknown(&data);
        assert_eq!((strangers.len(), strangers[0].line, &strangers[0].why), (1, 3, &why), "{line}");
        // The command and the check say the same.
        let said = strangers[0].to_string();
        let used = split(&data, "y", 0.0, 1).unwrap_err().to_string();
        assert!(used.contains(&format!("line 3: {said}")) && used.contains("y-train.txt"), "{used}");
        let report = crate::check::check_folder(folder.path()).unwrap();
        let found = report.defects.iter().find(|d| d.subject == "splits/y-train.txt:3").unwrap();
        assert_eq!((found.severity, &found.message), (crate::defect::Severity::Error, &said));
    }
}

#[test]
fn a_list_is_read_in_any_encoding() {
    let (folder, data) = data();
    let path = folder.path().join("splits/z-train.txt");
    let little: Vec<u8> = "a\r\nb.png\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&b"\xef\xbb\xbfa\nb\n"[..], b"a\rb\r", b"a\r\n b \r\n", &[b"\xff\xfe", &little[..]].concat(), &little]
    {
        fs::write(&path, bytes).unwrap();
        assert_eq!(split(&data, "z", 0.0, 1).unwrap().train, ["a", "b"]);
    }
    fs::write(&path, b"a\nb\xef\n").unwrap();
    let error = crate::error::told(&split(&data, "z", 0.0, 1).unwrap_err());
    assert!(error.contains("z-train.txt") && error.contains("line 2") && error.contains("UTF-8"), "{error}");
    // A name in its two forms of Unicode is one name.
    fs::write(&path, "bi\u{308}ld\n").unwrap();
    assert_eq!(List::read(&path).unwrap().entries, [(1, "bïld".to_owned())]);
}
