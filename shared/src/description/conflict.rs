//! Statements that cannot both be true.

use super::{Description, DescriptionError, Field};

/// A field and the word that it has.
type Claim = (Field, &'static str);

/// Pairs of claims that exclude each other.
const EXCLUSIVE: &[(Claim, Claim)] = &[
    ((Field::Shape, "round"), (Field::Asymmetry, "two_axes")),
    ((Field::Shape, "irregular"), (Field::Asymmetry, "symmetric")),
    ((Field::ColourCount, "three_or_more"), (Field::Structure, "structureless")),
];

pub(super) fn check(description: &Description) -> Result<(), DescriptionError> {
    let says = |(field, word): Claim| description.get(field).is_some_and(|w| w.name == word);
    match EXCLUSIVE.iter().find(|(a, b)| says(*a) && says(*b)) {
        None => Ok(()),
        Some((a, b)) => Err(DescriptionError::Conflict {
            field: a.0.name().into(),
            cause: format!("`{}` = `{}` excludes `{}` = `{}`", a.0.name(), a.1, b.0.name(), b.1),
        }),
    }
}
