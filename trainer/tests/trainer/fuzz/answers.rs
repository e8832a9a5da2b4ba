//! What servers of language models answer, and files of descriptions.

use fovea_shared::description::{
    Description, Modality,
    vlm::{parse_response, server_model},
};
use fovea_trainer::describe::store;

use super::{target, text, with_file};

const MIB: usize = 1 << 20;

target!(model_answer, 16 * MIB, |input| {
    let body = text(input);
    for (status, modality) in [(200, Modality::Polyp), (200, Modality::Prostate), (500, Modality::SkinLesion)] {
        match parse_response(status, &body, modality, "m") {
            // What is read can be written and is read as the same.
            Ok(description) => assert_eq!(Description::from_json(&description.to_json()).as_ref(), Ok(&description)),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    drop(server_model(&body));
});

target!(answer_text, 16 * MIB, |input| {
    // The same bytes as the content of a whole response: thoughts, fences and prose around the object.
    let body = serde_json::json!({ "choices": [{ "message": { "content": text(input) } }] }).to_string();
    drop(parse_response(200, &body, Modality::Polyp, "m"));
});

target!(description_file, 16 * MIB, |input| {
    with_file("measured.jsonl", input, |path| drop(store::read(path)));
});
