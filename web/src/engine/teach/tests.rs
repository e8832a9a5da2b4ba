#![allow(clippy::unwrap_used)]

use burn::tensor::Device;
use fovea_shared::{
    gaze::Fixation,
    model::{
        Backbone, StudentHead, TeacherHead,
        weights::{self, Precision},
    },
    predictor::NamedStudent,
};

use super::*;

const SIDE: u32 = 96;

/// Steps of a course.
const STEPS: usize = 4;

fn predictor() -> Predictor {
    let device = Device::flex();
    let mut backbone = Backbone::new(&device);
    weights::load(&mut backbone, weights::BACKBONE.to_vec()).unwrap();
    let student = NamedStudent { name: "s".into(), head: StudentHead::new(1, &device), adapters: None };
    Predictor::from_parts(backbone, TeacherHead::new(1, &device), vec![student], &device)
}

/// A bright disc on a dark ground, with its true mask or another one.
fn decoded(x: f32, y: f32, truth: Option<bool>) -> Decoded {
    let inside = |i: u32, j: u32| (i as f32 / SIDE as f32 - x).hypot(j as f32 / SIDE as f32 - y) < 0.2;
    let image = RgbImage::from_fn(SIDE, SIDE, |i, j| if inside(i, j) { [220, 120, 90] } else { [60, 20, 20] }.into());
    let pixels = || (0..SIDE * SIDE).map(|at| (at % SIDE, at / SIDE));
    let mask = |right: bool| {
        Mask::from_vec(SIDE as usize, SIDE as usize, pixels().map(|(i, j)| inside(i, j) == right).collect())
    };
    Decoded { sha256: format!("{:016x}", (1e4 * x + y) as u64), image, truth: truth.map(mask) }
}

fn no_file(_: &NamedFile, _: (usize, usize)) -> Result<Mask, Message> {
    panic!("no mask was drawn")
}

fn glance(x: f32, y: f32) -> TeachTarget {
    let at = |x, y, start_ms| Fixation { x, y, duration_ms: 300.0, start_ms };
    TeachTarget::Glances(vec![at(x, y, 0.0), at(x + 0.06, y, 320.0), at(x, y - 0.06, 640.0)])
}

/// Pictures 1 and 2 to teach with and picture 3 unseen; `truth`: what mask the taught ones come with.
async fn read(predictor: &Predictor, truth: Option<bool>) -> Teaching {
    let mut teaching = Teaching::default();
    for (picture, x, y) in [(1, 0.35, 0.4), (2, 0.6, 0.65)] {
        let mut now =
            teaching.read(predictor, (picture, "p.png", TeachRole::Taught), decoded(x, y, truth), 112).await.unwrap();
        while now.views < now.of {
            now = teaching.read_on(predictor, picture).await.unwrap();
        }
    }
    let unseen = decoded(0.5, 0.3, Some(true));
    teaching.read(predictor, (3, "u.png", TeachRole::Unseen), unseen, 112).await.unwrap();
    teaching
}

fn request(course: u32, target: impl Fn(f32, f32) -> TeachTarget) -> TeachRequest {
    let taught = vec![(1, target(0.35, 0.4)), (2, target(0.6, 0.65))];
    TeachRequest { course, taught, unseen: vec![3], seed: 3, steps: std::num::NonZeroUsize::new(STEPS) }
}

async fn taught(teaching: &mut Teaching, predictor: &Predictor, request: &TeachRequest) -> TaughtStep {
    teaching.teach(predictor, request, Modality::Polyp, no_file).await.unwrap();
    teaching.step(TeachStep { course: request.course, steps: 99, draw: 0 }).await.unwrap()
}

#[test]
fn glances_never_see_a_true_mask_and_outlines_do() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut students = Vec::new();
        // No mask, the true one, and its contrary.
        for truth in [None, Some(true), Some(false)] {
            let mut teaching = read(&predictor, truth).await;
            let short = |request| TeachRequest { steps: std::num::NonZeroUsize::new(2), ..request };
            let end = taught(&mut teaching, &predictor, &short(request(1, glance))).await;
            assert!(end.finished() && end.losses.len() == 2);
            assert_eq!(end.score.unwrap().taught.is_some(), truth.is_some());
            let glances = teaching.export(1).await.unwrap().safetensors;
            let outlines = match truth {
                Some(_) => {
                    taught(&mut teaching, &predictor, &short(request(2, |_, _| TeachTarget::Truth))).await;
                    teaching.export(2).await.unwrap().safetensors
                }
                None => Default::default(),
            };
            students.push((glances, outlines));
        }
        assert!(students[0].0 == students[1].0 && students[1].0 == students[2].0, "the same student to the last bit");
        assert!(
            students[1].1 != students[2].1 && students[1].0 != students[1].1,
            "outlines are what others learn from"
        );
    });
}

#[test]
fn a_finished_student_draws_any_pictures_that_are_read_and_forgotten_again() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut teaching = read(&predictor, None).await;
        taught(&mut teaching, &predictor, &TeachRequest { unseen: vec![], ..request(1, glance) }).await;
        let mut outlines = Vec::new();
        for picture in [3, 4, 5] {
            let other = decoded(0.5, 0.3, Some(picture == 3));
            teaching.read(&predictor, (picture, "o.png", TeachRole::Unseen), other, 112).await.unwrap();
            let drew = teaching.draw(TeachDraw { course: 1, pictures: vec![picture, 99, 1] }).await.unwrap();
            let numbers: Vec<_> = drew.drawn.iter().map(|one| (one.picture, one.unseen)).collect();
            assert_eq!(numbers, [(picture, true), (1, false)], "one that is not read is left out");
            outlines.push(drew.drawn[0].outline.clone());
            teaching.forget(TeachForget::Picture(picture));
            assert_eq!(teaching.kept().pictures, 2);
        }
        assert_eq!(outlines[0].hash, outlines[1].hash, "the truth has no say in what is drawn");
        assert!(outlines[0].dice != outlines[1].dice && outlines[1] == outlines[2]);
        assert!(teaching.draw(TeachDraw { course: 7, pictures: vec![1] }).await.is_err());
    });
}

#[test]
fn a_student_is_written_as_the_trainer_writes_it_and_draws_the_same() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut teaching = read(&predictor, None).await;
        taught(&mut teaching, &predictor, &request(1, glance)).await;
        let exported = teaching.export(1).await.unwrap();
        assert_eq!((exported.course, exported.step), (1, STEPS));
        let head = teaching.courses[&1].head();
        assert_eq!(exported.safetensors.0, weights::save(head, Precision::Full).unwrap());
        let mut back = StudentHead::new(9, predictor.device());
        weights::load(&mut back, exported.safetensors.0).unwrap();
        let features = teaching.pictures[&3].features().unwrap();
        let values = |head: &StudentHead| head.forward(features).into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(values(&back), values(head));
        assert!(teaching.export(2).await.is_err_and(|e| e.to_string().contains("thrown away")));
    });
}

#[test]
fn pictures_are_drawn_by_turns_and_all_at_the_end() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut teaching = read(&predictor, Some(true)).await;
        let request = request(1, glance);
        let start = teaching.teach(&predictor, &request, Modality::Polyp, no_file).await.unwrap();
        let numbers = |step: &TaughtStep| step.drawn.iter().map(|d| (d.picture, d.unseen)).collect::<Vec<_>>();
        assert_eq!((start.step, start.of, numbers(&start)), (0, 4, vec![(3, true), (1, false), (2, false)]));
        assert!(start.score.unwrap().unseen.is_some() && start.losses.is_empty());
        let mut step = async |draw| teaching.step(TeachStep { course: 1, steps: 1, draw }).await.unwrap();
        assert_eq!(numbers(&step(2).await), [(3, true), (1, false)]);
        assert_eq!(numbers(&step(2).await), [(2, false), (3, true)]);
        let third = step(0).await;
        assert_eq!((third.step, third.drawn.len(), third.losses.len(), third.score), (3, 0, 1, None));
        let last = step(0).await;
        assert!(last.finished() && last.drawn.len() == 3 && last.score.is_some());
        let after = step(1).await;
        assert!(after.losses.is_empty() && after.drawn == last.drawn && after.score == last.score);
    });
}

#[test]
fn glances_may_change_without_reading_again_and_targets_are_shown() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut teaching = read(&predictor, Some(true)).await;
        let before = teaching.kept();
        assert_eq!((before.pictures, before.bytes), (3, 17 * VIEW_BYTES));
        let told = teaching.tell(1, &glance(0.35, 0.4), Modality::Polyp, no_file).unwrap();
        let fit = told.outline.dice.unwrap();
        assert!(fit > 0.5 && told.fixations.len() == 3, "{told:?}");
        let away = teaching.tell(1, &glance(0.8, 0.9), Modality::Polyp, no_file).unwrap();
        assert!(away.outline.dice.unwrap() < fit - 0.3, "another glance is another target");
        let simulated = TeachTarget::Simulated { seed: 1, seconds: 4.0 };
        let simulated = teaching.tell(1, &simulated, Modality::Polyp, no_file).unwrap();
        assert!(simulated.outline.dice.unwrap() > 0.5 && simulated.fixations.len() > 5, "{simulated:?}");
        assert_eq!(teaching.tell(1, &glance(0.35, 0.4), Modality::Polyp, no_file).unwrap(), told);
        let none = teaching.tell(1, &TeachTarget::Glances(vec![]), Modality::Polyp, no_file).unwrap_err().to_string();
        assert!(none.starts_with("p.png: ") && none.contains("looked"), "{none}");
        assert!(teaching.knows((1, TeachRole::Taught), &decoded(0.35, 0.4, None).sha256, true));
        assert!(!teaching.knows((3, TeachRole::Taught), &decoded(0.5, 0.3, None).sha256, true), "one view only");
    });
}

#[test]
fn an_unseen_picture_may_be_taught_later_and_what_is_forgotten_is_gone() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut teaching = read(&predictor, None).await;
        let mut request = request(1, glance);
        request.taught.push((3, glance(0.5, 0.3)));
        let why = teaching.teach(&predictor, &request, Modality::Polyp, no_file).await.unwrap_err().to_string();
        assert!(why.starts_with("u.png: ") && why.contains("completely"), "{why}");
        let again = decoded(0.5, 0.3, None);
        let now = teaching.read(&predictor, (3, "u.png", TeachRole::Taught), again, 112).await.unwrap();
        assert_eq!((now.views, now.of, now.truth), (2, 8, true), "its first view and its mask were kept");
        while teaching.read_on(&predictor, 3).await.unwrap().views < 8 {}
        teaching.teach(&predictor, &request, Modality::Polyp, no_file).await.unwrap();

        let kept = teaching.forget(TeachForget::Picture(2));
        assert_eq!((kept.pictures, kept.courses), (2, 0), "the course learnt from it");
        assert!(teaching.step(TeachStep { course: 1, steps: 1, draw: 0 }).await.is_err());
        assert_eq!(teaching.forget(TeachForget::All).bytes, 0);
    });
}

#[test]
fn what_there_is_no_room_for_is_refused_and_the_rest_stays() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut teaching = Teaching::default();
        let one = decoded(0.5, 0.5, None);
        teaching.read(&predictor, (0, "p.png", TeachRole::Unseen), one, 112).await.unwrap();
        // The same features under other numbers: reading hundreds of pictures takes minutes.
        let most = LIMIT / VIEW_BYTES;
        for number in 1..most as u64 {
            let mut copy = Picture::new("p.png", decoded(0.5, 0.5, None), 1, 8);
            copy.share(&teaching.pictures[&0]);
            teaching.pictures.insert(number, copy);
        }
        let (kept, more) = (teaching.kept(), decoded(0.1, 0.1, None));
        assert!(kept.bytes <= kept.limit && kept.pictures == most);
        let full = teaching.read(&predictor, (9999, "more.png", TeachRole::Unseen), more, 112).await;
        let full = full.unwrap_err().to_string();
        assert!(full.contains("more.png") && full.contains("268 MB"), "{full}");
        assert_eq!(teaching.kept(), kept);
    });
}

#[test]
fn courses_race_up_to_a_number_and_one_takes_the_place_of_its_former_self() {
    let predictor = predictor();
    pollster::block_on(async {
        let mut teaching = read(&predictor, None).await;
        for course in (1..=COURSES as u32).chain([1]) {
            teaching.teach(&predictor, &request(course, glance), Modality::Polyp, no_file).await.unwrap();
        }
        let more = teaching.teach(&predictor, &request(9, glance), Modality::Polyp, no_file).await;
        assert!(more.unwrap_err().to_string().contains("4 students"));
        assert_eq!(teaching.forget(TeachForget::Course(2)).courses, COURSES - 1);
        let refused =
            teaching.teach(&predictor, &request(9, |_, _| TeachTarget::Truth), Modality::Polyp, no_file).await;
        assert!(refused.unwrap_err().to_string().contains("true mask"));
        assert_eq!(teaching.kept().courses, COURSES - 1, "a course that is refused is not kept");
    });
}

#[test]
fn a_step_that_is_not_finite_is_taken_back() {
    let predictor = predictor();
    pollster::block_on(async {
        let teaching = read(&predictor, None).await;
        let views = teaching.pictures[&1].ready(8).unwrap();
        let example = Example::of_features(views, &fovea_shared::plane::Plane::filled(8, 8, f32::NAN), "00");
        let recipe = Recipe { steps: 3, ..Recipe::default() };
        let mut student = Student::new(recipe, vec![example], &request(1, glance), predictor.device());
        let fresh = weights::save(student.head(), Precision::Full).unwrap();
        let why = student.step(TeachStep { course: 1, steps: 3, draw: 0 }, &teaching.pictures).await;
        assert!(why.unwrap_err().to_string().contains("Step 1 "));
        assert_eq!((student.steps(), weights::save(student.head(), Precision::Full).unwrap()), (0, fresh));
    });
}
