//! Why a question to the visitor's own model got no description.

use std::time::Duration;

use fovea_shared::description::vlm::AnswerError;

use super::description;
use crate::text::{Message, message};

/// What an answer that is none says, in the words of this page: the shared texts speak of the command line.
pub fn answer(error: &AnswerError) -> Message {
    let wait = |wait: &Option<Duration>| match wait {
        Some(time) => message!("answer-wait", seconds = time.as_secs().to_string()),
        None => Message::default(),
    };
    let number = |status: &u16| status.to_string();
    match error {
        AnswerError::Unreachable { server, cause } => message!("ask-unreachable", server = server, cause = cause),
        // A browser does not tell of certificates.
        AnswerError::Certificate { server, cause } => message!("ask-unreachable", server = server, cause = cause),
        AnswerError::TimedOut { seconds } => message!("answer-timed-out", seconds = seconds.to_string()),
        AnswerError::Broken { cause } => message!("answer-broken", cause = cause),
        AnswerError::BadRequest { status, said } => {
            message!("answer-bad-request", status = number(status), said = said)
        }
        AnswerError::Key { status, said } => message!("answer-key", status = number(status), said = said),
        AnswerError::NotFound { said } => message!("answer-not-found", said = said),
        AnswerError::TooLarge { said } => message!("answer-too-large", said = said),
        AnswerError::TooMany { said, .. } => message!("answer-too-many", said = said),
        AnswerError::NotReady { retry_after, said } => {
            message!("answer-not-ready", wait = wait(retry_after), said = said)
        }
        AnswerError::Server { status, said } => message!("answer-server", status = number(status), said = said),
        AnswerError::Elsewhere { status } => message!("answer-elsewhere", status = number(status)),
        AnswerError::Status { status, said } => message!("answer-status", status = number(status), said = said),
        AnswerError::NotChat { cause, said } => message!("answer-not-chat", cause = cause, said = said),
        AnswerError::Empty { .. } => message!("answer-empty"),
        AnswerError::Cut => message!("answer-cut"),
        AnswerError::BreaksOff { cause } => message!("answer-breaks-off", cause = cause),
        AnswerError::Thoughts => message!("answer-thoughts"),
        AnswerError::Several { count } => message!("answer-several", count = count.to_string()),
        AnswerError::Refused { said } => message!("answer-refused", said = said),
        AnswerError::Prose { said } => message!("answer-prose", said = said),
        AnswerError::BrokenJson { cause, said } => message!("answer-broken-json", cause = cause, said = said),
        AnswerError::Description(error) => message!("answer-schema", cause = description(error)),
    }
}

#[cfg(test)]
mod tests {
    use fovea_shared::description::DescriptionError;

    use super::*;

    #[test]
    fn errors_speak_of_the_page_and_not_of_the_command_line() {
        let errors = [
            AnswerError::Key { status: 401, said: "no key".into() },
            AnswerError::BadRequest { status: 400, said: "no image".into() },
            AnswerError::Cut,
            AnswerError::Empty { thought: true },
            AnswerError::TooMany { retry_after: None, said: "busy".into() },
            AnswerError::NotFound { said: "no such model".into() },
            AnswerError::Server { status: 500, said: "crash".into() },
            AnswerError::Prose { said: "Sorry".into() },
        ];
        for error in errors {
            let text = answer(&error).to_string();
            assert!(!text.contains("--max") && !text.contains("FOVEA") && !text.contains("--no-schema"), "{text}");
            assert!(text.starts_with(char::is_uppercase), "{text}");
        }
    }

    #[test]
    fn what_the_shared_texts_say_without_the_command_line_is_said_as_they_say_it() {
        let (said, cause) = (|| "\"quoted\" {braces}".to_string(), || "a cause".to_string());
        let wait = Some(Duration::from_secs(20));
        for error in [
            AnswerError::Broken { cause: cause() },
            AnswerError::NotFound { said: said() },
            AnswerError::TooLarge { said: said() },
            AnswerError::NotReady { retry_after: wait, said: said() },
            AnswerError::NotReady { retry_after: None, said: said() },
            AnswerError::Server { status: 500, said: said() },
            AnswerError::Elsewhere { status: 302 },
            AnswerError::Status { status: 418, said: said() },
            AnswerError::NotChat { cause: cause(), said: said() },
            AnswerError::Refused { said: said() },
            AnswerError::Prose { said: said() },
            AnswerError::BrokenJson { cause: cause(), said: said() },
            AnswerError::Description(DescriptionError::Missing("shape".into())),
        ] {
            let shared = error.to_string();
            let expected = shared[..1].to_uppercase() + &shared[1..];
            assert_eq!(answer(&error).to_string(), expected);
        }
    }
}
