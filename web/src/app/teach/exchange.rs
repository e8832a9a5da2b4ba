//! The glances of a lesson as they leave the page, and those of another person on this lesson.
//! Plain data.

use fovea_shared::{
    bundle::Manifest,
    description::Modality,
    gaze::{Fixation, GazeOrigin},
};

use super::{glances::Glances, lesson::Pictures, state::Teach};
use crate::{
    glances::{
        GlanceSet, PictureGlance,
        file::{Basis, Outcome},
    },
    protocol::BACKBONE,
};

/// The visitor's glances. Nothing where there is none. They are made with a pointer: by mouse,
/// finger or keyboard.
pub fn own(glances: &Glances, pictures: &Pictures, domain: Modality) -> Option<GlanceSet> {
    let of = |(picture, path): (u64, &[Fixation])| PictureGlance::of(&pictures.case(picture)?.id, path);
    GlanceSet::new(domain, GazeOrigin::Pointer, glances.taken().map(of).collect::<Option<_>>()?)
}

/// What the fits of this lesson are measured with.
pub fn basis(lesson: &Teach, pictures: &Pictures, manifest: &Manifest) -> Option<Basis> {
    let ids = lesson.unseen().iter().filter_map(|picture| pictures.case(*picture)).map(|case| case.id.clone());
    Some(Basis { backbone: manifest.entry(BACKBONE).ok()?.sha256.clone(), unseen: ids.collect() })
}

/// How the visitor's student does, once it has learnt; `made`: when, RFC 3339.
pub fn outcome(lesson: &Teach, basis: Basis, made: String) -> Option<Outcome> {
    let figures = lesson.figures()?;
    Some(Outcome {
        fit: figures.fit?,
        looked_seconds: figures.looked,
        glances: figures.pictures,
        untrained: figures.untrained,
        simulated: figures.simulated,
        outlines: figures.outlines,
        basis,
        made,
    })
}

/// Another person's glances on a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// Those at pictures that the lesson teaches, by their numbers.
    pub glances: Vec<(u64, Vec<Fixation>)>,
    /// Ids of the other pictures.
    pub missing: Vec<String>,
}

/// Finds the pictures of another person's glances. Those that the student meets afterwards teach
/// nothing.
pub fn place(set: &GlanceSet, pictures: &Pictures) -> Placed {
    let taught = pictures.taught();
    let mut placed = Placed::default();
    for glance in set.pictures() {
        let is_here = |picture: &&u64| pictures.case(**picture).is_some_and(|case| case.id == glance.case());
        match taught.iter().find(is_here) {
            Some(picture) => placed.glances.push((*picture, glance.fixations())),
            None => placed.missing.push(glance.case().to_owned()),
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::glances::code;

    fn shipped(folder: &str) -> (Manifest, Pictures) {
        let path = format!("{}/../www/bundle/{folder}/manifest.json", env!("CARGO_MANIFEST_DIR"));
        let manifest = Manifest::parse(&std::fs::read(path).unwrap()).unwrap();
        let pictures = Pictures::of(&manifest);
        (manifest, pictures)
    }

    fn look(seed: u16) -> Vec<Fixation> {
        let at = |i: u16| {
            let place = (seed * 977 + i * 331) % 1000;
            let [x, y] = [place, 1000 - place].map(|step| f32::from(step) / 1000.0);
            Fixation { x, y, duration_ms: 280.0, start_ms: f32::from(i) * 310.0 }
        };
        (0..12).map(at).collect()
    }

    #[test]
    fn the_glances_of_a_lesson_come_back_on_its_pictures_in_every_shipped_bundle() {
        for folder in ["polyp", "prostate", "skin"] {
            let (manifest, pictures) = shipped(folder);
            let mut glances = Glances::of(&pictures.taught());
            assert_eq!(own(&glances, &pictures, manifest.domain), None);
            for picture in pictures.taught() {
                assert!(glances.take(look(picture as u16)));
            }
            let set = own(&glances, &pictures, manifest.domain).unwrap();
            assert_eq!((set.origin(), set.domain()), (GazeOrigin::Pointer, manifest.domain));
            let code = code::write(&set);
            assert!(code.len() <= code::LONGEST, "{folder}: {} letters", code.len());
            let placed = place(&code::read(&code).unwrap(), &pictures);
            let given: Vec<_> = glances.taken().map(|(picture, path)| (picture, path.to_vec())).collect();
            assert_eq!(placed, Placed { glances: given, missing: vec![] }, "{folder}");
        }
    }

    #[test]
    fn pictures_of_another_gallery_and_unseen_ones_are_named() {
        let (manifest, pictures) = shipped("polyp");
        let unseen = pictures.case(pictures.unseen()[0]).unwrap().id.clone();
        let known = pictures.case(0).unwrap().id.clone();
        let glance = |case: &str| PictureGlance::of(case, &look(1)).unwrap();
        let all = vec![glance("ISIC_1"), glance(&known), glance(&unseen)];
        let set = GlanceSet::new(manifest.domain, GazeOrigin::Pointer, all).unwrap();
        let placed = place(&set, &pictures);
        assert_eq!(placed.glances, [(0, glance(&known).fixations())]);
        assert_eq!(placed.missing, ["ISIC_1".to_owned(), unseen]);
    }

    #[test]
    fn a_basis_names_the_backbone_and_the_unseen_pictures() {
        let (manifest, pictures) = shipped("skin");
        let mut lesson = Teach::default();
        lesson.lesson(&pictures.taught(), &pictures.unseen(), 1);
        let basis = basis(&lesson, &pictures, &manifest).unwrap();
        assert_eq!((basis.backbone.len(), basis.unseen.len()), (64, pictures.unseen().len()));
        assert_eq!(outcome(&lesson, basis, "now".into()), None, "nothing has learnt yet");
    }
}
