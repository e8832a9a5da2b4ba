//! The page's state in its address: pairs after the `#` that a teacher can send, a visitor can bookmark and a test can open. Pure: no
//! browser in here.
//!
//! | pair | says |
//! |---|---|
//! | `case=phantom-7` | the case of the gallery |
//! | `gaze=5000-2500-285_...` | the fixations: place in ten-thousandths of width and height, length in ms; `case`: the gaze that the case comes with |
//! | `layers=teacher.25_truth.0` | the layers that are on, with their opacity in percent |
//! | `student=heat.afc.cwc` | the student that is shown, by its name, with `.` for each `+` |
//! | `said=1` | which of the case's descriptions is shown, from 0, where it is not the first |
//! | `words=shape.oval~size.small` | the phrases that the teacher is told, where the visitor has changed them |
//! | `compare=masks` `students=teacher_heat.afc` | the comparison is open, what its tiles show and of whom |
//! | `distil=none_afc.cwc.darm` `from=trained` `target=teacher` `seed=3` | the students that learn live, their start, their target, the seed of fresh weights |
//! | `glances=AQEFcG9seXAB...` | another person's glances at the pictures of the tab Teach ([`crate::glances::code`]) |
//! | `lesson=3` | the step of the lesson |
//! | `hide=layers_ask` | the parts of the page that are not shown |
//!
//! `domain`, `lang` and what follows `?` are read elsewhere.

use fovea_shared::{bundle::StudentKind, distill::Strategies, gaze::Fixation};

use crate::{
    app::{
        canvas::layers::Layer,
        compare::strategy_view::StrategyView,
        live::settings::{From, LARGEST_SEED},
        model::named::Named,
    },
    glances::{GlanceSet, code},
    protocol::LiveTarget,
};

/// What stands for the gaze that a case comes with.
const OF_CASE: &str = "case";

/// Most fixations that an address carries.
pub const MOST_FIXATIONS: usize = 120;

/// Parts of the page that a teacher can hide.
pub const PARTS: [&str; 9] =
    ["choose", "replay", "scores", "students", "description", "layers", "compare", "distil", "more"];

/// The names of all pairs, in the order in which they are written.
pub const PAIRS: [&str; 15] = [
    "case", "gaze", "layers", "student", "said", "words", "compare", "students", "distil", "from", "target", "seed",
    "glances", "lesson", "hide",
];

/// The gaze that an address carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Gaze {
    /// All that the case comes with.
    OfCase,
    /// These, first look first.
    Points(Vec<Fixation>),
}

/// The state that an address carries; what is missing is as the page begins with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// Id of the gallery's case.
    pub case: Option<String>,
    /// The fixations.
    pub gaze: Option<Gaze>,
    /// The layers that are on, with their opacity in percent.
    pub layers: Option<Vec<(Layer, u8)>>,
    /// The student that is shown.
    pub student: Option<StudentKind>,
    /// Which of the case's descriptions is shown, from 0.
    pub said: Option<usize>,
    /// The phrases that are told.
    pub words: Option<Vec<Named>>,
    /// What the tiles of the open comparison show.
    pub compare: Option<StrategyView>,
    /// Who is compared.
    pub students: Option<Vec<StudentKind>>,
    /// Who learns live.
    pub distil: Option<Vec<Strategies>>,
    /// Where they start.
    pub from: Option<From>,
    /// What they learn to draw.
    pub target: Option<LiveTarget>,
    /// Seed of fresh weights.
    pub seed: Option<u64>,
    /// Another person's glances. Those whose code is too long for an address are not written.
    pub glances: Option<GlanceSet>,
    /// The step of the lesson, from 1.
    pub lesson: Option<usize>,
    /// Hidden parts of the page.
    pub hide: Vec<&'static str>,
}

fn write_student(kind: StudentKind) -> String {
    kind.to_string().replace('+', ".")
}

fn read_student(text: &str) -> Option<StudentKind> {
    text.replace('.', "+").parse().ok()
}

fn write_strategies(on: Strategies) -> String {
    on.name().replace('+', ".")
}

fn read_strategies(text: &str) -> Option<Strategies> {
    text.replace('.', "+").parse().ok()
}

fn join<T>(list: &[T], write: impl Fn(&T) -> String) -> String {
    list.iter().map(write).collect::<Vec<_>>().join("_")
}

/// All parts, or nothing when one of them cannot be read.
fn split<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split('_').filter(|part| !part.is_empty()).map(read).collect()
}

fn write_fixation(f: &Fixation) -> String {
    let place = |v: f32| (v.clamp(0.0, 1.0) * 1e4).round() as u32;
    format!("{}-{}-{:.0}", place(f.x), place(f.y), f.duration_ms)
}

/// Times of their own follow one after the other: when a look began is not in the address.
fn read_gaze(text: &str) -> Option<Gaze> {
    if text == OF_CASE {
        return Some(Gaze::OfCase);
    }
    let mut start_ms = 0.0;
    let mut gaze = split(text, |part| {
        let mut numbers = part.split('-').map(|n| n.parse::<u32>().ok());
        let (Some(Some(x)), Some(Some(y)), Some(Some(ms)), None) =
            (numbers.next(), numbers.next(), numbers.next(), numbers.next())
        else {
            return None;
        };
        (x <= 10_000 && y <= 10_000 && (1..=60_000).contains(&ms)).then(|| Fixation {
            x: x as f32 / 1e4,
            y: y as f32 / 1e4,
            duration_ms: ms as f32,
            start_ms: 0.0,
        })
    })?;
    gaze.truncate(MOST_FIXATIONS);
    for fixation in &mut gaze {
        fixation.start_ms = start_ms;
        start_ms += fixation.duration_ms;
    }
    Some(Gaze::Points(gaze))
}

fn pair_of(text: &str) -> Option<(&str, &str)> {
    text.split_once('.')
}

impl Shared {
    /// The pairs of an address, `hide` among them; what says nothing is left out.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name: &'static str, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("case", self.case.clone());
        add(
            "gaze",
            self.gaze.as_ref().map(|gaze| match gaze {
                Gaze::OfCase => OF_CASE.into(),
                Gaze::Points(points) => join(&points[..points.len().min(MOST_FIXATIONS)], write_fixation),
            }),
        );
        add(
            "layers",
            self.layers.as_ref().map(|on| join(on, |(layer, percent)| format!("{}.{percent}", layer.name()))),
        );
        add("student", self.student.map(write_student));
        add("said", self.said.map(|place| place.to_string()));
        add("words", self.words.as_ref().map(|told| told.iter().map(Named::to_string).collect::<Vec<_>>().join("~")));
        add("compare", self.compare.map(|look| look.name().into()));
        add("students", self.students.as_ref().map(|list| join(list, |kind| write_student(*kind))));
        add("distil", self.distil.as_ref().map(|list| join(list, |on| write_strategies(*on))));
        add("from", self.from.map(|from| if from == From::Trained { "trained".into() } else { "fresh".into() }));
        add("target", self.target.map(|target| target.name().into()));
        add("seed", self.seed.map(|seed| seed.to_string()));
        add("glances", self.glances.as_ref().map(code::write).filter(|code| code.len() <= code::LONGEST));
        add("lesson", self.lesson.map(|step| step.to_string()));
        add("hide", (!self.hide.is_empty()).then(|| self.hide.join("_")));
        pairs
    }

    /// What an address says, and the names of the pairs that cannot be read.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> (Self, Vec<&'static str>) {
        let mut unreadable = Vec::new();
        let shared = Self {
            case: get("case").filter(|id| !id.is_empty()),
            gaze: take(&get, "gaze", &mut unreadable, read_gaze),
            layers: take(&get, "layers", &mut unreadable, |text| {
                split(text, |part| {
                    let (name, percent) = pair_of(part)?;
                    Some((Layer::from_name(name)?, percent.parse().ok().filter(|p| *p <= 100)?))
                })
            }),
            student: take(&get, "student", &mut unreadable, read_student),
            said: take(&get, "said", &mut unreadable, |text| text.parse().ok()),
            // Field names and words of the vocabulary hold `_` themselves, so their list is joined by `~`.
            words: take(&get, "words", &mut unreadable, |text| {
                text.split('~').filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect()
            }),
            compare: take(&get, "compare", &mut unreadable, StrategyView::from_name),
            students: take(&get, "students", &mut unreadable, |text| split(text, read_student)),
            distil: take(&get, "distil", &mut unreadable, |text| {
                split(text, read_strategies).filter(|list| (1..=2).contains(&list.len()))
            }),
            from: take(&get, "from", &mut unreadable, |text| match text {
                "trained" => Some(From::Trained),
                "fresh" => Some(From::Fresh),
                _ => None,
            }),
            target: take(&get, "target", &mut unreadable, LiveTarget::from_name),
            seed: take(&get, "seed", &mut unreadable, |text| text.parse().ok().filter(|seed| *seed <= LARGEST_SEED)),
            glances: take(&get, "glances", &mut unreadable, code::read),
            lesson: take(&get, "lesson", &mut unreadable, |text| text.parse().ok().filter(|step| *step >= 1)),
            hide: take(&get, "hide", &mut unreadable, |text| {
                split(text, |part| PARTS.into_iter().find(|known| *known == part))
            })
            .unwrap_or_default(),
        };
        (shared, unreadable)
    }
}

fn take<T>(
    get: &impl Fn(&str) -> Option<String>,
    name: &'static str,
    unreadable: &mut Vec<&'static str>,
    read: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let text = get(name)?;
    let found = read(&text);
    if found.is_none() {
        unreadable.push(name);
    }
    found
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod fuzz;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use fovea_shared::{description::Modality, gaze::GazeOrigin};

    use super::*;
    use crate::glances::PictureGlance;

    fn glances() -> GlanceSet {
        let look = [Fixation { x: 0.5, y: 0.25, duration_ms: 285.0, start_ms: 40.0 }];
        let glance = PictureGlance::of("phantom-7", &look).unwrap();
        GlanceSet::new(Modality::SkinLesion, GazeOrigin::Pointer, vec![glance]).unwrap()
    }

    fn read(address: &str) -> (Shared, Vec<&'static str>) {
        let find = |name: &str| {
            let pairs = address.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next()
        };
        Shared::read(find)
    }

    fn written(shared: &Shared) -> String {
        shared.pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    #[test]
    fn every_state_comes_back() {
        let all = Strategies::ALL;
        let shared = Shared {
            case: Some("phantom-7".into()),
            gaze: Some(Gaze::Points(vec![
                Fixation { x: 0.5, y: 0.25, duration_ms: 285.0, start_ms: 0.0 },
                Fixation { x: 1.0, y: 0.0, duration_ms: 1100.0, start_ms: 285.0 },
            ])),
            layers: Some(vec![(Layer::Teacher, 25), (Layer::HighConfidence, 0)]),
            student: Some("heat+afc+darm-released".parse().unwrap()),
            said: Some(1),
            words: Some(["location.upper_left", "shape.oval"].map(|word| word.parse().unwrap()).into()),
            compare: Some(StrategyView::Cosine(1)),
            students: Some(vec!["full-supervision".parse().unwrap(), "heat-all".parse().unwrap()]),
            distil: Some(vec![all]),
            from: Some(From::Trained),
            target: Some(LiveTarget::Teacher),
            seed: Some(7),
            glances: Some(glances()),
            lesson: Some(3),
            hide: vec!["layers", "compare"],
        };
        let names: Vec<&str> = shared.pairs().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, PAIRS);
        assert_eq!(read(&written(&shared)), (shared, vec![]));
        assert_eq!(read(""), (Shared::default(), vec![]));
        assert_eq!(written(&Shared::default()), "");
        let of_case = Shared { gaze: Some(Gaze::OfCase), ..Shared::default() };
        assert_eq!((written(&of_case).as_str(), read("gaze=case").0), ("gaze=case", of_case));
    }

    #[test]
    fn an_address_from_elsewhere_loses_what_cannot_be_read_and_keeps_the_rest() {
        let (shared, unreadable) = read(
            "case=x&gaze=1-2&layers=teacher.900&student=foo&compare=nothing&lesson=0&hide=everything&distil=a_b_c&seed=x&words=shape.oval~size.cubic&glances=AQEF",
        );
        assert_eq!(
            unreadable,
            ["gaze", "layers", "student", "words", "compare", "distil", "seed", "glances", "lesson", "hide"]
        );
        assert_eq!(shared, Shared { case: Some("x".into()), ..Shared::default() });
        let (shared, unreadable) = read("gaze=&words=&layers=");
        assert_eq!(
            (shared.gaze, shared.words, shared.layers),
            (Some(Gaze::Points(vec![])), Some(vec![]), Some(vec![]))
        );
        assert!(unreadable.is_empty());
    }

    #[test]
    fn the_book_names_every_pair_and_every_part() {
        let book = include_str!("../../../../docs/book/src/page.md");
        for pair in PAIRS {
            assert!(book.contains(&format!("| `{pair}=")), "docs/book/src/page.md lacks the pair {pair}");
        }
        for name in
            PARTS.into_iter().chain(Layer::ALL.map(Layer::name)).chain(StrategyView::ALL.map(StrategyView::name))
        {
            assert!(book.contains(&format!("`{name}`")), "docs/book/src/page.md lacks {name}");
        }
    }

    #[test]
    fn gaze_without_end_is_cut_and_places_outside_are_refused() {
        let long: Vec<String> = (0..500).map(|i| format!("{i}-{i}-200")).collect();
        let Some(Gaze::Points(read_back)) = read(&format!("gaze={}", long.join("_"))).0.gaze else { panic!("no gaze") };
        assert_eq!(read_back.len(), MOST_FIXATIONS);
        for bad in ["10001-1-200", "1-1-0", "1-1-99999999", "-1-1-200", "1.5-1-200"] {
            assert_eq!(read(&format!("gaze={bad}")).1, ["gaze"], "{bad}");
        }
    }
}
