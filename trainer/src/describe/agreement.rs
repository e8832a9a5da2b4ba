//! How far two sources of descriptions agree, attribute by attribute.

use std::collections::BTreeMap;

use fovea_shared::description::{Description, Field, Modality};
use serde::{Deserialize, Serialize};

/// The agreement of two sources over the same images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The first source.
    pub first: String,
    /// The second source: the reference, where one of them is.
    pub second: String,
    /// Images that both describe, if only in part.
    pub images: usize,
    /// What must be said about this pair.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// One entry for every field that at least one of them says.
    pub fields: Vec<FieldAgreement>,
}

/// The agreement of two sources on one field. Shares are 0..1 and over the images where both say
/// something, except for the coverages; they are absent where there is no such image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldAgreement {
    /// The field's name.
    pub field: String,
    /// Share of the images where the first says something.
    pub first_coverage: f64,
    /// Share of the images where the second says something.
    pub second_coverage: f64,
    /// Images where both say something.
    pub both: usize,
    /// Share where they say the same: the first's accuracy, if the second is the truth.
    pub agreement: Option<f64>,
    /// Share that always saying the second's most frequent word would reach.
    pub majority: Option<f64>,
    /// Cohen's kappa (1960); absent where chance alone agrees always.
    pub kappa: Option<f64>,
    /// Mean over the words that either says of `F1 = 2 |both| / (|first| + |second|)`.
    pub macro_f1: Option<f64>,
    /// Macro-F1 of always saying the second's most frequent word.
    pub majority_macro_f1: Option<f64>,
    /// How often each word is said: by the first, by the second, by both of the same image.
    pub words: BTreeMap<String, [usize; 3]>,
}

/// Compares descriptions of the same images, `(first, second)` each.
pub fn compare(first: &str, second: &str, modality: Modality, pairs: &[(&Description, &Description)]) -> Agreement {
    let fields = modality.fields().iter().map(|field| compare_field(*field, pairs));
    Agreement {
        first: first.into(),
        second: second.into(),
        images: pairs.len(),
        note: String::new(),
        fields: fields.filter(|f| f.first_coverage + f.second_coverage > 0.0).collect(),
    }
}

fn compare_field(field: Field, pairs: &[(&Description, &Description)]) -> FieldAgreement {
    let word = |description: &Description| description.get(field).map(|w| w.name);
    let share = |count: usize| if pairs.is_empty() { 0.0 } else { count as f64 / pairs.len() as f64 };
    let mut words: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut both = 0;
    for (a, b) in pairs.iter().filter_map(|(a, b)| word(a).zip(word(b))) {
        both += 1;
        words.entry(a.into()).or_default()[0] += 1;
        words.entry(b.into()).or_default()[1] += 1;
        words.entry(b.into()).or_default()[2] += usize::from(a == b);
    }
    let n = both as f64;
    let some = |value: f64| (both > 0).then_some(value);
    let agreement = words.values().map(|w| w[2]).sum::<usize>() as f64 / n;
    let chance = words.values().map(|w| w[0] as f64 * w[1] as f64).sum::<f64>() / (n * n);
    let f1 = |w: &[usize; 3]| 2.0 * w[2] as f64 / (w[0] + w[1]) as f64;
    let most = words.values().map(|w| w[1]).max().unwrap_or(0);
    // Of the second's words alone: the constant answer says no other.
    let reference = words.values().filter(|w| w[1] > 0).count() as f64;
    FieldAgreement {
        field: field.name().into(),
        first_coverage: share(pairs.iter().filter(|(a, _)| word(a).is_some()).count()),
        second_coverage: share(pairs.iter().filter(|(_, b)| word(b).is_some()).count()),
        both,
        agreement: some(agreement),
        majority: some(most as f64 / n),
        kappa: some((agreement - chance) / (1.0 - chance)).filter(|k| k.is_finite()),
        macro_f1: some(words.values().map(f1).sum::<f64>() / words.len() as f64),
        majority_macro_f1: some(2.0 * most as f64 / (n + most as f64) / reference),
        words,
    }
}

impl Agreement {
    /// A Markdown table.
    pub fn markdown(&self) -> String {
        let mut out = format!("## {} against {}\n\n{} images.", self.first, self.second, self.images);
        if !self.note.is_empty() {
            out += &format!(" {}", self.note);
        }
        out += "\n\n| field | says the first | says the second | both | agreement | majority | kappa | macro-F1 | \
                macro-F1 of the majority |\n\
                |---|---|---|---|---|---|---|---|---|\n";
        let number = |value: Option<f64>| value.map_or("-".into(), |v| format!("{v:.3}"));
        for f in &self.fields {
            out += &format!(
                "| {} | {:.3} | {:.3} | {} | {} | {} | {} | {} | {} |\n",
                f.field,
                f.first_coverage,
                f.second_coverage,
                f.both,
                number(f.agreement),
                number(f.majority),
                number(f.kappa),
                number(f.macro_f1),
                number(f.majority_macro_f1),
            );
        }
        out
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::description::Source;

    fn say(shape: Option<&str>) -> Description {
        let mut d = Description::new(Modality::Polyp, Source::Measured);
        d.set(Field::Shape, shape).unwrap();
        d
    }

    fn shapes(pairs: &[(Option<&str>, Option<&str>)]) -> Agreement {
        let said: Vec<_> = pairs.iter().map(|(a, b)| (say(*a), say(*b))).collect();
        let pairs: Vec<_> = said.iter().map(|(a, b)| (a, b)).collect();
        compare("a", "b", Modality::Polyp, &pairs)
    }

    #[test]
    fn a_table_worked_out_by_hand() {
        let (r, o) = (Some("round"), Some("oval"));
        // Said by both: round/round x3, round/oval x1, oval/oval x1, oval/round x1; one image each where one is silent.
        let found = shapes(&[(r, r), (r, r), (r, r), (r, o), (o, o), (o, r), (None, o), (r, None)]);
        assert_eq!((found.images, found.fields.len()), (8, 1));
        let f = &found.fields[0];
        assert_eq!((f.field.as_str(), f.both, f.first_coverage, f.second_coverage), ("shape", 6, 0.875, 0.875));
        let close = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} {b}");
        close(f.agreement, 4.0 / 6.0);
        close(f.majority, 4.0 / 6.0);
        // Chance: (4 x 4 + 2 x 2) / 36.
        close(f.kappa, (4.0 / 6.0 - 20.0 / 36.0) / (1.0 - 20.0 / 36.0));
        // F1 of round 6 / 8, of oval 2 / 4.
        close(f.macro_f1, 0.625);
        // Always round: F1 of round 8 / 10, of oval 0.
        close(f.majority_macro_f1, 0.4);
        assert_eq!(f.words["round"], [4, 4, 3]);
        assert!(found.markdown().contains("| shape | 0.875 | 0.875 | 6 | 0.667 | 0.667 |"), "{}", found.markdown());
    }

    #[test]
    fn silence_and_unanimity_have_no_kappa() {
        let r = Some("round");
        let f = &shapes(&[(r, r), (r, r)]).fields[0];
        assert_eq!((f.agreement, f.kappa, f.macro_f1), (Some(1.0), None, Some(1.0)));
        let f = &shapes(&[(r, None), (None, r)]).fields[0];
        assert_eq!((f.both, f.agreement, f.majority, f.kappa, f.macro_f1), (0, None, None, None, None));
        assert!(shapes(&[(None, None)]).fields.is_empty());
        assert!(compare("a", "b", Modality::Polyp, &[]).fields.is_empty());
    }
}
