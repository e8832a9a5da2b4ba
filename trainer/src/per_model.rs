//! What is known of the models of a run: its student, and its teacher without and with gaze.

use serde::{Deserialize, Serialize};

/// Which model of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelKind {
    /// The student, from the image alone.
    Student,
    /// The teacher without gaze.
    Teacher,
    /// The teacher with all gaze of the image.
    TeacherWithGaze,
}

impl ModelKind {
    /// All, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Student, Self::Teacher, Self::TeacherWithGaze];

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Teacher => "teacher",
            Self::TeacherWithGaze => "teacher_with_gaze",
        }
    }
}

/// One value a model; `None` for a model that the run does not have, or that was not asked.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerModel<T> {
    /// The student's: image only.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub student: Option<T>,
    /// The teacher's without gaze.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub teacher: Option<T>,
    /// The teacher's with gaze as a prompt: not comparable with methods that see images only.
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    pub teacher_with_gaze: Option<T>,
}

impl<T> Default for PerModel<T> {
    fn default() -> Self {
        Self { student: None, teacher: None, teacher_with_gaze: None }
    }
}

impl<T> PerModel<T> {
    /// One model's.
    pub fn get(&self, kind: ModelKind) -> Option<&T> {
        match kind {
            ModelKind::Student => self.student.as_ref(),
            ModelKind::Teacher => self.teacher.as_ref(),
            ModelKind::TeacherWithGaze => self.teacher_with_gaze.as_ref(),
        }
    }

    /// One model's, to be set.
    pub fn get_mut(&mut self, kind: ModelKind) -> &mut Option<T> {
        match kind {
            ModelKind::Student => &mut self.student,
            ModelKind::Teacher => &mut self.teacher,
            ModelKind::TeacherWithGaze => &mut self.teacher_with_gaze,
        }
    }

    /// What is known, in the order of tables.
    pub fn iter(&self) -> impl Iterator<Item = (ModelKind, &T)> {
        ModelKind::ALL.into_iter().filter_map(move |kind| Some((kind, self.get(kind)?)))
    }

    /// The same models with other values.
    pub fn map<U>(&self, change: impl FnMut(&T) -> U) -> PerModel<U> {
        let [student, teacher, teacher_with_gaze] =
            [&self.student, &self.teacher, &self.teacher_with_gaze].map(Option::as_ref);
        let mut change = change;
        PerModel {
            student: student.map(&mut change),
            teacher: teacher.map(&mut change),
            teacher_with_gaze: teacher_with_gaze.map(change),
        }
    }

    /// The student's, or where there is no student the teacher's without gaze.
    pub fn shown(&self) -> Option<&T> {
        self.student.as_ref().or(self.teacher.as_ref())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_not_known_is_not_written() {
        let scores = PerModel { teacher: Some(0.5), teacher_with_gaze: Some(0.75), ..PerModel::default() };
        let text = serde_json::to_string(&scores).unwrap();
        assert_eq!(text, r#"{"teacher":0.5,"teacher_with_gaze":0.75}"#);
        assert_eq!(serde_json::from_str::<PerModel<f64>>(&text).unwrap(), scores);
        // Cells of before write an absent student as null.
        assert_eq!(serde_json::from_str::<PerModel<f64>>(r#"{"student":null}"#).unwrap(), PerModel::default());
        assert_eq!(scores.shown(), Some(&0.5));
        let names: Vec<&str> = scores.map(|score| score * 2.0).iter().map(|(kind, _)| kind.name()).collect();
        assert_eq!(names, ["teacher", "teacher_with_gaze"]);
        for kind in ModelKind::ALL {
            let mut one = PerModel::default();
            *one.get_mut(kind) = Some(kind.name());
            assert_eq!(one.iter().collect::<Vec<_>>(), [(kind, &kind.name())]);
        }
    }
}
