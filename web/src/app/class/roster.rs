//! The files of a class. Plain data.

use crate::{
    glances::file::{EXTENSION, GlanceFile},
    text::{Message, message},
};

/// Most files that are kept.
pub const MOST: usize = 100;

/// A file that could be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Student {
    /// Name of the file without its end; a second one of that name has a number.
    pub name: String,
    /// Name of the file.
    came_as: String,
    /// What it holds.
    pub file: GlanceFile,
}

/// All files, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Roster {
    students: Vec<Student>,
    refused: Vec<Message>,
}

impl Roster {
    /// Adds a file, or why it cannot be read. The same file twice counts once; another one of the same
    /// name gets a number.
    pub fn add(&mut self, name: String, read: Result<GlanceFile, Message>) {
        match read {
            Ok(file) if self.students.iter().any(|one| one.came_as == name && one.file == file) => {}
            Ok(_) if self.students.len() == MOST => {
                self.refuse(message!("class-full", file = name, most = MOST.to_string()));
            }
            Ok(file) => {
                let stem = stem(&name).to_owned();
                let free = |called: &String| self.students.iter().all(|one| one.name != *called);
                let numbered = (2..).map(|number| format!("{stem} ({number})"));
                let called = std::iter::once(stem.clone()).chain(numbered).find(free);
                self.students.push(Student { name: called.unwrap_or(stem), came_as: name, file });
            }
            Err(why) => self.refuse(why),
        }
    }

    fn refuse(&mut self, why: Message) {
        if !self.refused.contains(&why) {
            self.refused.push(why);
        }
    }

    /// The files that could be read.
    pub fn students(&self) -> &[Student] {
        &self.students
    }

    /// Why the others could not, each with its name.
    pub fn refused(&self) -> &[Message] {
        &self.refused
    }

    /// Whether no file was brought.
    pub fn is_empty(&self) -> bool {
        self.students.is_empty() && self.refused.is_empty()
    }
}

/// A file's name without its end. A browser may have put a number before `.json`.
fn stem(name: &str) -> &str {
    let stem = name.strip_suffix(EXTENSION).or_else(|| name.strip_suffix(".json")).unwrap_or(name);
    if stem.is_empty() { name } else { stem }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::{
        description::Modality,
        gaze::{Fixation, GazeOrigin},
    };

    use super::*;
    use crate::glances::{GlanceSet, PictureGlance};

    fn file(x: f32) -> GlanceFile {
        let look = [Fixation { x, y: 0.5, duration_ms: 300.0, start_ms: 0.0 }];
        let glances = vec![PictureGlance::of("a", &look).unwrap()];
        GlanceFile { set: GlanceSet::new(Modality::Polyp, GazeOrigin::Pointer, glances).unwrap(), result: None }
    }

    #[test]
    fn a_second_file_of_a_name_gets_a_number_and_the_same_file_counts_once() {
        let mut roster = Roster::default();
        for (name, x) in [
            ("Ann.fovea-glances.json", 0.1),
            ("Ann.fovea-glances.json", 0.1),
            ("Ann.fovea-glances.json", 0.2),
            ("Ann.fovea-glances.json", 0.2),
            ("Anna.fovea-glances.json", 0.3),
            ("polyp-pointer.fovea-glances (1).json", 0.4),
            ("Ann.json", 0.5),
            ("Ann (2).json", 0.6),
        ] {
            roster.add(name.into(), Ok(file(x)));
        }
        let names: Vec<&str> = roster.students().iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["Ann", "Ann (2)", "Anna", "polyp-pointer.fovea-glances (1)", "Ann (3)", "Ann (2) (2)"]);
    }

    #[test]
    fn what_cannot_be_read_is_named_once_and_a_full_chart_says_so() {
        let mut roster = Roster::default();
        assert!(roster.is_empty());
        roster.add("b.json".into(), Err("b.json: why".into()));
        roster.add("b.json".into(), Err("b.json: why".into()));
        assert_eq!(roster.refused(), [Message::from("b.json: why")]);
        for i in 0..=MOST {
            roster.add(format!("{i}"), Ok(file(i as f32 / 1000.0)));
        }
        assert_eq!((roster.students().len(), roster.refused().len()), (MOST, 2));
        let said = roster.refused()[1].to_string();
        assert!(said.contains(&MOST.to_string()) && said.contains("100"), "{said}");
    }
}
