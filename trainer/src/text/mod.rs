//! From words to vectors: the sentence encoder all-MiniLM-L6-v2, and the table of the vocabulary's
//! phrases that it makes.
//!
//! The encoder was trained on general text, not on medical text: it knows "reddish" and "upper
//! left" well, and a term such as "Paris 0-Is" only by its pieces.

mod encoder;
mod error;
mod minilm;
mod table;

pub use encoder::{ENCODER, MODEL_FILE, MODEL_SHA256, PACKAGE, TOKENIZER_FILE, TOKENIZER_SHA256, TextEncoder};
pub use error::{EncoderError, WeightsError};
pub use table::{Deviation, about, compare, phrase_table};
