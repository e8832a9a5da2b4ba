//! The contact sheet: pictures of two lesions with the masks after looks at either.

use anyhow::Result;
use fovea_shared::{image::RgbImage, plane::Mask, predictor::mask_at};

use super::{
    Lab, Run,
    pictures::{From, Picture},
    two::{Seen, seen},
};
use crate::report::interact::{
    Part,
    sheet::{Row, Sheet},
};

/// All images that truly show two lesions, and the first `made` pictures of either kind; `None`
/// where there are none of all.
pub(super) fn sheet(lab: &Lab<'_>, run: &Run<'_>, title: String, made: usize) -> Result<Option<RgbImage>> {
    let of = |part: Part| lab.made.iter().filter(move |picture| picture.part == part).take(made);
    let pictures: Vec<&Picture> = lab.doubles.iter().chain(of(Part::SideBySide)).chain(of(Part::Blended)).collect();
    if pictures.is_empty() {
        return Ok(None);
    }
    let seen = seen(run, &pictures)?;
    let rows = pictures.iter().zip(&seen).map(|(picture, seen)| row(lab, picture, seen)).collect::<Result<_>>()?;
    Ok(Some(Sheet { title, rows }.draw()))
}

fn row(lab: &Lab<'_>, picture: &Picture, seen: &Seen) -> Result<Row> {
    let image = match picture.from {
        From::Case(case) => lab.cases[case].load_image()?,
        From::Made(_) => picture.image.clone(),
    };
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mask = |logits| -> Mask { mask_at(logits, width, height) };
    let share = |lesion: usize| picture.shares(&seen.looked[lesion].above(0.0), lesion).side;
    let kind = match picture.part {
        Part::Doubles => "truly two",
        Part::SideBySide => "side by side",
        _ => "blended",
    };
    Ok(Row {
        label: format!("{kind}: {}", picture.id),
        lesions: picture.lesions.clone(),
        masks: [mask(&seen.plain), mask(&seen.looked[0]), mask(&seen.looked[1])],
        looks: picture.looks.clone(),
        shares: [share(0), share(1)],
        image,
    })
}
