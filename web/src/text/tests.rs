//! Every language says everything, and says it where it is needed.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use fovea_shared::{
    bundle::Manifest,
    description::{Modality, Phrase},
};

use super::{
    sources::{arguments, boot, calls, file, inline, messages},
    *,
};

/// Words of `index.html` that are the same in every language: names, figures, dashes.
const SAME_EVERYWHERE: [&str; 12] =
    ["Fovea", "English", "–", "0", "&nbsp;", "IEEE Transactions on Medical Imaging", "+", "−", "½×", "1×", "2×", "4×"];

/// Speaks a language for as long as a closure runs.
fn speaking<T>(code: &str, run: impl FnOnce() -> T) -> T {
    speak(Language::find(code).unwrap());
    let said = run();
    speak(&LANGUAGES[0]);
    said
}

/// The names of a message's elements, in alphabetical order: their order in the sentence is a matter of language.
fn elements(body: &str) -> Vec<&str> {
    let names =
        pieces(body).into_iter().filter_map(|p| if let Piece::Element(name, _) = p { Some(name) } else { None });
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names
}

#[test]
fn every_file_is_whole() {
    for language in &LANGUAGES {
        let resource = FluentResource::try_new(language.source.to_owned());
        assert!(resource.is_ok(), "{}: {:?}", language.code, resource.err().map(|(_, errors)| errors));
        let bundle = read(language);
        for (id, body) in messages(language.source) {
            let pattern = bundle.get_message(&id).and_then(|m| m.value());
            let mut args = FluentArgs::new();
            arguments(&body).into_iter().for_each(|name| args.set(name, "x"));
            let mut errors = vec![];
            let text = bundle.format_pattern(pattern.unwrap_or_else(|| panic!("{id}")), Some(&args), &mut errors);
            assert!(errors.is_empty() && !text.trim().is_empty(), "{}: {id}: {errors:?}", language.code);
        }
    }
}

#[test]
fn every_language_has_the_ids_arguments_and_elements_of_english() {
    let english = messages(LANGUAGES[0].source);
    for language in &LANGUAGES[1..] {
        let other = messages(language.source);
        let ids = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<BTreeSet<_>>();
        let differ: Vec<_> = ids(&english).symmetric_difference(&ids(&other)).cloned().collect();
        assert!(differ.is_empty(), "{}: {differ:?}", language.code);
        for (id, body) in &english {
            assert_eq!(arguments(body), arguments(&other[id]), "arguments of {id} in {}", language.code);
            assert_eq!(elements(body), elements(&other[id]), "elements of {id} in {}", language.code);
        }
    }
}

#[test]
fn the_program_writes_every_marked_attribute_of_the_page() {
    let page = inline(&file("www/index.html"));
    let unknown: Vec<_> = page.attributes.iter().filter(|name| !ATTRIBUTES.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "data-t- of attributes that the program does not write: {unknown:?}");
}

#[test]
fn nothing_on_the_page_lacks_a_message() {
    let page = inline(&file("www/index.html"));
    let expected: BTreeSet<String> = SAME_EVERYWHERE.map(str::to_string).into();
    assert_eq!(page.bare, expected, "words of index.html without `data-t`");
}

#[test]
fn the_plan_for_teachers_says_the_same_in_every_language() {
    let [english, chinese] = ["www/teaching.html", "www/teaching.zh.html"].map(|page| inline(&file(page)));
    assert!(english.marked.len() > 40);
    assert_eq!(english.marked, chinese.marked);
    // Each names the other in its language.
    assert_eq!((english.bare, chinese.bare), (["中文".into()].into(), ["English".into()].into()));
}

#[test]
fn the_loader_reads_the_choice_of_language_that_the_program_keeps() {
    let stored = file("web/src/app/language/mod.rs");
    assert!(stored.contains("\"fovea-language\"") && file("www/boot.mjs").contains("\"fovea-language\""));
}

#[test]
fn every_message_that_is_said_exists_with_its_arguments_and_none_is_left_over() {
    let english = messages(LANGUAGES[0].source);
    let mut used: BTreeSet<String> = BTreeSet::new();
    let calls = calls();
    assert!(calls.len() > 150, "{} calls are too few", calls.len());
    for (id, given) in calls {
        let body = english.get(&id).unwrap_or_else(|| panic!("there is no message `{id}`"));
        assert_eq!(given, arguments(body), "arguments of {id}");
        used.insert(id);
    }
    for page in ["index.html", "teaching.html"] {
        used.extend(inline(&file(&format!("www/{page}"))).marked);
    }
    used.extend(boot());
    for phrase in Phrase::all() {
        used.insert(format!("field-{}", phrase.field().name()));
        used.insert(format!("word-{}-{}", phrase.field().name(), phrase.word().name));
    }
    for folder in ["polyp", "prostate", "skin"] {
        let manifest = Manifest::parse(file(&format!("www/bundle/{folder}/manifest.json")).as_bytes()).unwrap();
        let taken = manifest.gallery.iter().filter(|case| !case.is_phantom());
        used.extend(taken.map(|case| format!("case-{}", case.id)));
    }
    let ids: BTreeSet<String> = english.into_keys().collect();
    let differ: Vec<_> = used.symmetric_difference(&ids).collect();
    assert!(differ.is_empty(), "not both said and written: {differ:?}");
}

#[test]
fn the_vocabulary_is_that_of_the_schema_and_translated() {
    for phrase in Phrase::all() {
        assert_eq!(field(phrase.field()), phrase.field().title());
        assert_eq!(word(phrase.field(), Some(phrase.word())), phrase.word().label, "{}", phrase.key());
        let chinese = speaking("zh", || word(phrase.field(), Some(phrase.word())));
        assert!(chinese.starts_with("NICE") || chinese != phrase.word().label, "{chinese}");
    }
    for modality in Modality::ALL {
        assert_eq!(noun(modality), modality.noun());
    }
    assert_eq!(word(fovea_shared::description::Field::Shape, None), "not assessable");
}

#[test]
fn the_address_goes_before_the_former_choice_and_that_before_the_browser() {
    let choose = |asked, stored, preferred: &[&str]| {
        let preferred: Vec<String> = preferred.iter().map(|l| l.to_string()).collect();
        Language::choose(asked, stored, &preferred).code
    };
    assert_eq!(choose(Some("zh-CN"), Some("en"), &["en-GB"]), "zh");
    assert_eq!(choose(None, Some("en"), &["zh"]), "en");
    assert_eq!(choose(Some("tlh"), None, &["de", "ZH_Hans", "en"]), "zh");
    assert_eq!(choose(None, Some(""), &["de"]), "en");
}

#[test]
fn messages_are_written_when_they_are_shown() {
    let message = message!("two-sentences", first = message!("points-removed"), second = Message::from("Plain."));
    assert_eq!(message.to_string(), "All points removed. Plain.");
    assert_eq!(speaking("zh", || message.to_string()), "已移除所有注视点。Plain.");
    assert_eq!(message.to_string(), "All points removed. Plain.");
    assert!(Message::default().is_empty() && !message.is_empty());
}

#[test]
fn plurals_are_those_of_the_language() {
    let points = |count: usize| say!("points", count = count);
    assert_eq!([points(0), points(1), points(2)], ["no gaze points", "1 gaze point", "2 gaze points"]);
    assert_eq!(speaking("zh", || points(1)), "1 个注视点");
    assert!(say!("students-missing", count = 1_usize).contains("this student only"));
    assert!(say!("students-missing", count = 3_usize).contains("holds 3 of the eight"));
}
