//! Gaze that comes from files of the visitor's.

use fovea_shared::{
    gaze::{Fixation, GazeOrigin, GazeTable, Scanpath},
    text_file::decode,
};

use super::words::both;
use crate::{
    app::{model::Model, status::numbers},
    errors::{self, of_file},
    text::{Message, message, say},
};

/// Most fixations that are taken from a file.
const MOST_FIXATIONS: usize = 5000;

/// How many names of a file's images a message repeats.
const NAMES_SHOWN: usize = 5;

/// A file that is meant as gaze.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct GazeFile {
    /// Its name.
    pub name: String,
    /// Its content, or why it could not be read.
    pub bytes: Result<Vec<u8>, Message>,
}

/// What a gaze CSV has for an image.
#[derive(Clone, Debug, PartialEq)]
enum Fit {
    /// Gaze on the image of this name.
    Named(Scanpath),
    /// Gaze on one image, of another name.
    Only(Scanpath),
}

/// The text of a file.
fn text_of(bytes: &[u8]) -> Result<String, Message> {
    if bytes.is_empty() {
        return Err(message!("gaze-file-empty"));
    }
    decode(bytes).map_err(|e| errors::text_file(&e))
}

/// What a gaze table has of the image with this stem; of the one image that is in it, whatever it
/// is called. And what is to be said of
/// rows that count for nothing.
fn gaze_on(text: &str, stem: &str) -> Result<(Fit, Message), Message> {
    let mut table = GazeTable::read(text).map_err(|e| errors::gaze_csv(&e))?;
    let wrong = (!table.wrong.is_empty()).then(|| table.wrong.swap_remove(0)).or_else(|| table.units());
    if let Some(error) = wrong {
        return Err(errors::gaze_csv(&error));
    }
    let mut paths = table.scanpaths();
    let found = match (paths.remove(stem), paths.len()) {
        (Some(path), _) => Fit::Named(path),
        (None, 1) => Fit::Only(paths.pop_first().map(|(_, path)| path).unwrap_or_default()),
        (None, 0) => return Err(message!("gaze-file-empty")),
        (None, _) => {
            let names: Vec<&str> = paths.keys().take(NAMES_SHOWN).map(String::as_str).collect();
            let names = format!("{}{}", names.join(", "), if paths.len() > NAMES_SHOWN { ", …" } else { "" });
            return Err(message!("gaze-file-other", image = stem.to_owned(), names = names));
        }
    };
    let (Fit::Named(path) | Fit::Only(path)) = &found;
    match path.fixations.len() {
        0 => Err(message!("gaze-file-empty")),
        count if count > MOST_FIXATIONS => {
            Err(message!("gaze-file-long", count = count.to_string(), most = MOST_FIXATIONS.to_string()))
        }
        _ => Ok((found, passed_over(&table))),
    }
}

/// How many rows count for nothing, and why; empty where all count.
fn passed_over(table: &GazeTable) -> Message {
    let [lost, outside, repeated] = [table.lost.len(), table.outside.len(), table.repeated.len()];
    if lost + outside + repeated == 0 {
        return Message::default();
    }
    let [lost, outside, repeated] = [lost, outside, repeated].map(|count| count.to_string());
    message!("gaze-rows-passed", lost = lost, outside = outside, repeated = repeated)
}

/// Of some files the gaze on the image with this stem, with the name of its file; and what is to be
/// said of the others. A file that names
/// the image goes before one that has gaze on another; of two alike the first.
fn choose(files: Vec<GazeFile>, stem: &str) -> (Option<(String, Vec<Fixation>)>, Message) {
    let (mut named, mut only, mut refused) = (Vec::new(), Vec::new(), Message::default());
    for GazeFile { name, bytes } in files {
        // A file that cannot be read says its name itself.
        let fit = match bytes {
            Ok(bytes) => text_of(&bytes).and_then(|text| gaze_on(&text, stem)).map_err(|why| of_file(&name, why)),
            Err(why) => Err(why),
        };
        match fit {
            Ok((Fit::Named(path), passed)) => named.push((name, path.fixations, passed)),
            Ok((Fit::Only(path), passed)) => only.push((name, path.fixations, passed)),
            Err(why) => refused = both(refused, why),
        }
    }
    let mut all = named.into_iter().chain(only);
    let taken = all.next();
    let Some((file, fixations, passed)) = taken else { return (None, refused) };
    let left = |name: String| message!("incoming-left-gaze", file = name, taken = &file);
    let passed = if passed.is_empty() { passed } else { of_file(&file, passed) };
    let said = all.fold(both(refused, passed), |said, (name, ..)| both(said, left(name)));
    (Some((file, fixations)), said)
}

/// Takes what files have of the open image. Gives what is to be said of the others; where none fits,
/// the gaze stays as it was.
pub(super) fn take(model: &mut Model, files: Vec<GazeFile>) -> Message {
    if model.current.is_none() {
        let no_image = |file: &GazeFile| message!("gaze-file-no-image", file = &file.name);
        return files.iter().map(no_image).fold(Message::default(), both);
    }
    let (taken, said) = choose(files, &model.stem());
    if let Some((file, fixations)) = taken {
        let points = numbers::points(fixations.len());
        // A file says by its name what it is not; no name makes it a recording.
        model.inputs.replace(fixations, GazeOrigin::of_file_name(&file));
        model.gaze_changed(say!("points-taken-file", points = points, file = file));
    }
    said
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::gaze::write_csv;

    use super::*;

    fn csv(images: &[&str]) -> String {
        let path = Scanpath { fixations: vec![Fixation { x: 0.25, y: 0.5, duration_ms: 300.0, start_ms: 0.0 }] };
        write_csv(&images.iter().map(|name| (name.to_string(), (path.clone(), (10, 20)))).collect())
    }

    fn file(name: &str, text: &str) -> GazeFile {
        GazeFile { name: name.into(), bytes: Ok(text.as_bytes().to_vec()) }
    }

    #[test]
    fn gaze_is_found_by_name_or_because_there_is_no_other() {
        assert!(matches!(gaze_on(&csv(&["a", "b"]), "b"), Ok((Fit::Named(_), said)) if said.is_empty()));
        assert!(matches!(gaze_on(&csv(&["a"]), "b"), Ok((Fit::Only(path), _)) if path.fixations[0].x == 0.25));
        let other = gaze_on(&csv(&["a", "c", "d", "e", "f", "g"]), "b").unwrap_err().to_string();
        assert!(other.contains('b') && other.contains("a, c, d, e, f, …"), "{other}");
        assert!(gaze_on(&csv(&[]), "b").is_err());
        assert!(gaze_on("x,y\n", "b").unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn of_two_files_the_one_that_names_the_image_is_taken_and_the_other_is_said() {
        let (taken, said) = choose(vec![file("other.csv", &csv(&["x"])), file("mine.csv", &csv(&["b"]))], "b");
        assert_eq!(taken.unwrap().0, "mine.csv");
        assert!(said.to_string().contains("other.csv"), "{said}");
        let (taken, said) = choose(vec![file("bad.csv", "x,y\n"), file("one.csv", &csv(&["x"]))], "b");
        assert_eq!(taken.unwrap().0, "one.csv");
        assert!(said.to_string().starts_with("bad.csv: line 1"), "{said}");
    }

    #[test]
    fn rows_that_count_for_nothing_are_counted() {
        let text = csv(&["b"]);
        let row = text.lines().nth(1).unwrap();
        let lost = row.replacen("0.25", "NA", 1);
        let (taken, said) = choose(vec![file("mine.csv", &format!("{text}{row}\n{lost}\n"))], "b");
        assert_eq!(taken.unwrap().1.len(), 1);
        assert!(said.to_string().starts_with("mine.csv: ") && said.to_string().contains('1'), "{said}");
    }

    #[test]
    fn a_file_that_is_no_text_says_what_it_is() {
        let why = |bytes: &[u8]| {
            let (taken, said) = choose(vec![GazeFile { name: "g.csv".into(), bytes: Ok(bytes.to_vec()) }], "b");
            assert_eq!(taken, None);
            said.to_string()
        };
        assert!(why(&[0xff, 0xfe, b'a']).contains("UTF-16"));
        assert!(why(&[b'a', 0xf6]).starts_with("g.csv: line 1"));
        assert!(why(&[]).starts_with("g.csv: there is no fixation"));
    }
}
