//! From a case to a question for a model, and from its answer to a record.

use std::fs;

use base64::{Engine, prelude::BASE64_STANDARD};
use fovea_shared::description::{
    Modality,
    vlm::{
        Canary, GazeHint, PROMPT_VERSION, draw_gaze, encode_picture, prompt_id, request_body, shrink, without_schema,
    },
};
use serde_json::Value;

use super::{
    DescribeError,
    cache::{AnswerCache, Entry, Question, QuestionKey},
    client::{Client, Note},
    store::{ModelQuery, Record},
};
use crate::data::{Case, DataError, error::told, hash::sha256, picture};

/// How a model is told of gaze.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum GazeWay {
    /// Not at all
    #[default]
    None,
    /// The fixations as text: places in percent, and times
    Text,
    /// Small rings drawn on the image
    Drawn,
}

/// What is asked of every image alike.
#[derive(Clone, Debug)]
pub struct Form {
    /// What the images show.
    pub modality: Modality,
    /// The model that is asked for.
    pub model: String,
    /// How it is told of gaze.
    pub gaze: GazeWay,
    /// Whether the answer is held to the JSON schema.
    pub schema: bool,
    /// Most tokens of an answer.
    pub max_tokens: u32,
}

/// The question about one image.
#[derive(Debug)]
pub struct Prepared {
    /// The request's body.
    pub body: Value,
    /// Where its answer is cached.
    pub key: QuestionKey,
    /// Where the answer to the same question without a schema is cached.
    pub bare_key: QuestionKey,
    /// SHA-256 of the image file, in hexadecimal.
    pub image_sha256: String,
    /// How the prompt is named in records.
    pub prompt: String,
}

impl Form {
    /// The question about a case.
    ///
    /// # Errors
    /// An image that cannot be read, or gaze that is to be told and is not there.
    pub fn prepare(&self, case: &Case) -> Result<Prepared, DescribeError> {
        let path = || case.image.clone();
        let bytes = fs::read(&case.image).map_err(|source| DataError::ReadImage { path: path(), source })?;
        let image = picture::decode(&bytes).map_err(|source| DataError::WrongImage { path: path(), source })?;
        let image = shrink(&image);
        let gaze = case.gaze.as_ref().filter(|gaze| !gaze.fixations.is_empty());
        let (image, hint) = match (self.gaze, gaze) {
            (GazeWay::None, _) => (image, GazeHint::None),
            (_, None) => return Err(DescribeError::NoGazeToTell),
            (GazeWay::Text, Some(gaze)) => (image, GazeHint::text(gaze)),
            (GazeWay::Drawn, Some(gaze)) => (draw_gaze(&image, gaze), GazeHint::Drawn),
        };
        let picture = encode_picture(&image).map_err(|source| DescribeError::Encode { path: path(), source })?;
        let url = format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(&picture));
        let mut body = request_body(&self.model, self.modality, &url, &hint);
        body["max_tokens"] = self.max_tokens.into();
        let schema = format!("{} {}", self.modality.name(), body["response_format"]);
        let none = format!("{} none", self.modality.name());
        if !self.schema {
            body = without_schema(body);
        }
        let gaze = match &hint {
            GazeHint::Text(text) => text.as_str(),
            other => other.name(),
        };
        let bare =
            Question { picture: &picture, prompt_version: PROMPT_VERSION, model: &self.model, schema: &none, gaze };
        let bare_key = bare.key();
        let key = if self.schema { Question { schema: &schema, ..bare }.key() } else { bare_key.clone() };
        Ok(Prepared { key, bare_key, body, image_sha256: sha256(&bytes), prompt: prompt_id(&hint) })
    }
}

/// A record and whether its answer was there already.
#[derive(Debug)]
pub struct Described {
    /// The record.
    pub record: Record,
    /// Whether it came from the cache.
    pub cached: bool,
}

/// Why an image has no description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened and what to do about it.
    pub cause: String,
    /// Whether every other image would fail in the same way.
    pub concerns_all: bool,
}

impl From<DescribeError> for Failure {
    fn from(error: DescribeError) -> Self {
        Self { cause: told(&error), concerns_all: false }
    }
}

/// Describes a case by the cache or the server. With `fresh` the cache is only written.
///
/// # Errors
/// An image that cannot be used, or no description from the server.
pub fn describe(
    case: &Case,
    form: &Form,
    client: &Client,
    cache: &AnswerCache,
    fresh: bool,
    note: impl Fn(Note<'_>),
) -> Result<Described, Failure> {
    let Prepared { body, key, bare_key, image_sha256, prompt } = form.prepare(case)?;
    let found = if fresh { None } else { cache.get(&key) };
    let cached = found.is_some();
    let entry = match found {
        Some(entry) => entry,
        None => {
            let canary = if form.schema { client.canary(&form.model, &note) } else { None };
            let answer = client
                .ask(&body, form.modality, &form.model, &note)
                .map_err(|error| Failure { cause: error.to_string(), concerns_all: error.concerns_all() })?;
            let entry = Entry {
                description: answer.description,
                raw: answer.raw,
                model: answer.model.unwrap_or_else(|| form.model.clone()),
                server: client.server(),
                date: now(),
                prompt,
                schema: if answer.without_schema { Some(Canary::Refused) } else { canary },
            };
            let key = if answer.without_schema { bare_key } else { key };
            // The answer is there, and kept in the record: a full cache is no reason to lose it.
            if let Err(error) = cache.put(&key, &entry) {
                log::warn!("{}", told(&error));
            }
            entry
        }
    };
    let Entry { description, model, server, date, prompt, schema, .. } = entry;
    let asked = Some(ModelQuery { model, server, date, prompt, schema });
    let record = Record { id: case.id.clone(), image_sha256: Some(image_sha256), description, caveat: None, asked };
    Ok(Described { record, cached })
}

/// The time, RFC 3339 in UTC, to the second.
fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::Dataset;
    use crate::data_fixture as fixture;

    fn form(gaze: GazeWay, schema: bool) -> Form {
        Form { modality: Modality::Polyp, model: "m".into(), gaze, schema, max_tokens: 99 }
    }

    #[test]
    fn gaze_and_schema_change_the_question_and_its_key() {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &["a"]);
        let mut case = Dataset::open(folder.path()).unwrap().cases.remove(0);
        let ask = |case: &Case, gaze, schema| form(gaze, schema).prepare(case).unwrap();
        let all = [
            ask(&case, GazeWay::None, true),
            ask(&case, GazeWay::None, false),
            ask(&case, GazeWay::Text, true),
            ask(&case, GazeWay::Drawn, true),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other.key != one.key));
        }
        assert_eq!(all[0].body["max_tokens"], 99);
        assert!(all[1].body.get("response_format").is_none() && all[0].body.get("response_format").is_some());
        let text =
            |prepared: &Prepared| prepared.body["messages"][0]["content"][0]["text"].as_str().unwrap().to_string();
        assert!(text(&all[2]).contains("x 50 %, y 50 %, 300 ms"));
        let url = |prepared: &Prepared| prepared.body["messages"][0]["content"][1]["image_url"]["url"].to_string();
        assert_eq!(url(&all[0]), url(&all[2]));
        assert_ne!(url(&all[0]), url(&all[3]), "the marks are in the picture");
        assert_eq!(all[3].prompt, "describe-v1, gaze drawn");
        case.gaze = None;
        assert_eq!(form(GazeWay::None, true).prepare(&case).unwrap().key, all[0].key);
        assert!(form(GazeWay::Text, true).prepare(&case).unwrap_err().to_string().contains("--gaze none"));
        let date: jiff::Timestamp = now().parse().unwrap();
        assert_eq!(date.subsec_nanosecond(), 0);
    }
}
