//! What a vision-language model answered, beside what was measured: field by field. Pure: no browser in here.

use fovea_shared::{
    bundle::CaseDescription,
    description::{Description, Field, Source, Word},
};

/// Both columns of one field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// The field.
    pub field: Field,
    /// What was measured; nothing where that was not assessable.
    pub measured: Option<&'static Word>,
    /// What the model said; nothing where it did not say.
    pub model: Option<&'static Word>,
}

/// How two words of a field compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are the same.
    Same,
    /// They differ.
    Different,
    /// Only one of the two says anything of the field.
    OneSide,
}

impl Row {
    /// How the two compare.
    pub fn verdict(&self) -> Verdict {
        match (self.measured, self.model) {
            (Some(measured), Some(model)) if measured == model => Verdict::Same,
            (Some(_), Some(_)) => Verdict::Different,
            _ => Verdict::OneSide,
        }
    }
}

/// A model's answer beside the measured words.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    /// The model's name.
    pub model: String,
    /// What must be said with its answer.
    pub caveat: Option<String>,
    /// The fields of which at least one of the two says something, in the schema's order.
    pub rows: Vec<Row>,
}

impl Answers {
    /// The first answer of a vision-language model in a case's descriptions beside these measured words. Nothing where there is none,
    /// where it is of another modality, and where neither says anything.
    pub fn find(measured: &Description, descriptions: &[CaseDescription]) -> Option<Self> {
        let is_answer = |said: &&CaseDescription| {
            matches!(said.description.source, Source::Vlm(_)) && said.description.modality == measured.modality
        };
        let answer = descriptions.iter().find(is_answer)?;
        let Source::Vlm(model) = &answer.description.source else { return None };
        let row = |field: &Field| {
            let row = Row { field: *field, measured: measured.get(*field), model: answer.description.get(*field) };
            (row.measured.is_some() || row.model.is_some()).then_some(row)
        };
        let rows: Vec<Row> = measured.modality.fields().iter().filter_map(row).collect();
        (!rows.is_empty()).then(|| Self { model: model.clone(), caveat: answer.caveat.clone(), rows })
    }

    /// In how many fields both say the same, and of how many both say something.
    pub fn agreement(&self) -> (usize, usize) {
        let count = |verdict| self.rows.iter().filter(|row| row.verdict() == verdict).count();
        let same = count(Verdict::Same);
        (same, same + count(Verdict::Different))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::description::Modality;

    use super::*;

    fn said(source: Source, words: &[(Field, &str)]) -> CaseDescription {
        let mut description = Description::new(Modality::Polyp, source);
        words.iter().for_each(|(field, word)| description.set(*field, Some(word)).unwrap());
        CaseDescription { description, caveat: Some("It may have seen the mask.".into()) }
    }

    fn llava() -> Source {
        Source::Vlm("llava".into())
    }

    #[test]
    fn both_columns_stand_field_by_field() {
        let measured = said(Source::Measured, &[(Field::Size, "small"), (Field::Shape, "oval"), (Field::Edge, "cut")]);
        let answer = said(llava(), &[(Field::Size, "small"), (Field::Shape, "round"), (Field::Paris, "0-Is")]);
        let found = Answers::find(&measured.description, &[measured.clone(), answer]).unwrap();
        let verdicts: Vec<(Field, Verdict)> = found.rows.iter().map(|row| (row.field, row.verdict())).collect();
        assert_eq!(
            verdicts,
            [
                (Field::Size, Verdict::Same),
                (Field::Shape, Verdict::Different),
                (Field::Edge, Verdict::OneSide),
                (Field::Paris, Verdict::OneSide),
            ]
        );
        assert_eq!((found.agreement(), found.model.as_str()), ((1, 2), "llava"));
        assert_eq!(found.caveat.as_deref(), Some("It may have seen the mask."));
    }

    #[test]
    fn without_an_answer_there_is_nothing_beside_the_words() {
        let measured = said(Source::Measured, &[(Field::Size, "small")]);
        let distilled = said(Source::Distilled("llava".into()), &[(Field::Size, "small")]);
        assert_eq!(Answers::find(&measured.description, &[measured.clone(), distilled]), None);
        let silent = said(Source::Measured, &[]);
        assert_eq!(Answers::find(&silent.description, &[said(llava(), &[])]), None);
        let mole = Description::new(Modality::SkinLesion, Source::Measured);
        assert_eq!(Answers::find(&mole, &[said(llava(), &[(Field::Size, "small")])]), None, "of another modality");
    }
}
