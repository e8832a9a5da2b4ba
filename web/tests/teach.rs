//! A student that is taught with glances at the shipped polyps, in the engine, natively: the files are
//! read from the repository's folder, which the tests in a browser do not have.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod common;

use std::{fs, num::NonZeroUsize, path::Path};

use common::bundle;
use fovea_shared::{
    bundle::{GalleryCase, Manifest, Purpose},
    gaze::{Fixation, parse_csv},
};
use fovea_web::{
    engine::session::Session,
    protocol::{
        Backend, Blob, NamedFile, TaughtStep, TeachForget, TeachPicture, TeachRequest, TeachRole, TeachStep,
        TeachTarget,
    },
};

/// Pictures that are taught, and as many unseen ones.
const PICTURES: usize = 4;

/// Steps of the course, half of the recipe's or less, so that the test takes seconds.
const STEPS: usize = 24;

/// Steps after which two courses of one seed are compared.
const ALIKE: usize = 3;

/// How long each picture is looked at.
const GLANCE_MS: f32 = 4000.0;

fn file(name: &str) -> NamedFile {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/bundle/polyp").join(name);
    let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    NamedFile { name: name.into(), bytes: Blob(bytes) }
}

/// The first four seconds of the gaze that comes with a picture. It is simulated.
fn glance(case: &GalleryCase) -> Vec<Fixation> {
    let text = String::from_utf8(file(case.gaze.as_ref().unwrap()).bytes.0).unwrap();
    let (_, gaze) = parse_csv(&text).unwrap().pop_first().unwrap();
    gaze.first_ms(GLANCE_MS).fixations
}

/// A picture as it is asked for, and all its views read.
async fn read(session: &mut Session, picture: u64, case: &GalleryCase, role: TeachRole) {
    let mask = case.mask.as_ref().map(|mask| file(mask));
    let ask = TeachPicture { picture, file: file(&case.image), mask, from_bundle: true, role };
    let mut now = session.teach_read(ask).await.unwrap();
    let first = now.views;
    while now.views < now.of {
        now = session.teach_read_on(picture).await.unwrap();
    }
    assert!(first == 1 && now.truth && now.kept.bytes <= now.kept.limit, "{now:?}");
}

async fn step(session: &mut Session, course: u32, steps: usize) -> TaughtStep {
    session.teach_step(TeachStep { course, steps, draw: 0 }).await.unwrap()
}

#[test]
fn glances_at_four_polyps_teach_a_student_to_find_others() {
    let manifest = Manifest::parse(&bundle()["manifest.json"].0).unwrap();
    let of = |purpose| manifest.gallery.iter().filter(move |case| case.purpose == Some(purpose)).take(PICTURES);
    let (taught, unseen): (Vec<_>, Vec<_>) = (of(Purpose::Teach).collect(), of(Purpose::Examine).collect());
    assert!(taught.len() == PICTURES && unseen.len() == PICTURES);
    pollster::block_on(async {
        let (mut session, _) = Session::load(Backend::Cpu, bundle()).await.unwrap();
        let number = |place: usize, unseen: bool| (place + if unseen { 100 } else { 0 }) as u64;
        for (place, case) in taught.iter().enumerate() {
            read(&mut session, number(place, false), case, TeachRole::Taught).await;
        }
        for (place, case) in unseen.iter().enumerate() {
            read(&mut session, number(place, true), case, TeachRole::Unseen).await;
        }
        let request = |course, seed| TeachRequest {
            course,
            taught: (0..PICTURES).map(|i| (number(i, false), TeachTarget::Glances(glance(taught[i])))).collect(),
            unseen: (0..PICTURES).map(|i| number(i, true)).collect(),
            seed,
            steps: NonZeroUsize::new(STEPS),
        };
        let untrained = session.teach(request(1, 1)).await.unwrap().score.unwrap();
        let first = step(&mut session, 1, ALIKE).await;

        // The same seed again and another one, beside the first.
        session.teach(request(2, 1)).await.unwrap();
        session.teach(request(3, 2)).await.unwrap();
        assert_eq!(step(&mut session, 2, ALIKE).await.losses, first.losses, "the same seed learns the same");
        assert_ne!(step(&mut session, 3, 1).await.losses[0], first.losses[0], "another seed is another student");
        assert_eq!(
            session.teach_export(1).await.unwrap().safetensors,
            session.teach_export(2).await.unwrap().safetensors
        );

        let mut losses = first.losses;
        let mut last = step(&mut session, 1, 0).await;
        while !last.finished() {
            last = step(&mut session, 1, 4).await;
            losses.extend(last.losses.clone());
        }
        let score = last.score.unwrap();
        let each: Vec<f32> = last.drawn.iter().filter(|d| d.unseen).map(|d| d.outline.dice.unwrap()).collect();
        println!("untrained {untrained:?}, after {STEPS} steps {score:?}; unseen {each:.3?}; losses {losses:.3?}");
        assert_eq!((losses.len(), last.drawn.len()), (STEPS, 2 * PICTURES));
        assert!(losses[STEPS - 1] < 0.6 * losses[0]);
        let (before, after) = (untrained.unseen.unwrap(), score.unseen.unwrap());
        assert!(after > 0.5 && after > before + 0.25, "unseen pictures: {before} before and {after} after");
        assert_eq!(session.teach_forget(TeachForget::All).bytes, 0);
    });
}
