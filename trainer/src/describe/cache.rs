//! Answers on disk: one file a question, so that no question is asked and paid for twice, and a
//! training can be repeated without a server. Holds no images.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fovea_shared::{
    bundle::sha256,
    description::{Description, vlm::Canary},
};
use serde::{Deserialize, Serialize};

use super::DescribeError;
use crate::data::durable;

/// A folder of answers, safe to share between runs and to delete at any time.
#[derive(Debug)]
pub struct AnswerCache {
    folder: PathBuf,
}

/// What an answer depends on, hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionKey(String);

/// What decides an answer.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The picture as it is sent, gaze drawn on it or not.
    pub picture: &'a [u8],
    /// The version of the prompt.
    pub prompt_version: &'a str,
    /// The model that is asked for.
    pub model: &'a str,
    /// The modality and the JSON schema that the answer is held to, as text.
    pub schema: &'a str,
    /// What is said of gaze, as text.
    pub gaze: &'a str,
}

impl Question<'_> {
    /// SHA-256 over all parts, each with its length before it, so that no two questions are the same bytes.
    pub fn key(&self) -> QuestionKey {
        let parts = [
            self.picture,
            self.prompt_version.as_bytes(),
            self.model.as_bytes(),
            self.schema.as_bytes(),
            self.gaze.as_bytes(),
        ];
        let mut bytes = b"fovea-answer-1\n".to_vec();
        for part in parts {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        QuestionKey(sha256(&bytes))
    }
}

/// An answer and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The description that was read from it.
    pub description: Description,
    /// The body of the server's response.
    pub raw: String,
    /// The model as the server names it.
    pub model: String,
    /// The server's address, without credentials.
    pub server: String,
    /// When it answered, RFC 3339 in UTC.
    pub date: String,
    /// Version of the prompt.
    pub prompt: String,
    /// What the server did with the schema that the answer was to be held to; absent where none was
    /// sent, or where the server did
    /// not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Canary>,
}

impl AnswerCache {
    /// The cache in `folder`; `None` is `fovea/answers` in the user's cache folder.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: Option<&Path>) -> Result<Self, DescribeError> {
        let folder = match folder {
            Some(folder) => folder.to_path_buf(),
            None => std::env::var_os("XDG_CACHE_HOME")
                .map(PathBuf::from)
                .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
                .ok_or(DescribeError::NoCache)?
                .join("fovea/answers"),
        };
        match fs::create_dir_all(&folder) {
            Ok(()) => Ok(Self { folder }),
            Err(source) => Err(DescribeError::Cache { path: folder, source }),
        }
    }

    /// The answer to a question, if it is there and whole.
    pub fn get(&self, key: &QuestionKey) -> Option<Entry> {
        let path = self.path(key);
        let text = fs::read(&path).ok()?;
        let entry = serde_json::from_slice(&text);
        if let Err(error) = &entry {
            log::warn!("the cached answer {} cannot be used and is asked for again: {error}", path.display());
        }
        entry.ok()
    }

    /// Stores an answer, atomically.
    ///
    /// # Errors
    /// When the disk is full or the folder is read-only.
    pub fn put(&self, key: &QuestionKey, entry: &Entry) -> Result<(), DescribeError> {
        let text = serde_json::to_string_pretty(entry).map_err(DescribeError::Json)?;
        durable::write(&self.path(key), text.as_bytes()).map_err(|source| DescribeError::WriteAnswer { source })
    }

    fn path(&self, key: &QuestionKey) -> PathBuf {
        self.folder.join(format!("{}.json", key.0))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use fovea_shared::description::{Modality, Source};

    const QUESTION: Question<'_> =
        Question { picture: b"jpeg", prompt_version: "v1", model: "m", schema: "{}", gaze: "none" };

    fn entry() -> Entry {
        Entry {
            description: Description::new(Modality::Polyp, Source::Vlm("m".into())),
            raw: "{\"choices\": []}".into(),
            model: "m-1".into(),
            server: "http://127.0.0.1:8080/v1".into(),
            date: "2026-01-01T00:00:00Z".into(),
            prompt: "describe-v1".into(),
            schema: Some(Canary::Obeyed),
        }
    }

    #[test]
    fn every_part_of_the_question_counts() {
        let others = [
            Question { picture: b"jpef", ..QUESTION },
            Question { prompt_version: "v2", ..QUESTION },
            Question { model: "n", ..QUESTION },
            Question { schema: "{ }", ..QUESTION },
            Question { gaze: "drawn", ..QUESTION },
            // The same characters, parted elsewhere.
            Question { prompt_version: "v", model: "1m", ..QUESTION },
        ];
        assert_eq!(QUESTION.key(), QUESTION.key());
        for other in others {
            assert_ne!(other.key(), QUESTION.key(), "{other:?}");
        }
    }

    #[test]
    fn answers_come_back_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let cache = AnswerCache::open(Some(&folder.path().join("a/b"))).unwrap();
        let key = QUESTION.key();
        assert_eq!(cache.get(&key), None);
        cache.put(&key, &entry()).unwrap();
        assert_eq!(cache.get(&key), Some(entry()));
        assert_eq!(fs::read_dir(folder.path().join("a/b")).unwrap().count(), 1, "no temporary file is left");
        fs::write(cache.path(&key), "{\"description\":").unwrap();
        assert_eq!(cache.get(&key), None);
    }
}
