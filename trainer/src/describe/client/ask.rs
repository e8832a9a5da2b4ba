//! Asking, waiting and asking again.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::Ordering,
    thread,
    time::Duration,
};

use fovea_shared::description::{
    Modality,
    vlm::{AnswerError, Canary, Retry, canary_body, canary_outcome, parse_response, server_model, without_schema},
};
use jiff::Timestamp;
use reqwest::header::RETRY_AFTER;
use serde_json::Value;

use super::{Answer, Client, seconds};

/// First wait before asking again; it doubles with every attempt.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// Longest wait of our own.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Longest wait that a server may ask for; with more the image fails.
const LONGEST_ASKED_WAIT: Duration = Duration::from_secs(600);

/// Something to say while a question is out.
#[derive(Clone, Debug)]
pub enum Note<'a> {
    /// It is asked again after this time, because of this failure.
    Again(Duration, &'a AnswerError),
    /// With the schema the server failed like this, without it answered.
    WithoutSchema(&'a AnswerError),
    /// What the server does with schemas.
    Canary(Canary),
}

impl Client {
    /// What the server does with a schema, by one short question without an image; asked once for
    /// all. `None` where the answer was
    /// about something else.
    pub fn canary(&self, model: &str, note: impl Fn(Note<'_>)) -> Option<Canary> {
        *self.canary.get_or_init(|| {
            let response = self.send(self.http.post(self.endpoint()).json(&canary_body(model))).ok()?;
            let status = response.status().as_u16();
            let found = canary_outcome(status, &self.read(response).ok()?);
            if let Some(found) = found {
                note(Note::Canary(found));
            }
            found
        })
    }

    /// Asks, and asks again while that makes sense; `note` is told of every wait and its reason.
    /// Where the server may have failed
    /// because of the schema, the question is asked once without it.
    ///
    /// # Errors
    /// The last failure.
    pub fn ask(
        &self,
        body: &Value,
        modality: Modality,
        model: &str,
        note: impl Fn(Note<'_>),
    ) -> Result<Answer, AnswerError> {
        let mut bare = body.get("response_format").map(|_| without_schema(body.clone()));
        let mut refused = None;
        if self.refuses_schemas.load(Ordering::Relaxed) {
            refused = bare.take();
        }
        let without = refused.is_some();
        let body = refused.as_ref().unwrap_or(body);
        let mut attempt = 0;
        loop {
            let error = match self.ask_once(body, modality, model) {
                Ok(answer) => return Ok(Answer { without_schema: without, ..answer }),
                Err(error) => error,
            };
            if error.may_be_the_schema()
                && let Some(bare) = bare.take()
            {
                match self.ask_once(&bare, modality, model) {
                    Ok(answer) => {
                        // HTTP 500 may have passed by itself; a refusal does not.
                        if matches!(error, AnswerError::BadRequest { .. }) {
                            self.refuses_schemas.store(true, Ordering::Relaxed);
                        }
                        note(Note::WithoutSchema(&error));
                        return Ok(Answer { without_schema: true, ..answer });
                    }
                    Err(second) if second.is_of_the_model() => return Err(second),
                    Err(_) => {}
                }
            }
            let own = pause(attempt);
            let wait = match error.retry() {
                Retry::Soon => own,
                // A little later than asked, so that several threads do not come back at once.
                Retry::After(asked) if asked <= LONGEST_ASKED_WAIT => asked + own / 4,
                Retry::After(_) | Retry::No => return Err(error),
            };
            if attempt >= self.settings.retries {
                return Err(error);
            }
            attempt += 1;
            note(Note::Again(wait, &error));
            thread::sleep(wait);
        }
    }

    fn ask_once(&self, body: &Value, modality: Modality, model: &str) -> Result<Answer, AnswerError> {
        let response = self.send(self.http.post(self.endpoint()).json(body))?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|v| seconds(v.to_str().ok()?, Timestamp::now()));
        let raw = self.read(response)?;
        match parse_response(status, &raw, modality, model) {
            Ok(description) => {
                let model = server_model(&raw);
                Ok(Answer { description, model, raw: self.without_key(raw), without_schema: false })
            }
            Err(error) => {
                // Servers repeat a wrong key in what they say: the error is made again from what may be shown.
                let shown = parse_response(status, &self.without_key(raw), modality, model).err();
                Err(shown.unwrap_or(error).with_retry_after(retry_after))
            }
        }
    }
}

/// Our own wait before the next attempt: doubling, and anywhere from half to all of that, so that
/// many askers spread out.
fn pause(attempt: u32) -> Duration {
    let full = FIRST_WAIT.saturating_mul(1 << attempt.min(16)).min(LONGEST_WAIT);
    // Randomly keyed for every state: enough chance for a wait.
    let chance = RandomState::new().hash_one(attempt) as f64 / u64::MAX as f64;
    full.mul_f64(0.5 + 0.5 * chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_vary_and_end() {
        for attempt in 0..40 {
            let full = FIRST_WAIT.saturating_mul(1 << attempt.min(16)).min(LONGEST_WAIT);
            let wait = pause(attempt);
            assert!(wait >= full / 2 && wait <= full, "{attempt}: {wait:?}");
        }
        let waits: Vec<Duration> = (0..8).map(|_| pause(3)).collect();
        assert!(waits.iter().any(|wait| *wait != waits[0]), "no jitter: {waits:?}");
    }
}
