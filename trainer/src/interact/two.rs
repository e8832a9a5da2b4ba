//! Pictures of two lesions, looked at one and then at the other.

use std::collections::BTreeMap;

use anyhow::Result;
use fovea_shared::{
    metrics::dice,
    plane::{Mask, Plane},
    predictor::mask_at,
};

use super::{Lab, Run, ask::Ask, pictures::Picture};
use crate::{data::parallel, report::interact::Line};

/// The teacher's masks of one picture, of its logits' cells or larger.
pub(super) struct Seen {
    /// Without a look.
    pub(super) plain: Plane,
    /// After three looks at either lesion.
    pub(super) looked: [Plane; 2],
}

/// Asks about pictures: without a look, and with looks at either lesion.
pub(super) fn seen(run: &Run<'_>, pictures: &[&Picture]) -> Result<Vec<Seen>> {
    let asks: Vec<Ask<'_>> = pictures
        .iter()
        .flat_map(|picture| {
            let features = run.seen(picture);
            [None, Some(&picture.looks[0]), Some(&picture.looks[1])].map(|gaze| Ask { features, gaze, text: None })
        })
        .collect();
    let planes = run.teacher().answer(&asks)?;
    let three = |planes: &[Plane]| Seen { plain: planes[0].clone(), looked: [planes[1].clone(), planes[2].clone()] };
    Ok(planes.chunks_exact(3).map(three).collect())
}

/// One line a picture.
pub(super) fn lines(lab: &Lab<'_>, run: &Run<'_>) -> Result<Vec<Line>> {
    let pictures: Vec<&Picture> = lab.made.iter().chain(&lab.doubles).collect();
    let seen = seen(run, &pictures)?;
    let jobs: Vec<(&Picture, &Seen)> = pictures.into_iter().zip(&seen).collect();
    let line = |(picture, seen): &(&Picture, &Seen)| Line {
        part: picture.part,
        seed: run.seed,
        id: picture.id.clone(),
        values: values(picture, seen),
    };
    let mut lines = parallel::map(&jobs, line, || ());
    lines.sort_by_key(|line| line.part);
    Ok(lines)
}

fn values(picture: &Picture, seen: &Seen) -> BTreeMap<&'static str, f64> {
    let masks = seen.looked.each_ref().map(|logits| logits.above(0.0));
    let shares = [0, 1].map(|lesion| picture.shares(&masks[lesion], lesion));
    let [a, b] = [0, 1].map(|lesion| {
        let truth: &Mask = &picture.lesions[lesion];
        dice(&mask_at(&seen.looked[lesion], truth.width, truth.height), truth)
    });
    let unchosen = picture.unchosen(&seen.plain.above(0.0));
    let mean = |values: [f64; 2]| (values[0] + values[1]) / 2.0;
    let side = shares.map(|share| share.side);
    let inside = shares.map(|share| share.inside);
    [
        ("share", mean(side)),
        ("share_unchosen", side[unchosen]),
        ("inside", mean(inside)),
        ("inside_unchosen", inside[unchosen]),
        ("dice", mean([a, b])),
        ("dice_unchosen", [a, b][unchosen]),
        ("emptied", mean(masks.map(|mask| f64::from(u8::from(mask.is_empty()))))),
    ]
    .into_iter()
    .collect()
}
