//! Asking a vision-language model for a description, without the asking: what is sent, and what an answer means.
//!
//! ```text
//! image ──► picture (at most 1024 px, no EXIF) ──► data URL ─┐
//! modality, gaze ──► prompt, JSON schema ────────────────────┴──► request_body ──► (the caller's socket)
//!                                   Description or AnswerError ◄── parse_response ◄──┘
//! ```
//!
//! The wire format is the chat completions interface of OpenAI, which llama.cpp, Ollama, LM Studio and vLLM serve too.

mod address;
mod canary;
mod error;
mod extract;
mod picture;
mod prompt;
mod request;
mod response;
mod stream;
mod thoughts;

pub use address::{Address, AddressError, is_loopback};
pub use canary::{Canary, canary_body, canary_outcome, is_canary};
pub use error::{AnswerError, Retry};
pub use picture::{MAX_SENT_SIDE, draw_gaze, encode_picture, shrink};
pub use prompt::{GazeHint, PROMPT_VERSION, SIZE_SHARES, prompt, prompt_id};
pub use request::{MAX_TOKENS, request_body, without_schema};
pub use response::{parse_response, server_model};

#[cfg(test)]
mod tests;
