//! Words and empty outlines as the page's engine makes them, natively: the same session, on the shipped bundles.

use std::collections::BTreeMap;

use fovea_shared::{
    bundle::{CaseDescription, Manifest, sha256},
    description::{Field, Modality, Phrase, Source, measured::measure},
    gaze::Fixation,
    image::decode,
    plane::Mask,
};
use fovea_web::{
    engine::{masks::fit, session::Session},
    protocol::{
        Against, Backend, Before, Blob, CompareRequest, Drawn, LiveRequest, LiveStart, LiveStep, LiveTarget, NamedFile,
        OpenRequest, Text,
    },
};

use crate::live::bundle;

/// Largest side of the image that words are measured on, in pixels, as the engine has it.
const MEASURED_SIDE: usize = 1024;

/// A session with the first case of a bundle open, and that case's gaze.
struct Lab {
    session: Session,
    manifest: Manifest,
    image: Vec<u8>,
    gaze: Vec<Fixation>,
}

impl Lab {
    fn open(files: BTreeMap<String, Blob>) -> Self {
        let manifest = Manifest::parse(&files["manifest.json"].0).unwrap();
        let case = manifest.gallery[0].clone();
        let named = |name: &String| NamedFile { name: name.clone(), bytes: files[name].clone() };
        let request = OpenRequest {
            image: 1,
            file: named(&case.image),
            mask: case.mask.as_ref().map(named),
            gaze: case.gaze.as_ref().map(named),
            from_bundle: true,
            student: 0,
        };
        let image = request.file.bytes.0.clone();
        let (mut session, _) = pollster::block_on(Session::load(Backend::Cpu, files)).unwrap();
        let mut gaze = Vec::new();
        pollster::block_on(session.open(request, |picture| gaze = picture.fixations)).unwrap();
        Self { session, manifest, image, gaze }
    }

    fn domain(&self) -> Modality {
        self.manifest.domain
    }

    fn described(&self, looks: &[Fixation]) -> Vec<CaseDescription> {
        let described = self.session.describe(1, looks.to_vec(), 0, self.domain());
        pollster::block_on(described).unwrap().descriptions
    }

    /// What is drawn without any text, as it is saved: by the teacher with these looks, or without looks by the first student.
    fn drawn(&self, looks: &[Fixation]) -> Mask {
        let drawn = match looks {
            [] => Drawn::Student(0),
            looks => Drawn::Teacher { fixations: looks.to_vec(), text: Text::default() },
        };
        let png = pollster::block_on(self.session.export(1, drawn)).unwrap().png;
        let png = decode(&png.0).unwrap();
        let inside = png.pixels().map(|p| p.0[0] > 127).collect();
        Mask::from_vec(png.width() as usize, png.height() as usize, inside)
    }
}

/// The looks of a visitor who looks at one place for a while, and a bit around it.
fn looks(x: f32, y: f32) -> Vec<Fixation> {
    let at = |(i, shift): (usize, f32)| Fixation { x: x + shift, y, duration_ms: 500.0, start_ms: 500.0 * i as f32 };
    [0.0, 0.01, -0.01].into_iter().enumerate().map(at).collect()
}

#[test]
fn after_a_look_the_words_are_those_of_the_outline_that_is_drawn_with_it() {
    for folder in ["polyp", "skin", "prostate"] {
        let (files, _) = bundle(folder);
        let lab = Lab::open(files);
        let image = decode(&lab.image).unwrap();
        let native = (image.width() as usize, image.height() as usize);
        assert_eq!(fit(native, MEASURED_SIDE), native, "words are measured on the image itself");
        let mean = |of: fn(&Fixation) -> f32| lab.gaze.iter().map(of).sum::<f32>() / lab.gaze.len() as f32;
        let there = looks(mean(|f| f.x), mean(|f| f.y));
        let elsewhere = looks(0.9 - 0.8 * mean(|f| f.x), 0.9 - 0.8 * mean(|f| f.y));
        let mut masks = Vec::new();
        for looks in [&[][..], &there, &elsewhere, &lab.gaze] {
            let (mask, said) = (lab.drawn(looks), lab.described(looks));
            let measured = measure(&image, &mask, lab.domain());
            match said.iter().find(|said| said.description.source == Source::Measured) {
                // The confidence is among what is compared, and tells outlines apart that have the same words.
                Some(said) => {
                    assert_eq!(said.description, measured, "{folder}");
                    let whose = if looks.is_empty() { "student’s outline" } else { "your gaze" };
                    assert!(said.caveat.as_deref().is_some_and(|caveat| caveat.contains(whose)), "{said:?}");
                }
                None => assert!(measured.is_empty(), "{folder}: {}", measured.sentence()),
            }
            masks.push(mask);
        }
        masks.dedup();
        assert!(masks.len() > 1, "{folder}: looks do not move the outline");
    }
}

/// The polyp bundle with a teacher that outlines nothing, whatever it is shown.
fn blind() -> BTreeMap<String, Blob> {
    let (mut files, _) = bundle("polyp");
    let name = "teacher.safetensors";
    let mut bytes = files[name].0.clone();
    let start = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..start]).unwrap();
    let bias = &header["logit.bias"];
    assert_eq!((bias["dtype"].as_str(), bias["shape"].to_string().as_str()), (Some("F16"), "[1]"));
    let at = start + bias["data_offsets"][0].as_u64().unwrap() as usize;
    // Minus 100, so that no logit comes near 0.
    bytes[at..at + 2].copy_from_slice(&0xd640_u16.to_le_bytes());
    let mut manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"].0).unwrap();
    manifest["files"][name]["sha256"] = sha256(&bytes).into();
    files.insert(name.into(), Blob(bytes));
    files.insert("manifest.json".into(), Blob(serde_json::to_vec(&manifest).unwrap()));
    files
}

#[test]
fn where_the_teacher_sees_nothing_everything_else_goes_on() {
    let mut lab = Lab::open(blind());
    let (text, there) = (Text::default(), looks(0.5, 0.5));
    let words = Text { phrases: vec![Phrase::find(lab.domain(), Field::Shape, "oval").unwrap()] };
    let before = Before { fixations: there.clone(), text: text.clone() };
    let seen = pollster::block_on(lab.session.look(1, there.clone(), &words, Some(&before))).unwrap();
    assert_eq!((seen.teacher.area, seen.teacher.loops.len(), seen.teacher.dice), (0, 0, Some(0.0)));
    let change = seen.change.unwrap();
    assert_eq!((change.area_before, change.gained_share, change.lost_share), (0, 0.0, 0.0));
    assert!(lab.described(&there).is_empty(), "nothing is outlined, so there is nothing to describe");
    assert!(!lab.described(&[]).is_empty(), "the student draws as it did");
    assert!(lab.drawn(&there).is_empty(), "the mask is saved as what it is");

    for against in [Against::Truth, Against::Teacher] {
        let request =
            CompareRequest { image: 1, places: vec![0], fixations: there.clone(), text: text.clone(), against };
        let compared = pollster::block_on(lab.session.compare(request)).unwrap();
        assert!(compared.teacher.outline.area == 0 && compared.teacher.hd95.is_some_and(f32::is_finite));
        let (_, student) = &compared.students[0];
        assert!(student.difference.as_ref().is_some_and(|d| d.extra.area > 0));
        assert!(
            student.inside.as_ref().unwrap().reliable_lesion.as_ref().unwrap().area == 0,
            "nothing is surely lesion"
        );
    }

    let all = LiveStart { strategies: "all".parse().unwrap(), from: None };
    let request = LiveRequest { image: 1, students: vec![all], target: LiveTarget::Teacher, more: Vec::new(), seed: 7 };
    pollster::block_on(lab.session.learn(request)).unwrap();
    let step = LiveStep { image: 1, steps: 3, fixations: there, text };
    let learnt = pollster::block_on(lab.session.learn_step(step)).unwrap();
    assert_eq!(learnt.target.unwrap().area, 0);
    assert!(learnt.students[0].loss.is_some_and(f32::is_finite));
}
