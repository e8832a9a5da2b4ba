#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;

/// Any description without contradictions.
fn descriptions() -> impl Strategy<Value = Description> {
    (0usize..3, prop::collection::vec(0usize..12, 13), 0.0f32..=1.0, "[a-z ]{0,30}").prop_map(
        |(modality, picks, confidence, text)| {
            let modality = Modality::ALL[modality];
            let mut d = Description::new(modality, Source::Measured);
            d.confidence = confidence;
            d.free_text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for (field, pick) in modality.fields().iter().zip(picks) {
                d.set(*field, field.words(modality).get(pick).map(|w| w.name)).unwrap();
                if d.check().is_err() {
                    d.set(*field, None).unwrap();
                }
            }
            d
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn json_round_trip(d in descriptions()) {
        prop_assert_eq!(&Description::from_json(&d.to_json()).unwrap(), &d);
        let again: Description = serde_json::from_str(&serde_json::to_string(&d).unwrap()).unwrap();
        prop_assert_eq!(&again, &d);
    }

    #[test]
    fn flipping_twice_is_nothing_but_for_free_text(d in descriptions(), h: bool, v: bool) {
        let twice = d.flip(h, v).flip(h, v);
        prop_assert_eq!(&twice, &Description { free_text: if h || v { String::new() } else { d.free_text.clone() }, ..d.clone() });
        let changed = d.iter().filter(|(f, w)| d.flip(h, v).get(*f) != Some(w)).count();
        prop_assert!(changed <= 1);
    }

    #[test]
    fn sentences_are_one_sentence(d in descriptions()) {
        let text = d.sentence();
        prop_assert!(text.ends_with('.') && text.chars().next().unwrap().is_uppercase(), "{}", text);
        prop_assert!(!text.contains("  ") && !text.contains("{}") && !text.contains('_'), "{}", text);
        for (field, word) in d.iter().filter(|(f, _)| matches!(f, Field::Size | Field::Shape | Field::Colour)) {
            prop_assert!(text.contains(word.label), "{} of {:?} in {}", word.label, field, text);
        }
    }
}

fn polyp(json: &str) -> Result<Description, DescriptionError> {
    Description::from_answer(Modality::Polyp, Source::Vlm("m".into()), json)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_word_stands_once_in_the_sentence(d in descriptions()) {
        let parts = d.sentence_parts();
        let mut fields: Vec<Field> = parts.iter().filter_map(|part| part.field).collect();
        fields.sort_unstable();
        // That nothing disturbs the image is not said.
        let said = d.iter().filter(|(field, word)| (*field, word.name) != (Field::Artefact, "none"));
        prop_assert_eq!(fields, said.map(|(field, _)| field).collect::<Vec<_>>());
        prop_assert!(parts.iter().all(|part| !part.text.is_empty()));
        prop_assert!(parts.windows(2).all(|two| two.iter().any(|part| part.field.is_some())), "plain text in pieces");
    }
}

#[test]
fn a_sentence_consists_of_its_words_and_what_stands_between_them() {
    let d = polyp(r#"{"count":"single","size":"small","border":"blurred","cover":"mucus"}"#).unwrap();
    let parts = d.sentence_parts();
    let shown: Vec<(&str, Option<Field>)> = parts.iter().map(|part| (part.text.as_str(), part.field)).collect();
    assert_eq!(
        shown,
        [
            ("A ", None),
            ("single", Some(Field::Count)),
            (" ", None),
            ("small", Some(Field::Size)),
            (" polyp with a ", None),
            ("blurred", Some(Field::Border)),
            (" border and ", None),
            ("mucus", Some(Field::Cover)),
            (" on it.", None),
        ]
    );
    let several = polyp(r#"{"count":"several"}"#).unwrap().sentence_parts();
    assert_eq!((several[0].text.as_str(), several[0].field), ("Several", Some(Field::Count)));
}

#[test]
fn a_sentence() {
    let d = polyp(
        r#"{"location":"upper_left","size":"small","shape":"oval","border":"sharp","texture":"smooth","contrast":"redder","paris":"0-Is"}"#,
    );
    assert_eq!(
        d.unwrap().sentence(),
        "A small oval polyp with a sharp border and a smooth surface, redder than its surroundings, in the upper left \
         of the image (Paris 0-Is sessile)."
    );
    assert_eq!(polyp(r#"{"shape":"oval"}"#).unwrap().sentence(), "An oval polyp.");
    assert_eq!(polyp("{}").unwrap().sentence(), "Nothing could be said about the polyp.");
}

#[test]
fn errors_name_the_field() {
    let text = |json: &str| polyp(json).unwrap_err().to_string();
    assert!(text(r#"{"colour":"mauve"}"#).contains("`colour`") && text(r#"{"colour":"mauve"}"#).contains("mauve"));
    assert!(text(r#"{"flavour":"sweet"}"#).contains("`flavour`"));
    assert!(text(r#"{"asymmetry":"one_axis"}"#).contains("`asymmetry`"));
    assert!(text(r#"{"shape":"round","shape":"oval"}"#).contains("`shape`"));
    assert!(text(r#"{"shape":["round","oval"]}"#).contains("`shape`"));
    assert!(text(r#"{"confidence":3}"#).contains("`confidence`"));
    assert!(text("[]").contains("JSON object"));
    // The same twice is not a contradiction; null and not_assessable say nothing.
    assert!(polyp(r#"{"shape":"round","shape":"round"}"#).is_ok());
    assert!(polyp(r#"{"shape":null,"size":"not_assessable"}"#).unwrap().is_empty());
    let skin = r#"{"shape":"round","asymmetry":"two_axes"}"#;
    let error = Description::from_answer(Modality::SkinLesion, Source::Clinician, skin).unwrap_err().to_string();
    assert!(error.contains("`shape`") && error.contains("`asymmetry`"), "{error}");
    let whole = |json: &str| Description::from_json(json).unwrap_err().to_string();
    assert!(whole("{}").contains("`schema`"));
    assert!(whole(r#"{"schema":9}"#).contains("`schema`"));
    assert!(whole(r#"{"schema":1,"modality":"ear"}"#).contains("`modality`"));
    assert!(whole(r#"{"schema":1,"modality":"polyp"}"#).contains("`source`"));
    assert!(whole(r#"{"schema":1,"modality":"polyp","source":"a dream"}"#).contains("`source`"));
    let twice = r#"{"schema":1,"modality":"polyp","source":"measured","shape":"round","shape":"oval"}"#;
    assert!(whole(twice).contains("`shape`"));
    assert!(serde_json::from_str::<Description>(twice).unwrap_err().to_string().contains("`shape`"));
}

#[test]
fn locations_mirror() {
    let d = polyp(r#"{"location":"upper_left"}"#).unwrap();
    let place = |h, v| d.flip(h, v).get(Field::Location).unwrap().name;
    assert_eq!(
        [place(true, false), place(false, true), place(true, true)],
        ["upper_right", "lower_left", "lower_right"]
    );
    let d = polyp(r#"{"location":"upper_centre"}"#).unwrap();
    assert_eq!(d.flip(true, true).get(Field::Location).unwrap().name, "lower_centre");
}

#[test]
fn phrases_are_many_and_different() {
    let all = Phrase::all();
    let mut keys: Vec<String> = all.iter().map(Phrase::key).collect();
    let mut texts: Vec<String> = all.iter().map(Phrase::text).collect();
    keys.sort();
    keys.dedup();
    texts.sort();
    texts.dedup();
    assert_eq!(keys.len(), all.len());
    assert_eq!(texts.len(), all.len(), "two phrases read alike");
    assert!(texts.iter().all(|t| !t.contains("{}")));
}

#[test]
fn a_phrase_is_read_from_its_key_and_from_nothing_else() {
    for phrase in Phrase::all() {
        let json = serde_json::to_string(&phrase).unwrap();
        assert_eq!(json, format!("\"{}\"", phrase.key()));
        assert_eq!(serde_json::from_str::<Phrase>(&json).unwrap(), phrase);
        assert_eq!(Phrase::find(phrase.modality(), phrase.field(), phrase.word().name), Ok(phrase));
    }
    for (wrong, part) in [
        ("polyp.shape.cubic", "round, oval"),
        ("polyp.symmetry.symmetric", "does not belong"),
        ("skin_lesion.colour.yellow", "light_brown"),
        ("polyp.shape", "<modality>"),
        ("liver.shape.oval", "<modality>"),
        ("polyp.width.oval", "<modality>"),
        ("polyp.shape.not_assessable", "round"),
        ("", "<modality>"),
    ] {
        let error = serde_json::from_str::<Phrase>(&format!("\"{wrong}\"")).unwrap_err().to_string();
        assert!(error.contains(part), "{wrong}: {error}");
    }
    assert_eq!(Phrase::of(Modality::Prostate, Field::Count).count(), 0, "a field of other modalities");
}

#[test]
fn the_schema_lists_every_word() {
    let schema = json_schema(Modality::Polyp);
    let words = schema["properties"]["location"]["enum"].as_array().unwrap();
    assert_eq!(words.len(), 10);
    assert!(words.contains(&NOT_ASSESSABLE.into()));
    assert_eq!(schema["required"].as_array().unwrap().len(), Modality::Polyp.fields().len() + 2);
}

#[test]
fn tables_round_trip_and_refuse_what_does_not_fit() {
    let vectors: Vec<Vec<f32>> = (0..Phrase::all().len())
        .map(|i| (0..EMBEDDING).map(|j| f32::from((i * 31 + j * 7) as u8) / 256.0).collect())
        .collect();
    let table = PhraseTable::from_vectors(&vectors).unwrap();
    let again = PhraseTable::from_bytes(&table.to_bytes(&BTreeMap::new()).unwrap()).unwrap();
    assert_eq!(again, table);
    let token = table.token(&Phrase::all()[3]);
    assert!((token.iter().map(|v| v * v).sum::<f32>() - 1.0).abs() < 1e-4);
    assert!(PhraseTable::from_vectors(&vectors[1..]).is_err());
    assert!(PhraseTable::from_bytes(b"no").unwrap_err().to_string().contains("cargo xtask phrases"));
}

#[test]
fn the_shipped_table_is_of_this_vocabulary() {
    let table = PhraseTable::from_bytes(PHRASES).unwrap();
    for phrase in Phrase::all() {
        let length = table.vector(&phrase).iter().map(|v| v * v).sum::<f32>().sqrt();
        assert!((length - 1.0).abs() < 1e-3, "{}: length {length}", phrase.key());
    }
    let about = |text: &str| BTreeMap::from(["a", "b", "c", "d", "e"].map(|key| (key.to_string(), text.to_string())));
    let bytes = table.to_bytes(&about("x")).unwrap();
    assert_eq!(bytes, table.to_bytes(&about("x")).unwrap(), "the same table is the same file");
    assert_eq!(PhraseTable::from_bytes(&bytes).unwrap(), table);
}
