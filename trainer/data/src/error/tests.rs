#![allow(clippy::unwrap_used)]
use std::fs;
use std::path::Path;

use super::*;
use crate::info::{self, Info};
use crate::mask::Rule;
use crate::splits::{Role, Why, split};
use crate::text::ReadError;
use crate::{Dataset, check_gaze, fixture, hash, scan, stack};

/// A data set of these images in a folder of its own.
fn data(ids: &[&str]) -> (tempfile::TempDir, Dataset) {
    let folder = tempfile::tempdir().unwrap();
    fixture::write(folder.path(), ids);
    let dataset = Dataset::open(folder.path()).unwrap();
    (folder, dataset)
}

#[test]
fn a_folder_that_is_no_data_set_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let why = |root: &Path| match scan::scan(root).unwrap_err() {
        DataError::Folder(error) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(why(&root.join("no")), FolderError::Missing(path) if path.ends_with("no")));
    assert!(matches!(why(root), FolderError::UnknownLayout(path) if path == root));
    fs::create_dir(root.join("images")).unwrap();
    assert!(matches!(why(root), FolderError::NoImages(folders) if folders == [root.join("images")]));
    let read = |text: &str| -> Result<Option<Info>> {
        fs::write(root.join(info::FILE), text).unwrap();
        info::read(root)
    };
    assert!(matches!(read("{"), Err(DataError::Folder(FolderError::InfoShape { .. }))));
    let other = read(r#"{"format": 9, "name": "a"}"#);
    assert!(matches!(other, Err(DataError::Folder(FolderError::InfoFormat { found: 9, read: 1, .. }))), "{other:?}");
}

#[test]
fn a_data_set_with_errors_holds_them_all() {
    let (folder, _) = data(&["a", "b"]);
    let names = ["a", "b", "c", "d", "e", "f", "g"];
    let rows: String = names.iter().map(|id| format!("{id}.jpg,1,left,0.5,300,0,900,16,24\n")).collect();
    let path = folder.path().join("gaze/all.csv");
    fs::write(&path, fs::read_to_string(&path).unwrap() + &rows).unwrap();
    let error = Dataset::open(folder.path()).unwrap_err();
    let message = error.to_string();
    let DataError::Defects { defects, .. } = error else { panic!("{message}") };
    assert_eq!(defects.len(), names.len());
    assert_eq!(message.lines().count(), 6, "the first five are named: {message}");
}

#[test]
fn lists_say_which_lines_are_wrong() {
    let (folder, data) = data(&["a", "b", "c"]);
    let list = |name: &str, text: &str| fs::write(folder.path().join(format!("splits/{name}.txt")), text).unwrap();
    let why = |name: &str| match split(&data, name, 0.5, 1).unwrap_err() {
        DataError::Split(error) => error,
        other => panic!("{other:?}"),
    };
    list("x-train", "a\nb,1\n");
    let SplitError::Strangers { list: path, lines, .. } = why("x") else { panic!("{:?}", why("x")) };
    assert!(path.ends_with("x-train.txt"));
    assert_eq!((lines[0].line, &lines[0].why), (2, &Why::Columns("b".into())));
    list("x-train", "a\nb\na\n");
    assert!(matches!(why("x"), SplitError::Repeated { lines, .. } if lines == [(3, "a".to_owned())]));
    list("x-train", "a\nb\n");
    list("x-test", "c\nb\n");
    let SplitError::Leak { first: Role::Train, second: Role::Test, ids, .. } = why("x") else {
        panic!("{:?}", why("x"))
    };
    assert_eq!((ids[0].id.as_str(), ids[0].places[1].as_str()), ("b", "splits/x-test.txt, line 2"));
    assert!(matches!(why("y"), SplitError::Unknown { known, .. } if known == ["x"]));
    fs::write(folder.path().join("splits/x-train.txt"), b"a\nb\xef\n").unwrap();
    let SplitError::List { source: ReadError::Text(text), .. } = why("x") else { panic!("{:?}", why("x")) };
    assert!(text.to_string().contains("line 2"), "{text}");
}

#[test]
fn images_masks_and_gaze_name_their_file_and_keep_what_lies_behind() {
    let (folder, data) = data(&["a", "b"]);
    let at = |path: &str| folder.path().join(path);
    fs::write(at("images/a.png"), "text").unwrap();
    let error = data.cases[0].load_image().unwrap_err();
    let DataError::Image { case, source } = &error else { panic!("{error:?}") };
    assert!(
        matches!(&**source, DataError::Decode { path, source: PictureError::Image(_) } if *path == at("images/a.png"))
    );
    assert_eq!(case, "a");
    let all = told(&error);
    assert!(
        all.starts_with("image of case `a`: cannot decode ") && all.contains("a.png: this is a text file"),
        "{all}"
    );
    assert_eq!(innermost(&error).to_string(), told(&error).rsplit("a.png: ").next().unwrap());

    // Two greens equally bright: which of them is inside, nobody knows.
    let greens = image::RgbImage::from_fn(24, 16, |x, _| image::Rgb(if x < 12 { [0, 150, 0] } else { [0, 152, 0] }));
    greens.save(at("masks/b.png")).unwrap();
    let error = data.cases[1].load_mask(24, 16).unwrap_err();
    let DataError::WrongMask { source, .. } = &error else { panic!("{error:?}") };
    assert!(matches!(&**source, DataError::Mask(MaskError::TwoReadings { first: Rule::Only(_), .. })), "{source:?}");

    fs::write(at("gaze/all.csv"), "IMAGE\n").unwrap();
    assert!(matches!(check_gaze::gaze_file(&at("gaze/all.csv")), Err(DataError::Gaze(GazeError::Table(_)))));
    let missing = hash::file_sha256(&at("none")).unwrap_err();
    let DataError::Read { path, source } = &missing else { panic!("{missing:?}") };
    assert!(path.ends_with("none") && source.kind() == io::ErrorKind::NotFound, "{missing:?}");
    assert!(matches!(stack::open(&at("images")), Err(DataError::Stack(StackError::NoDicom(_)))));
    let unknown = data.select(&["a".into(), "z".into()]).unwrap_err();
    assert!(matches!(&unknown, DataError::UnknownImage { id, .. } if id == "z"), "{unknown:?}");
}

#[test]
fn an_error_is_small_enough_to_be_returned() {
    assert!(size_of::<DataError>() < 128, "{}", size_of::<DataError>());
}
