//! The body of the request.

use serde_json::{Value, json};

use super::{GazeHint, prompt};
use crate::description::{Modality, json_schema};

/// Most tokens of an answer. An answer has about 300; the rest is for models that think aloud.
pub const MAX_TOKENS: u32 = 2048;

/// The JSON body for `POST {base}/chat/completions`. `image_data_url` is
/// `data:image/jpeg;base64,...` of the picture that [`super::encode_picture`] made.
///
/// Temperature 0: the same question is to get the same answer. The image is an object with a `url`,
/// as the interface has it; a bare string makes llama.cpp answer 500.
pub fn request_body(model: &str, modality: Modality, image_data_url: &str, gaze: &GazeHint) -> Value {
    json!({
        "model": model,
        "temperature": 0,
        "max_tokens": MAX_TOKENS,
        "stream": false,
        "messages": [{
            "role": "user",
            // The text first: it is the same for all images, so that a server can keep what it made of it.
            "content": [
                { "type": "text", "text": prompt(modality, gaze) },
                { "type": "image_url", "image_url": { "url": image_data_url } },
            ],
        }],
        "response_format": {
            "type": "json_schema",
            "json_schema": { "name": "description", "strict": true, "schema": json_schema(modality) },
        },
    })
}

/// The same body for a server that cannot hold a model to a schema: the prompt alone asks for the form then.
#[must_use]
pub fn without_schema(mut body: Value) -> Value {
    if let Some(object) = body.as_object_mut() {
        object.remove("response_format");
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_what_servers_expect() {
        let body = request_body("m", Modality::SkinLesion, "data:image/jpeg;base64,AAAA", &GazeHint::Drawn);
        assert_eq!(body["model"], "m");
        assert_eq!(body["temperature"], 0);
        let content = &body["messages"][0]["content"];
        assert_eq!(content[0]["text"], prompt(Modality::SkinLesion, &GazeHint::Drawn));
        assert_eq!(content[1]["image_url"]["url"], "data:image/jpeg;base64,AAAA");
        let format = &body["response_format"];
        assert_eq!((&format["type"], &format["json_schema"]["strict"]), (&"json_schema".into(), &true.into()));
        assert_eq!(format["json_schema"]["schema"], json_schema(Modality::SkinLesion));
        assert!(without_schema(body).get("response_format").is_none());
    }
}
