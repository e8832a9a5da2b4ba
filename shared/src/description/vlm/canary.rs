//! Whether a server holds answers to a schema at all. Many take the schema and pass over it, which
//! no answer shows: a good model
//! follows the prompt anyway. So a question is asked whose schema allows one word that no model would say.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The only word that the schema allows. It stands nowhere else in the question.
const WORD: &str = "quervolant";

/// Name of the schema, and what tells this question from others.
const NAME: &str = "canary";

/// Most tokens of the answer, which has about ten.
const MAX_TOKENS: u32 = 128;

/// What a server does with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Canary {
    /// It holds answers to the schema.
    Obeyed,
    /// It takes the schema and answers as it likes.
    Ignored,
    /// It refuses questions with a schema.
    Refused,
}

impl Canary {
    /// In words, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Obeyed => "the server holds answers to the schema",
            Self::Ignored => {
                "the server passes over the schema: answers follow the prompt alone, and more of them may be refused \
                 here"
            }
            Self::Refused => "the server refuses the schema: it is asked without (--no-schema does so from the start)",
        }
    }
}

/// The body of the question.
pub fn canary_body(model: &str) -> Value {
    let word = json!({ "type": "string", "enum": [WORD] });
    let schema = json!({ "type": "object", "additionalProperties": false, "required": ["word"], "properties": { "word": word } });
    json!({
        "model": model,
        "temperature": 0,
        "max_tokens": MAX_TOKENS,
        "stream": false,
        "messages": [{
            "role": "user",
            "content": "Give one JSON object with the field `word`, which holds the name of a colour. Answer with the \
                        object alone.",
        }],
        "response_format": {
            "type": "json_schema",
            "json_schema": { "name": NAME, "strict": true, "schema": schema },
        },
    })
}

/// Whether a request's body is this question.
pub fn is_canary(body: &Value) -> bool {
    body["response_format"]["json_schema"]["name"] == NAME
}

/// What the response to [`canary_body`] tells; nothing where it is about something else, such as a
/// wrong key or a busy server.
pub fn canary_outcome(status: u16, body: &str) -> Option<Canary> {
    match status {
        // Whatever form the answer has: without the schema nothing would make a model say the word.
        200..300 if body.contains(WORD) => Some(Canary::Obeyed),
        200..300 => body.contains("choices").then_some(Canary::Ignored),
        400 | 422 | 500 | 501 => Some(Canary::Refused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_schema_knows_the_word() {
        let mut body = canary_body("m");
        assert!(
            is_canary(&body) && !is_canary(&json!({ "response_format": { "json_schema": { "name": "description" } } }))
        );
        assert_eq!(body["response_format"]["json_schema"]["schema"]["properties"]["word"]["enum"], json!([WORD]));
        body["response_format"] = Value::Null;
        assert!(!body.to_string().contains(WORD));
    }

    #[test]
    fn what_a_response_tells() {
        let says = |content: &str| json!({ "choices": [{ "message": { "content": content } }] }).to_string();
        assert_eq!(canary_outcome(200, &says("{\"word\": \"quervolant\"}")), Some(Canary::Obeyed));
        assert_eq!(canary_outcome(200, &says("{\"word\": \"red\"}")), Some(Canary::Ignored));
        assert_eq!(canary_outcome(400, "no such parameter: response_format"), Some(Canary::Refused));
        assert_eq!(canary_outcome(500, ""), Some(Canary::Refused));
        for status in [401, 404, 429, 503] {
            assert_eq!(canary_outcome(status, ""), None);
        }
        assert_eq!(canary_outcome(200, "<html>"), None);
        assert_eq!(serde_json::to_string(&Canary::Obeyed).unwrap_or_default(), "\"obeyed\"");
    }
}
